import { BuyonceError } from "../../domain/errors.js";
import type { Execution } from "../../domain/execution.js";
import { frozen } from "../../guards/freeze.js";
import { requireExecution } from "../../state-machine/require-execution.js";
import type { ChangeGuard, ExecutionStore } from "../../store-port/execution-store.js";
import { type ChangeOfVersion, commitVersion } from "./commit-version.js";
import { retriedRead } from "./retried-read.js";

/** A change that was decided on one version of an execution. `guard` states what must be true besides the version. */
export type DecidedChange = ChangeOfVersion & {
  readonly guard?: Pick<ChangeGuard, "after" | "before" | "leaseFree" | "unexpired">;
};

/**
 * What became of the change. `unchanged`: there was nothing to change. `time`: the store's clock refused, because of a
 * time in the guard or because a lease is live. No other writer was faster in that case.
 */
export type ChangeResult =
  | { readonly kind: "moved" | "unchanged"; readonly execution: Execution }
  | {
      readonly kind: "refused";
      readonly because: "time" | "lane" | "lineage" | "commitment";
      readonly execution: Execution;
    };

const MAX_TRIES = 8;

/**
 * Reads an execution, decides, and commits at the version that was read. If another writer was faster, it starts again.
 *
 * Throws `CONCURRENT_CHANGE` after eight tries. An error that `decide` throws is passed on.
 */
export async function changeAtVersion(
  store: ExecutionStore,
  executionId: string,
  decide: (execution: Execution) => DecidedChange | undefined | Promise<DecidedChange | undefined>,
): Promise<ChangeResult> {
  let execution = await retriedRead(() => requireExecution(store, executionId));
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const change = await decide(execution);
    if (change === undefined) return { kind: "unchanged", execution };
    const { version } = execution;
    const result = await commitVersion(store, execution, change);
    if (result.kind === "moved") return { kind: "moved", execution: result.execution };
    if (result.because === "frozen") throw frozen(executionId, result.freeze);
    if (result.because !== "guard") return { kind: "refused", because: result.because, execution };
    execution = result.execution;
    if (execution.version === version) return { kind: "refused", because: "time", execution };
  }
  throw new BuyonceError("CONCURRENT_CHANGE", `Execution ${executionId} changed under each of ${MAX_TRIES} tries.`, {
    current: execution,
  });
}
