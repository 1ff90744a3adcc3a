import type {
  CollectionFinish,
  CollectionLock,
  CollectionMark,
  CollectionStart,
  StartedCollection,
} from "../../store-port/collection-lock.js";
import { assert } from "../assert.js";
import { unique } from "../store-contract/samples.js";
import { LONG_TTL_MS, type LockSubject, PAST_SHORT_TTL_MS, SHORT_TTL_MS } from "./lock-case.js";

/** A start of a run with a name of its own. */
export const startOf = (scope: string, ttlMs = LONG_TTL_MS): CollectionStart => ({
  scope,
  owner: unique("run"),
  ttlMs,
});

/** A run that has started. */
export interface StartedRun extends CollectionStart, Omit<Extract<StartedCollection, { kind: "started" }>, "kind"> {}

/** Starts a run that must not be refused. */
export async function started(
  lock: CollectionLock,
  scope: string = unique("scope"),
  ttlMs?: number,
): Promise<StartedRun> {
  const start = startOf(scope, ttlMs);
  const result = await lock.tryStart(start);
  if (result.kind !== "started") assert.fail(`the start was refused: ${JSON.stringify(result)}`);
  const { startedAt, lastCollectedAt } = result;
  return { ...start, startedAt, lastCollectedAt };
}

/** A run whose mark has run out, and that nobody has taken over. */
export async function runOut({ lock, pass }: LockSubject, scope?: string): Promise<StartedRun> {
  const run = await started(lock, scope, SHORT_TTL_MS);
  await pass(PAST_SHORT_TTL_MS);
  return run;
}

/** Ends a run. */
export const ended = (
  lock: CollectionLock,
  { scope, owner }: Pick<CollectionStart, "scope" | "owner">,
  outcome: CollectionFinish["outcome"] = "collected",
): Promise<boolean> => lock.finish({ scope, owner, outcome });

/** The mark of a scope, which must have one. */
export const markOf = async (lock: CollectionLock, scope: string): Promise<CollectionMark> =>
  (await lock.state(scope)).running ?? assert.fail("the scope has no mark");

/** Asserts that a call answers false and changes nothing that is known of the scope. */
export async function assertRefused(lock: CollectionLock, scope: string, call: () => Promise<boolean>): Promise<void> {
  const before = await lock.state(scope);
  assert.equal(await call(), false, "a run without the mark was not refused");
  assert.deepEqual(await lock.state(scope), before, "a refused call left a trace");
}

/** The calls of a run that has the mark, by what they do. */
export const OWNER_CALLS = {
  renew: (lock: CollectionLock, run: CollectionStart) => lock.renew(run),
  handOver: (lock: CollectionLock, run: CollectionStart) => lock.handOver({ ...run, to: unique("run") }),
  finish: (lock: CollectionLock, run: CollectionStart) => ended(lock, run),
} as const;
