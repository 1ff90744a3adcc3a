import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkInvariants } from "./support/invariants.js";
import { MUTANTS } from "./support/mutants.js";
import { play } from "./support/play.js";
import { scenarioFor } from "./support/scenario.js";

/** Mutants die within some hundred schedules; a seed that is out of luck needs more. */
const BUDGET = 20_000;

describe("the properties notice a broken protocol", () => {
  test.each(MUTANTS)("$name, under $contract", { timeout: 240_000 }, async ({ contract, theme, name, ...stage }) => {
    const property = fc.asyncProperty(scenarioFor(contract, theme), fc.scheduler(), async (scenario, scheduler) => {
      await checkInvariants(await play(scenario, scheduler, stage));
    });
    const result = await fc.check(property, { numRuns: BUDGET, endOnFailure: true });
    console.log(`${name}: killed after ${result.numRuns} schedules (${String(result.errorInstance).slice(0, 90)})`);
    expect(result.failed, `${name} survived ${BUDGET} schedules`).toBe(true);
  });
});
