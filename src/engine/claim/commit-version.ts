import { BuyonceError, isBuyonceError, messageOf } from "../../domain/errors.js";
import type { Execution } from "../../domain/execution.js";
import type { Freeze } from "../../domain/freeze.js";
import { fingerprint } from "../../idempotency/fingerprint.js";
import { approvalsMissing } from "../../state-machine/approvals-missing.js";
import { decisionTokenInvalid } from "../../state-machine/decision-token-invalid.js";
import { isLimitRefusal, limitRefused } from "../../state-machine/limit-refused.js";
import { needCovered } from "../../state-machine/need-covered.js";
import { planStepTaken } from "../../state-machine/plan-step-taken.js";
import { requireExecution } from "../../state-machine/require-execution.js";
import type { ChangeGuard, ExecutionChange, ExecutionStore } from "../../store-port/execution-store.js";

/** A change of an execution at the version that was read. `commitVersion` adds that version to the guard. */
export type ChangeOfVersion = Omit<ExecutionChange, "executionId" | "guard" | "answer"> & {
  readonly guard?: Omit<ChangeGuard, "version">;
};

/** What became of the change. It carries the execution as it is now, unless a uniqueness rule refused the change. */
export type VersionResult =
  | { readonly kind: "moved"; readonly execution: Execution }
  | { readonly kind: "refused"; readonly because: "guard"; readonly execution: Execution }
  | { readonly kind: "refused"; readonly because: "lane" | "lineage" | "commitment" }
  | { readonly kind: "refused"; readonly because: "frozen"; readonly freeze: Freeze };

/** Four tries survive a connection that breaks twice in a row, also while the replacement is asked. */
const MAX_TRIES = 4;

/**
 * Changes an execution at the version that was read. If the store's answer is lost, it finds out what became of the
 * change.
 *
 * After a lost answer the same change is sent again. The version in its guard lets at most one of the attempts through,
 * even if the first attempt arrives last. Once the guard refuses, the audit event of the next version tells whether an
 * earlier attempt was stored. `moved` then carries the execution as it is now, and other writers may have changed it
 * since.
 *
 * An error that the store throws on purpose (a `BuyonceError`) is thrown as it is. `STORE_READ_ONLY` is the exception, and
 * `STORE_BUSY` and `UNSAFE_DATABASE` after a try without an answer: a store that takes no writes does not tell what it
 * stored before.
 * `STORE_WRITE_FAILED` means that the store answered none of the tries: the change may be stored or not, and may still
 * arrive.
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
      if (result.because === "approvals") throw approvalsMissing(seen, result);
      if (result.because === "need") throw needCovered(seen, result.covered);
      if (result.because === "plan") throw planStepTaken(seen, result.taken);
      if (isLimitRefusal(result)) throw limitRefused(seen, result);
      if (result.because === "frozen") return result;
      if (result.because !== "guard" && result.because !== "token") return { kind: "refused", because: result.because };
      const stored = failure !== undefined && (await isStored(store, change));
      if (result.because === "token" && !stored) throw decisionTokenInvalid();
      const execution = await requireExecution(store, executionId);
      return stored ? { kind: "moved", execution } : { kind: "refused", because: "guard", execution };
    } catch (thrown) {
      const tellsNothing =
        isBuyonceError(thrown, "STORE_READ_ONLY") ||
        (failure !== undefined && isBuyonceError(thrown, "STORE_BUSY", "UNSAFE_DATABASE"));
      if (isBuyonceError(thrown) && !tellsNothing) throw thrown;
      failure ??= thrown ?? new Error("the store threw nothing");
    }
  }
  throw notAnswered(change, failure);
}

/** A change that can only become the next version of an execution. */
type VersionedChange = ExecutionChange & { readonly guard: ChangeGuard & { readonly version: number } };

/**
 * The answer, completed with the lines that it leaves out. These are the lines that the change did not name, so they
 * are as they were at its version.
 */
function withOtherLines(answer: Execution, { lines }: Execution): Execution {
  const answered = new Map(answer.lines.map((line) => [line.index, line]));
  return { ...answer, lines: lines.map((line) => answered.get(line.index) ?? line) };
}

/**
 * Whether this change is the version that follows the guarded one.
 *
 * A fence belongs to one claim, and a claim writes one change after the other. So the event of another claim, or of a
 * writer without a claim, differs at least in its kind or in what it says.
 */
async function isStored(store: ExecutionStore, { executionId, guard, event }: VersionedChange): Promise<boolean> {
  const [next] = await store.events(executionId, { afterVersion: guard.version, limit: 1 });
  return next?.version === guard.version + 1 && saying(next) === saying(event);
}

/** What the writer of an event said. The store itself adds `overruns`. */
function saying({ kind, actor, reason, lineIndex, data }: ExecutionChange["event"]): string {
  const { overruns: _, ...said } = data ?? {};
  return fingerprint({ kind, actor, reason, lineIndex, data: said });
}

const notAnswered = ({ executionId, guard, event }: VersionedChange, cause: unknown): BuyonceError =>
  new BuyonceError(
    "STORE_WRITE_FAILED",
    `The store did not answer to a change of ${executionId} (${event.kind}), which it may have stored or not: ${messageOf(cause)}`,
    { cause, details: { executionId, kind: event.kind, version: guard.version } },
  );
