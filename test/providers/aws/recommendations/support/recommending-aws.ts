import { CostExplorerClient } from "@aws-sdk/client-cost-explorer";
import { silentLogger } from "../../../../../src/domain/logger.js";
import {
  type AwsReservationRecommendationsOptions,
  type AwsSavingsPlansRecommendationsOptions,
  awsReservationRecommendations,
  awsSavingsPlansRecommendations,
} from "../../../../../src/providers/aws/index.js";
import type { RecommendationSource } from "../../../../../src/providers/recommendation-source.js";
import { type CollectionOptions, collectRecommendations } from "../../../../../src/recommendations/index.js";
import type { AwsUsage, ConnectedAwsSimulator } from "../../../../../src/simulator/index.js";
import { ACCOUNT, clientOf, simulatedAws } from "../../../../simulator/simulated-aws.js";

/** The clients sign by the machine's clock, however far a test moves the simulator's clock ahead. */
const DAY_MS = 86_400_000;

/** A simulator that knows what is used, and sources that ask it. */
export async function recommendingAws(usage: AwsUsage) {
  const simulator: ConnectedAwsSimulator = await simulatedAws({ maxClockSkewMs: DAY_MS });
  await simulator.usage.set(usage);
  const clients = new Map<string, CostExplorerClient>();
  const clientFor = (account: string): CostExplorerClient => {
    const client = clients.get(account) ?? clientOf(CostExplorerClient, simulator, { account });
    clients.set(account, client);
    return client;
  };
  return {
    simulator,
    reservations: (options: Partial<AwsReservationRecommendationsOptions> = {}) =>
      awsReservationRecommendations({ clientFor, ...options }),
    plans: (options: Partial<AwsSavingsPlansRecommendationsOptions> = {}) =>
      awsSavingsPlansRecommendations({ clientFor, ...options }),
    /** How often an operation was asked for. */
    asked: async (operation: string) =>
      (await simulator.ledger.requests()).filter((request) => request.operation === operation).length,
  };
}

/** Collects once, each request at most as often as told. */
export const collect = (
  sources: readonly RecommendationSource[],
  {
    accounts = [ACCOUNT],
    ...options
  }: Partial<CollectionOptions> & { accounts?: CollectionOptions["sources"][number]["accounts"] } = {},
) =>
  collectRecommendations({
    logger: silentLogger,
    attempts: 1,
    firstWaitMs: 1,
    sources: sources.map((source) => ({ source, accounts })),
    ...options,
  });
