import type { Execution } from "../../domain/execution.js";
import { EXECUTION_STATUSES, type ExecutionStatus } from "../../domain/execution-status.js";
import type { ExecutionStore, LeaseMove, NewExecution } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import { LONG_LEASE_MS, type Subject } from "./contract-case.js";
import { changeOf, created, moved } from "./steps.js";

/** More than any store under test holds. */
export const EVERYTHING = 1_000_000;

/** A lease of so long. */
export const take = (durationMs: number): LeaseMove => ({ kind: "take", owner: "worker-1", durationMs });

/** An execution that a sweep took, and the status it had before. */
interface Taken {
  readonly executionId: string;
  readonly from: ExecutionStatus;
}

/** A sweep over everything that is due, whatever its status. What it takes is not due again. */
interface Sweep {
  /** What the sweep takes: at most so many, those that waited longest. */
  taken(store: ExecutionStore, limit: number): Promise<readonly Taken[]>;
  /** The status in which the sweep found and took each of these executions, or `undefined` where it left it alone. */
  foundIn(
    store: ExecutionStore,
    executions: readonly Pick<Execution, "id">[],
  ): Promise<readonly (ExecutionStatus | undefined)[]>;
}

const sweepBy = (taken: Sweep["taken"]): Sweep => ({
  taken,
  async foundIn(store, executions) {
    const all = await taken(store, EVERYTHING);
    return executions.map(({ id }) => all.find(({ executionId }) => executionId === id)?.from);
  },
});

/** Moves whatever is due. */
export const MOVES = sweepBy((store, limit) => {
  const swept = { to: "canceled", reason: "swept", kind: "canceled" } as const;
  return store.moveDue({ moves: EXECUTION_STATUSES.map((from) => ({ from, ...swept })), actor: "contract", limit });
});

/** Claims whatever is due, for longer than the test takes. */
export const CLAIMS = sweepBy(async (store, limit) => {
  const event = { kind: "claimed", actor: "worker-1" } as const;
  const lease = { owner: "worker-1", durationMs: LONG_LEASE_MS };
  const claims = await store.claimDue({
    from: EXECUTION_STATUSES,
    freshFirst: false,
    except: [],
    limit,
    event,
    ...lease,
  });
  return claims.map(({ execution, from }) => ({ executionId: execution.id, from }));
});

/** The two ways in which tick takes what is due: each must take the same. */
export const SWEEPS = [MOVES, CLAIMS] as const;

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

/** Cancels what earlier tests left due, which would come first in a sweep with a limit. */
export async function clearDue(store: ExecutionStore): Promise<void> {
  await MOVES.taken(store, EVERYTHING);
}

/** How often each execution turns up in what several sweeps took. */
export const timesTaken = (executions: readonly Execution[], taken: readonly string[]): readonly number[] =>
  executions.map(({ id }) => taken.filter((one) => one === id).length);
