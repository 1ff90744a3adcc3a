import { connectGcpSimulator, type ResourceUsage } from "buyonce/simulator";
import { describe, expect, it } from "vitest";
import { ask, COMMITMENT, compute, insert, OTHER_PROJECT, PROJECT, REGION, simulatedGcp } from "./simulated-gcp.js";

const TYPE = COMMITMENT.type;
const USAGE: ResourceUsage = { project: PROJECT, region: REGION, type: TYPE, vcpu: 10, memoryMb: 16_384 };

const shown = async (simulator: Awaited<ReturnType<typeof simulatedGcp>>) =>
  (await simulator.recommendations.list(PROJECT, REGION)).map(({ plan, resources, state }) => {
    return `${plan} ${resources.map(({ type, amount }) => `${amount} ${type}`).join()} ${state}`;
  });

describe("what is recommended from usage", () => {
  it("is what the commitments lack, each resource by itself under each plan", async () => {
    const simulator = await simulatedGcp({ seedRecommendations: false, usage: [USAGE] });
    expect(await shown(simulator)).toEqual([
      "TWELVE_MONTH 10 VCPU ACTIVE",
      "THIRTY_SIX_MONTH 10 VCPU ACTIVE",
      "TWELVE_MONTH 16384 MEMORY ACTIVE",
      "THIRTY_SIX_MONTH 16384 MEMORY ACTIVE",
    ]);
    const before = await simulator.recommendations.list(PROJECT, REGION);
    await insert(simulator, { region: "europe-west1" });
    await insert(simulator, { project: OTHER_PROJECT });
    expect(await simulator.recommendations.list(PROJECT, REGION)).toEqual(before);
    await insert(simulator);
    expect(await shown(simulator)).toEqual(["TWELVE_MONTH 6 VCPU ACTIVE", "THIRTY_SIX_MONTH 6 VCPU ACTIVE"]);
    const [left] = await simulator.recommendations.list(PROJECT, REGION);
    expect(left).toMatchObject({ name: before[0]?.name, monthlySaving: "33" });
    expect(left?.etag).not.toBe(before[0]?.etag);
    await simulator.states.set(COMMITMENT.name, "EXPIRED");
    expect(await shown(simulator)).toHaveLength(4);
  });

  it("is left as it is while somebody works on it, and is made anew once that has ended", async () => {
    const simulator = await simulatedGcp({ seedRecommendations: false });
    const other = connectGcpSimulator(simulator.url);
    await other.recommendations.use({ ...USAGE, memoryMb: 0 });
    const [first] = await simulator.recommendations.list(PROJECT, REGION);
    const { name = "" } = first ?? {};
    await simulator.recommendations.claim(name, "me");
    await other.recommendations.use({ ...USAGE, vcpu: 20, memoryMb: 0 });
    expect(await shown(simulator)).toEqual(["TWELVE_MONTH 10 VCPU CLAIMED", "THIRTY_SIX_MONTH 20 VCPU ACTIVE"]);
    const claimed = (await simulator.recommendations.list(PROJECT, REGION))[0];
    const body = { etag: claimed?.etag };
    await ask(simulator, `/v1/${name}:markFailed`, { method: "POST", body });
    expect((await shown(simulator)).toSorted()).toEqual([
      "THIRTY_SIX_MONTH 20 VCPU ACTIVE",
      "TWELVE_MONTH 10 VCPU FAILED",
      "TWELVE_MONTH 20 VCPU ACTIVE",
    ]);
    await expect(other.recommendations.use({ ...USAGE, memoryMb: 100 })).rejects.toThrow(TypeError);
  });
});

describe("places", () => {
  it("are listed: regions by Compute Engine, projects for those who may see them", async () => {
    const projects = [{ projectId: OTHER_PROJECT }, { projectId: PROJECT, state: "DELETE_REQUESTED" }] as const;
    const simulator = await simulatedGcp({ regions: ["us-east1", "asia-east1"], projects });
    const regions = compute("").replace(/\/[^/]+\/$/, "");
    const { body: page } = await ask(simulator, `${regions}?maxResults=1`);
    const { body: rest } = await ask(simulator, `${regions}?pageToken=${page.nextPageToken}`);
    expect([page, rest].map(({ items }) => items?.map(({ name }) => name))).toEqual([["asia-east1"], ["us-east1"]]);
    const search = async (query: string, bearer?: string) => {
      const { body } = await ask(simulator, `/v3/projects:search${query}`, bearer === undefined ? {} : { bearer });
      return Reflect.get(body, "projects")?.map(({ projectId }: { projectId: string }) => projectId);
    };
    expect(await search("")).toEqual([OTHER_PROJECT, PROJECT]);
    expect(await search("?query=state:ACTIVE")).toEqual([OTHER_PROJECT]);
    expect(await search("?query=state:GONE")).toBeUndefined();
    const claims = Buffer.from(JSON.stringify({ iss: `x@${PROJECT}.iam.gserviceaccount.com` })).toString("base64url");
    expect(await search("", `e30.${claims}.x`)).toEqual([PROJECT]);
  });
});
