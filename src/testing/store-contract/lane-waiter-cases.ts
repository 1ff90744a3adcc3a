import { strict as assert } from "node:assert";
import type { Execution } from "../../domain/execution.js";
import type { ExecutionStore } from "../../store-port/execution-store.js";
import type { ContractCase } from "./contract-case.js";
import { sampleLine, submitting, unique } from "./samples.js";
import { changeOf, created, lineChange, moved } from "./steps.js";

const ASLEEP_MS = 3_600_000;

/** Stores an execution that sleeps while one of its lines waits for a lane. */
async function waiting(store: ExecutionStore, lane: string, { since = 1, index = 0 } = {}): Promise<Execution> {
  const lines = [0, 1, 2].map((at) => sampleLine(at));
  const execution = await created(store, { status: "approved", lines });
  const line = execution.lines.find((one) => one.index === index) ?? assert.fail();
  const lastError = { code: "LANE_BUSY", message: "another line holds the lane", since, lane };
  return moved(store, {
    ...lineChange(execution, { ...line, lastError }, index),
    wakeAt: { inMs: ASLEEP_MS },
  });
}

/** Cases about the lines that wait for a lane. */
export const laneWaiterCases: readonly ContractCase[] = [
  {
    name: "laneWaiters names the planned line that has waited longest for each lane",
    async run({ store }) {
      const lane = unique("lane");
      await waiting(store, lane, { since: 30, index: 1 });
      const early = await waiting(store, lane, { since: 10, index: 2 });
      await waiting(store, lane, { since: 20 });
      const other = await waiting(store, `${lane}/longer`, { since: 15, index: 1 });
      const [first, second] = [
        { executionId: early.id, lineIndex: 2 },
        { executionId: other.id, lineIndex: 1 },
      ];
      assert.deepEqual(await store.laneWaiters([lane]), [first]);
      const both = await store.laneWaiters([lane, `${lane}/longer`, lane, unique("lane")]);
      assert.deepEqual(
        both.toSorted((a, b) => b.lineIndex - a.lineIndex),
        [first, second],
      );
      assert.deepEqual(await store.laneWaiters([]), []);
    },
  },
  {
    name: "laneWaiters leaves out lines that are not planned, or wait for nothing, and executions that do not sleep",
    async run({ store }) {
      const lane = unique("lane");
      const submitted = await waiting(store, lane);
      const { lastError = null } = submitted.lines[0] ?? {};
      await moved(store, lineChange(submitted, { ...submitting(unique("lane")), lastError }));
      const retried = await waiting(store, lane);
      const [line = assert.fail()] = retried.lines;
      await moved(
        store,
        lineChange(retried, { ...line, lastError: { code: "LOOKUP_FAILED", message: "x", since: 1 } }),
      );
      const awake = await waiting(store, lane);
      await moved(store, changeOf(awake, { wakeAt: null }));
      const due = await waiting(store, lane);
      await moved(store, changeOf(due, { wakeAt: 1 }));
      assert.deepEqual(await store.laneWaiters([lane]), []);
    },
  },
];
