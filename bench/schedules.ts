import fc from "fast-check";
import { checkInvariants } from "../test/properties/support/invariants.js";
import { play } from "../test/properties/support/play.js";
import { scenarioFor } from "../test/properties/support/scenario.js";
import { type Finding, median, timed } from "./rounds.js";

const SCHEDULES = 300;
const ROUNDS = 5;

/** How many schedules of the property suite one core plays in a second. */
export async function benchSchedules(): Promise<readonly Finding[]> {
  const rates: number[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const ms = await timed(() =>
      fc.assert(
        fc.asyncProperty(scenarioFor("none"), fc.scheduler(), async (scenario, scheduler) => {
          await checkInvariants(await play(scenario, scheduler));
        }),
        { numRuns: SCHEDULES, seed: round },
      ),
    );
    if (round >= 0) rates.push((SCHEDULES * 1_000) / ms);
  }
  const name = 'schedules of the property suite a second, contract "none", one core';
  return [{ name, value: median(rates), unit: "", limit: { atLeast: 360 } }];
}
