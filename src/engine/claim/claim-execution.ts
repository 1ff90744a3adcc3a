import { stopwatch } from "../../domain/clock.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import type { ClaimBatch } from "../../store-port/execution-store.js";
import type { EngineContext } from "../engine-options.js";
import { type ExecutionSession, openSession } from "./execution-session.js";

/**
 * Claims an execution: compare-and-swap to `running`, the next fence, a fresh lease.
 *
 * Returns `undefined` if another worker holds the execution or its status is not one of `from`. That is a normal
 * result.
 */
export async function claimExecution(
  context: EngineContext,
  executionId: string,
  from: readonly ExecutionStatus[],
  actor: string,
): Promise<ExecutionSession | undefined> {
  const sinceClaim = stopwatch(context.clock);
  const result = await context.store.commit({
    executionId,
    guard: { status: from, leaseFree: true },
    status: "running",
    lease: { kind: "take", owner: context.worker, durationMs: context.leaseMs },
    wakeAt: null,
    event: { kind: "claimed", actor },
  });
  return result.kind === "moved" ? openSession(context, result.execution, sinceClaim) : undefined;
}

/** A claim that this worker won, and the status that the execution had before it. */
export interface DueClaim {
  readonly session: ExecutionSession;
  readonly from: ExecutionStatus;
}

/** Claims due executions. Workers that claim at the same time get different executions. */
export async function claimDueExecutions(
  context: EngineContext,
  batch: Pick<ClaimBatch, "from" | "limit" | "freshFirst" | "except">,
): Promise<readonly DueClaim[]> {
  const sinceClaim = stopwatch(context.clock);
  const claimed = await context.store.claimDue({
    ...batch,
    owner: context.worker,
    durationMs: context.leaseMs,
    event: { kind: "claimed", actor: context.worker },
  });
  return claimed.map(({ execution, from }) => ({ session: openSession(context, execution, sinceClaim), from }));
}
