import { strict as assert } from "node:assert";
import type { Execution } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import type { ExecutionStore, LeaseMove, NewExecution } from "../../store-port/execution-store.js";
import type { Subject } from "./contract-case.js";
import { changeOf, created, moved } from "./steps.js";

/** More than any store under test holds. */
export const EVERYTHING = 1_000_000;

/** A lease of so long. */
export const take = (durationMs: number): LeaseMove => ({ kind: "take", owner: "worker-1", durationMs });

/** The status in which `due` lists an execution, or `undefined` where it does not. */
export async function isDue(
  store: ExecutionStore,
  { id }: Pick<Execution, "id">,
): Promise<ExecutionStatus | undefined> {
  return (await store.due({ limit: EVERYTHING })).find(({ executionId }) => executionId === id)?.status;
}

/** Whether `stuck` lists an execution. */
export const isStuck = async (
  store: ExecutionStore,
  { id }: Pick<Execution, "id">,
  olderThanMs: number,
): Promise<boolean> =>
  (await store.stuck({ olderThanMs, limit: EVERYTHING })).some(({ execution }) => execution.id === id);

/** Asserts that the last activity of an execution which nobody leases was not before `at`. */
export async function assertAliveSince(
  store: ExecutionStore,
  { id }: Pick<Execution, "id">,
  at: number,
): Promise<void> {
  const listed = await store.stuck({ olderThanMs: 0, limit: EVERYTHING });
  const stuckForMs = listed.find(({ execution }) => execution.id === id)?.stuckForMs ?? 0;
  // A change that is no activity: it tells the store's time, whatever the machine was busy with in between.
  const { updatedAt: now } = await moved(store, changeOf({ id }));
  assert.ok(stuckForMs <= now - at + 1, `stuck for ${stuckForMs} ms, alive ${now - at} ms ago`);
}

/** The order in which some executions turn up in a longer list. */
export const orderOf = (ids: readonly string[], list: readonly string[]): readonly string[] =>
  list.filter((id) => ids.includes(id));

/** Creates three executions one after the other, at different times. */
export async function createdApart(
  { store, pass }: Subject,
  overrides: Partial<NewExecution>,
): Promise<readonly Execution[]> {
  const executions: Execution[] = [];
  for (let count = 0; count < 3; count += 1) {
    executions.push(await created(store, overrides));
    await pass(2);
  }
  return executions;
}

const DUE_STATUSES = ["pending", "notified", "scheduled", "approved", "running", "in_doubt"] as const;

/** Cancels what earlier tests left due, which would come first in a sweep with a limit. */
export async function clearDue(store: ExecutionStore): Promise<void> {
  const left = { to: "canceled", reason: "left by an earlier test", kind: "canceled" } as const;
  const moves = DUE_STATUSES.map((from) => ({ from, ...left }));
  await store.moveDue({ moves, actor: "contract", limit: EVERYTHING });
}

/** How often each execution turns up in what several sweeps took. */
export const timesTaken = (executions: readonly Execution[], taken: readonly string[]): readonly number[] =>
  executions.map(({ id }) => taken.filter((one) => one === id).length);
