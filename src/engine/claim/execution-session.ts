import { type EpochMs, stopwatch } from "../../domain/clock.js";
import { BuyonceError } from "../../domain/errors.js";
import type { Execution } from "../../domain/execution.js";
import type { Freeze } from "../../domain/freeze.js";
import type { ExecutionChange } from "../../store-port/execution-store.js";
import type { EngineContext } from "../engine-options.js";
import { type ChangeOfVersion, commitVersion } from "./commit-version.js";

/** A change that a worker decides. The session adds the guard and the lease. */
export type WorkerChange = Pick<ExecutionChange, "status" | "reason" | "wakeAt" | "lines" | "event"> & {
  /**
   * The store refuses the change once its clock reads this time or later. The session then counts as lost, and the next
   * claim sees why.
   */
  readonly before?: EpochMs;
  /** Gives the lease up with this change. */
  readonly release?: true;
};

/** `lease`: another worker took over. `changed`: the decision found nothing left to do. */
export type SessionWrite =
  | { readonly kind: "moved"; readonly execution: Execution }
  | { readonly kind: "refused"; readonly because: "lane" | "lineage" | "commitment" | "lease" | "changed" }
  | { readonly kind: "refused"; readonly because: "frozen"; readonly freeze: Freeze };

/** One claim of one execution by this worker. */
export interface ExecutionSession {
  /** The execution as this session last saw it. */
  current(): Execution;
  /** How long the lease is still ours, by this machine's clocks. The result is rather too short than too long. */
  leaseLeftMs(): number;
  /**
   * Decides on the execution as it is, and writes the decision if the lease is still ours. Writes of one session queue
   * up.
   *
   * `moved` means that the write is stored, even if the store's first answer was lost. `STORE_WRITE_FAILED` means that
   * it could not be found out whether the write is stored.
   */
  write(decide: (execution: Execution) => WorkerChange | undefined): Promise<SessionWrite>;
}

const MAX_TRIES = 8;

/** The session of a claim just won. `sinceClaim` counts from a moment before the claim was sent. */
export function openSession(context: EngineContext, claimed: Execution, sinceClaim: () => number): ExecutionSession {
  let current = claimed;
  let sinceRenewal = sinceClaim;
  let queue: Promise<unknown> = Promise.resolve();
  let lost = false;

  // A lost session stays lost: this worker must not decide on lines that another worker has changed.
  const lose = (): SessionWrite => {
    lost = true;
    return { kind: "refused", because: "lease" };
  };

  const tryOnce = async (
    decide: (execution: Execution) => WorkerChange | undefined,
  ): Promise<SessionWrite | "again"> => {
    if (lost) return lose();
    const change = decide(current);
    if (change === undefined) return { kind: "refused", because: "changed" };
    const sinceAsked = stopwatch(context.clock);
    const result = await commitVersion(context.store, current, guarded(context, claimed.fence, change));
    if (result.kind === "refused" && result.because !== "guard") return result;
    const { version } = current;
    current = result.execution;
    const ours = current.fence === claimed.fence && current.status === "running" && current.lease !== null;
    if (result.kind === "moved") {
      sinceRenewal = change.release ? () => Number.POSITIVE_INFINITY : sinceAsked;
      // The change is stored, but another worker took over before that became known.
      return ours || change.release ? result : lose();
    }
    // The version is the same and the lease is still on record, so a time in the guard ran out by the store's clock.
    if (!ours || current.version === version) return lose();
    return "again";
  };

  const write = async (decide: (execution: Execution) => WorkerChange | undefined): Promise<SessionWrite> => {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const result = await tryOnce(decide);
      if (result !== "again") return result;
    }
    throw new BuyonceError(
      "CONCURRENT_CHANGE",
      `Execution ${claimed.id} changed under each of ${MAX_TRIES} tries to write.`,
    );
  };

  return {
    current: () => current,
    leaseLeftMs: () => context.leaseMs - sinceRenewal(),
    write(decide) {
      const written = queue.then(() => write(decide));
      queue = written.catch(() => undefined);
      return written;
    },
  };
}

const guarded = (context: EngineContext, fence: number, change: WorkerChange): ChangeOfVersion => {
  const { release, before, ...rest } = change;
  return {
    ...rest,
    guard: { fence, ...(before !== undefined && { before }) },
    lease: release ? { kind: "release" } : { kind: "renew", durationMs: context.leaseMs },
  };
};
