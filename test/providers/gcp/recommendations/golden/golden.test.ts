import { expect, test } from "vitest";
import { gcpProjects } from "../../../../../src/providers/gcp/recommendations/gcp-projects.js";
import { gcpSpendRecommendations } from "../../../../../src/providers/gcp/recommendations/spend-recommendations.js";
import { gcpUsageRecommendations } from "../../../../../src/providers/gcp/recommendations/usage-recommendations.js";
import { clientOptionsFor } from "../../../../../src/simulator/gcp/client-options.js";
import { startFrontServer } from "../../../aws/front-server.js";
import { chaptersOf, expectGolden, type Step, shownOperations } from "../../../golden-file.js";
import { type RecordedSource, sourceSteps } from "../../../recorded-sources.js";
import { PROJECT, REGION } from "../../compute-line.js";
import { wireText } from "../../golden/wire-text.js";
import { simulated } from "../../simulated-line.js";
import { ACCOUNT, authorizedClient, OFFERS } from "../../spend-line.js";
import { listingClients } from "../simulated-sources.js";

/*
 * The requests of every source, as Google's real clients send them, are kept in the file beside this one.
 * To write it anew: BUYONCE_REWRITE_GOLDEN=1 npx vitest run --project sources test/providers/gcp/recommendations/golden
 */
const file = new URL("./gcp.recommendations.http", import.meta.url);

interface Scenario {
  readonly name: string;
  readonly account: string;
  readonly asked: (url: string) => RecordedSource["asked"];
}

const clientsAt = (url: string, principal = "ann@example.com") =>
  listingClients({ clientOptions: (...what) => clientOptionsFor(url, ...what) }, { principal });

const SCENARIOS: readonly Scenario[] = [
  {
    name: "gcp.compute",
    account: PROJECT,
    asked(url) {
      const clients = clientsAt(url);
      return gcpUsageRecommendations({ clientFor: () => clients });
    },
  },
  {
    name: "gcp.spend",
    account: ACCOUNT,
    asked(url) {
      const clients = clientsAt(url);
      return gcpSpendRecommendations({ clientFor: () => clients });
    },
  },
  {
    name: "gcp.projects",
    account: PROJECT,
    asked: (url) => gcpProjects({ clientFor: () => authorizedClient(), endpoint: url }),
  },
];

async function stepsOf({ account, asked }: Scenario): Promise<readonly Step[]> {
  const { simulator } = await simulated({
    regions: [REGION],
    projects: [{ projectId: PROJECT }],
    spending: [{ billingAccount: ACCOUNT, offer: OFFERS["1yr"], region: REGION, hourly: "1.5" }],
  });
  const front = await startFrontServer(simulator.url);
  const texts = () => front.requests.map(wireText);
  return sourceSteps({ asked: asked(front.url), account, ledger: simulator.ledger, texts });
}

test("each source sends what the golden file says", async () => {
  expectGolden(file, await chaptersOf(SCENARIOS, stepsOf));
});

test("the golden file shows every operation of a source", () => {
  expect([...shownOperations(file)].sort()).toEqual(["ListRecommendations", "ListRegions", "SearchProjects"]);
});
