import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, test } from "vitest";
import { isUnsettled } from "../../src/domain/line-state.js";
import { isTerminal } from "../../src/state-machine/transitions.js";
import { endByPerson } from "./support/play.js";
import { CONTRACTS, type ContractName, scenarioFor } from "./support/scenario.js";

const RUNS_PER_CONTRACT = Number(process.env.BUYONCE_SCHEDULES ?? 200);

describe.each(Object.keys(CONTRACTS) as ContractName[])("under contract %s", (contract) => {
  test(`a person with evidence brings every execution to an end, in whatever state it is, although the cloud never answers (${RUNS_PER_CONTRACT} schedules)`, {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(scenarioFor(contract), fc.scheduler(), async (scenario, scheduler) => {
        for (const { id, status, lines, reason } of await endByPerson(scenario, scheduler)) {
          assert.ok(isTerminal(status), `${id} is still ${status}: ${reason}`);
          for (const { index, state, doubt } of lines)
            assert.ok(!isUnsettled(state), `line ${index} of ${id} is still ${state}: ${doubt?.reason}`);
        }
      }),
      { numRuns: RUNS_PER_CONTRACT, endOnFailure: false },
    );
  });
});
