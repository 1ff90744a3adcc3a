import { CostExplorerClient } from "@aws-sdk/client-cost-explorer";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { expect, onTestFinished, test } from "vitest";
import {
  awsOrganizationAccounts,
  awsReservationRecommendations,
  awsSavingsPlansRecommendations,
} from "../../../../../src/providers/aws/index.js";
import { USAGE } from "../../../../simulator/aws-usage.js";
import { chaptersOf, expectGolden, type Step, shownOperations } from "../../../golden-file.js";
import { type RecordedSource, sourceSteps } from "../../../recorded-sources.js";
import { recommendationSources } from "../../every-adapter.js";
import { startFrontServer } from "../../front-server.js";
import { wireText } from "../../golden/wire-text.js";
import { ACCOUNT, simulated } from "../../simulated-line.js";

/*
 * The requests of every source, as the real clients of the SDK send them, are kept in the file beside this one.
 * To write it anew: BUYONCE_REWRITE_GOLDEN=1 npx vitest run --project sources test/providers/aws/recommendations/golden
 */
const file = new URL("./aws.recommendations.http", import.meta.url);

/** How a client of the SDK finds the simulator. */
type Config = Pick<NonNullable<ConstructorParameters<typeof CostExplorerClient>[0]>, "endpoint" | "credentials">;

interface Scenario {
  readonly name: string;
  readonly asked: (config: Config) => RecordedSource["asked"];
}

const ONE = { payments: ["no_upfront"], terms: ["1yr"] } as const;

const costExplorer = (config: Config): CostExplorerClient => {
  const client = new CostExplorerClient({ region: "us-east-1", ...config });
  onTestFinished(() => client.destroy());
  return client;
};

const SCENARIOS: readonly Scenario[] = [
  {
    name: "aws.reservations",
    asked(config) {
      const client = costExplorer(config);
      return awsReservationRecommendations({ clientFor: () => client, services: ["aws.ec2"], ...ONE });
    },
  },
  {
    name: "aws.savings-plans",
    asked(config) {
      const client = costExplorer(config);
      const own = { planTypes: ["Compute"], staleAfterMs: 0 } as const;
      return awsSavingsPlansRecommendations({ clientFor: () => client, ...own, ...ONE });
    },
  },
  {
    name: "aws.organizations",
    asked(config) {
      const client = new OrganizationsClient({ region: "us-east-1", ...config });
      onTestFinished(() => client.destroy());
      return awsOrganizationAccounts({ client });
    },
  },
];

async function stepsOf({ asked }: Scenario): Promise<readonly Step[]> {
  const { simulator } = await simulated();
  await simulator.usage.set(USAGE);
  await simulator.organization.set({ managementAccount: ACCOUNT, accounts: [] });
  const front = await startFrontServer(simulator.url);
  return sourceSteps({
    asked: asked({ endpoint: front.url, credentials: simulator.credentialsFor(ACCOUNT) }),
    account: ACCOUNT,
    ledger: simulator.ledger,
    texts: () => front.requests.map(wireText),
  });
}

test("each source sends what the golden file says", async () => {
  expectGolden(file, await chaptersOf(SCENARIOS, stepsOf));
});

test("the golden file shows every operation of a source", () => {
  const created = [...recommendationSources().matchAll(/new (\w+)Command\(/g)].map(([, operation]) => operation);
  expect(shownOperations(file)).toEqual(new Set(created));
});
