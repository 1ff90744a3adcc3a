import { BuyonceError, isBuyonceError, messageOf } from "../../domain/errors.js";
import type { Execution } from "../../domain/execution.js";
import { fingerprint } from "../../idempotency/fingerprint.js";
import { requireExecution } from "../../state-machine/require-execution.js";
import type { ChangeGuard, ExecutionChange, ExecutionStore } from "../../store-port/execution-store.js";

/** A change of an execution as it was read; the version is added to its guard. */
export type ChangeOfVersion = Omit<ExecutionChange, "executionId" | "guard" | "answer"> & {
  readonly guard?: Omit<ChangeGuard, "version">;
};

/** What became of the change; with the execution as it is now, unless a uniqueness refused. */
export type VersionResult =
  | { readonly kind: "moved"; readonly execution: Execution }
  | { readonly kind: "refused"; readonly because: "guard"; readonly execution: Execution }
  | { readonly kind: "refused"; readonly because: "lane" | "lineage" | "commitment" };

/** A connection that breaks twice in a row while its replacement is asked is still survived. */
const MAX_TRIES = 4;

/**
 * Makes a change of an execution at the version it was read at, and finds out what became of it where the store's answer is lost.
 *
 * After an answer that was lost the same change is asked for again: the version in its guard lets at most one of the
 * attempts through, also where the first one arrives last. If none is let through any more, the audit event of that
 * version tells whether one of them was. `moved` then carries the execution as it is now, which others may have changed
 * since.
 *
 * What a store says on purpose (a `BuyonceError`) is thrown as it is; but a server that takes no writes any more does
 * not tell what it took before. `STORE_WRITE_FAILED` where the store answers to none of a few tries: the change may be
 * stored or not, and may still arrive.
 */
export async function commitVersion(
  store: ExecutionStore,
  seen: Execution,
  { guard, ...wanted }: ChangeOfVersion,
): Promise<VersionResult> {
  const { id: executionId, version } = seen;
  const change: VersionedChange = { ...wanted, executionId, guard: { ...guard, version }, answer: "named_lines" };
  let failure: unknown;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    try {
      const result = await store.commit(change);
      if (result.kind === "moved") return { kind: "moved", execution: withOtherLines(result.execution, seen) };
      if (result.because !== "guard") return { kind: "refused", because: result.because };
      const stored = failure !== undefined && (await isStored(store, change));
      const execution = await requireExecution(store, executionId);
      return stored ? { kind: "moved", execution } : { kind: "refused", because: "guard", execution };
    } catch (thrown) {
      if (isBuyonceError(thrown) && thrown.code !== "STORE_READ_ONLY") throw thrown;
      failure ??= thrown ?? new Error("the store threw nothing");
    }
  }
  throw notAnswered(change, failure);
}

/** A change that only the next version of an execution can be. */
type VersionedChange = ExecutionChange & { readonly guard: ChangeGuard & { readonly version: number } };

/** The answer with the lines that it leaves out: those that the change did not name, as they were at its version. */
function withOtherLines(answer: Execution, { lines }: Execution): Execution {
  const answered = new Map(answer.lines.map((line) => [line.index, line]));
  return { ...answer, lines: lines.map((line) => answered.get(line.index) ?? line) };
}

/**
 * Whether the version after the guarded one is this change.
 *
 * A fence belongs to one claim, and a claim writes one change after the other, so the event of another claim or of a
 * writer without one differs at least in its kind or in what it says.
 */
async function isStored(store: ExecutionStore, { executionId, guard, event }: VersionedChange): Promise<boolean> {
  const [next] = await store.events(executionId, { afterVersion: guard.version, limit: 1 });
  return next?.version === guard.version + 1 && saying(next) === saying(event);
}

const saying = ({ kind, actor, reason, lineIndex, data }: ExecutionChange["event"]): string =>
  fingerprint({ kind, actor, reason, lineIndex, data });

const notAnswered = ({ executionId, guard, event }: VersionedChange, cause: unknown): BuyonceError =>
  new BuyonceError(
    "STORE_WRITE_FAILED",
    `The store did not answer to a change of ${executionId} (${event.kind}), which it may have stored or not: ${messageOf(cause)}`,
    { cause, details: { executionId, kind: event.kind, version: guard.version } },
  );
