import type { GcpSimulator } from "buyonce/simulator";
import { describe, expect, test } from "vitest";
import { gcpProjects } from "../../../../src/providers/gcp/recommendations/gcp-projects.js";
import { gcpUsageRecommendations } from "../../../../src/providers/gcp/recommendations/usage-recommendations.js";
import { seen, simulated } from "../simulated-line.js";
import { authorizedClient } from "../spend-line.js";
import { collect, listingClients } from "./simulated-sources.js";

const SEARCH = "SearchProjects";
const projects = [
  { projectId: "second-project" },
  { projectId: "gone-project", state: "DELETE_REQUESTED" },
  { projectId: "first-project" },
] as const;

const directoryOf = ({ url }: GcpSimulator, principal?: string) =>
  gcpProjects({ clientFor: () => authorizedClient(principal), endpoint: url });

const sourceOf = (simulator: GcpSimulator) =>
  gcpUsageRecommendations({
    clientFor: (project) => listingClients(simulator, { project }),
    regions: ["us-central1"],
  });

describe("the projects of Google", () => {
  test("are those in use that the client may see, sorted, of every page", async () => {
    const { simulator } = await simulated({ projects, emptyPages: true });
    await simulator.faults.add({ operation: SEARCH, kind: "throttle" });
    const { recommendations } = await collect(sourceOf(simulator), directoryOf(simulator));
    expect([...new Set(recommendations.map(({ account }) => account))]).toEqual(["first-project", "second-project"]);
    expect(await seen(simulator, SEARCH)).toMatchObject([{}, {}, { params: { query: "state:ACTIVE" } }]);
    const own = directoryOf(simulator, "someone@first-project.iam.gserviceaccount.com");
    expect((await collect(sourceOf(simulator), own)).recommendations).toHaveLength(2);
  });

  test("are not taken for none where the search is denied, never ends, or answers something else", async () => {
    const { simulator } = await simulated({ projects });
    const faults = [
      { kind: "error", code: "PERMISSION_DENIED", status: 403 },
      { kind: "repeat-page-token", times: 9 },
      { kind: "garbage-body" },
    ] as const;
    for (const fault of faults) {
      await simulator.faults.add({ operation: SEARCH, ...fault });
      await expect(collect(sourceOf(simulator), directoryOf(simulator))).rejects.toMatchObject({
        code: "COLLECTION_FAILED",
      });
      await simulator.faults.clear();
    }
    expect(() => gcpProjects({ clientFor: () => authorizedClient(), endpoint: "here" })).toThrow(
      expect.objectContaining({ code: "INVALID_REQUEST" }),
    );
  });
});
