import { SETTLED_STATUS, settle } from "../../../../src/state-machine/settle.js";
import type { ExecutionStore, ReapSweep, StuckExecution } from "../../../../src/store-port/execution-store.js";

/** A store that also has `reap`, one guarded change after the other. */
export const reapingStore = (store: ExecutionStore): ExecutionStore => ({
  ...store,
  async reap(sweep) {
    const stuck = await store.stuck(sweep);
    const reaped = await Promise.all(stuck.map((one) => reapOne(store, one, sweep)));
    return { found: stuck.length, reaped: reaped.filter((moved) => moved).length };
  },
});

async function reapOne(
  store: ExecutionStore,
  { execution, stuckForMs }: StuckExecution,
  { verdicts, actor }: ReapSweep,
): Promise<boolean> {
  const { id: executionId, status, version } = execution;
  const verdict = verdicts.find(
    ({ from, proof }) => from === status && SETTLED_STATUS[proof] === settle(execution.lines),
  );
  if (verdict === undefined) return false;
  const reason = `Stuck in ${status} for ${Math.round(stuckForMs / 1_000)} s; ${verdict.because}`;
  const { kind } = await store.commit({
    executionId,
    guard: { version, leaseFree: true },
    status: verdict.to,
    reason,
    wakeAt: null,
    lease: { kind: "release" },
    event: { kind: "reaped", actor, reason },
  });
  return kind === "moved";
}
