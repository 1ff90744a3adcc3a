import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkInvariants } from "./support/invariants.js";
import { MUTANTS } from "./support/mutants.js";
import { play } from "./support/play.js";
import { scenarioFor } from "./support/scenario.js";

/** Most mutants die within a few hundred schedules, the endless window within some thousand. */
const BUDGET = 60_000;

describe("the properties notice a broken protocol", () => {
  test.each(MUTANTS)("$name, under $contract", { timeout: 300_000 }, async ({ contract, name, ...sabotage }) => {
    const property = fc.asyncProperty(scenarioFor(contract), fc.scheduler(), async (scenario, scheduler) => {
      await checkInvariants(await play(scenario, scheduler, sabotage));
    });
    const result = await fc.check(property, { numRuns: BUDGET, endOnFailure: true });
    console.log(`${name}: killed after ${result.numRuns} schedules (${String(result.errorInstance).slice(0, 90)})`);
    expect(result.failed, `${name} survived ${BUDGET} schedules`).toBe(true);
  });
});
