import fc from "fast-check";
import { describe, test } from "vitest";
import { checkInvariants } from "./support/invariants.js";
import { play } from "./support/play.js";
import { CONTRACTS, type ContractName, scenarioFor } from "./support/scenario.js";

/** Over 7,000 schedules in a full run, split over the contracts. Each run draws others, by its seed. */
const RUNS_PER_CONTRACT = Number(process.env.BUYONCE_SCHEDULES ?? 1_200);

describe.each(Object.keys(CONTRACTS) as ContractName[])("under contract %s", (contract) => {
  test(`no schedule of crashes, races, lost replies, ends, odd answers and erring people buys twice or loses a purchase (${RUNS_PER_CONTRACT} schedules)`, {
    timeout: 900_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(scenarioFor(contract), fc.scheduler(), async (scenario, scheduler) => {
        await checkInvariants(await play(scenario, scheduler));
      }),
      { numRuns: RUNS_PER_CONTRACT, endOnFailure: false },
    );
  });
});
