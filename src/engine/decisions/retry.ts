import { BuyonceError } from "../../domain/errors.js";
import { type Execution, PLANNED, type PurchaseLine } from "../../domain/execution.js";
import { newExecutionId } from "../../domain/id.js";
import { checkKeys } from "../../domain/options.js";
import { retryKey } from "../../domain/retry-key.js";
import type { ActorOrId } from "../../guards/actor.js";
import {
  type ClosedGate,
  closedGates,
  limitsGate,
  retriedGate,
  retryRefused,
  summaryOf,
} from "../../guards/retry-gates.js";
import { fingerprint } from "../../idempotency/fingerprint.js";
import { requireExecution } from "../../state-machine/require-execution.js";
import type { NewExecution } from "../../store-port/execution-store.js";
import type { EngineContext } from "../engine-options.js";
import { neededApprovals } from "../line/may-send.js";
import { lineageAttempt } from "../lineage-attempt.js";
import { authorizedActor } from "./authorized-actor.js";

/** Who requests a retry, and whether it overrules past refusals that speak against it. */
export interface RetryRequest {
  readonly requestedBy: ActorOrId;
  /**
   * Lifts the gates for persistent causes and for too many attempts. It lifts no other gate. The audit trail says which
   * gates it has lifted.
   */
  readonly force?: boolean;
}

/**
 * Submits the lines that a failed or partially completed execution did not buy, as its successor, pending approval.
 *
 * The successor has the same lineage key and the lines keep their indices, so their tokens stay the same. Of racing
 * retries one wins. The others get `RETRY_REFUSED`, with the winner's id in `details.successorId`.
 */
export async function retryExecution(
  context: EngineContext,
  executionId: string,
  request: RetryRequest,
): Promise<Execution> {
  checkKeys<RetryRequest>("retry", request, { requestedBy: true, force: true });
  const { requestedBy, force = false } = request;
  const actor = await authorizedActor(context, {
    verb: "retry",
    field: "requestedBy",
    actor: requestedBy,
    executionId,
  });
  const failed = await requireExecution(context.store, executionId);
  const attempt = await lineageAttempt(context.store, failed);
  const refusal = (gate: ClosedGate) =>
    retryRefused(failed, gate, { retryAttempt: attempt, opsHints: context.opsHints });
  checkStatus(failed);
  const next = successor(failed, { attempt, createdBy: actor });
  const limited = limitsGate(next, (await context.store.limits())?.uses ?? [], context.clock.now());
  const closed = [...closedGates(failed, attempt), ...(limited === undefined ? [] : [limited])];
  const standing = closed.find(({ isForcible }) => !(force && isForcible));
  if (standing !== undefined) throw refusal(standing);
  const overruled = closed.length > 0 && { overruled: closed.map(summaryOf) };
  const result = await context.store.create({
    execution: {
      ...next,
      approvalsNeeded: neededApprovals(context, failed),
      expiresInMs: context.approvalWaitMs,
    },
    event: {
      kind: "submitted",
      actor,
      reason: `Retry of ${failed.id}.`,
      ...(overruled && { data: overruled }),
    },
    retryOf: {
      executionId,
      version: failed.version,
      predecessorEvent: { kind: "retried", actor, ...(overruled && { data: overruled }) },
    },
  });
  if (result.kind === "created") return result.execution;
  const { successorId } = await requireExecution(context.store, executionId);
  throw refusal(retriedGate(successorId));
}

function checkStatus(failed: Execution): void {
  // A retry that was canceled or that expired can itself be retried. Otherwise its lineage would end there.
  const withdrawn = failed.retryOf !== null && (failed.status === "canceled" || failed.status === "expired");
  if (failed.status === "failed" || failed.status === "partially_completed" || withdrawn) return;
  throw new BuyonceError(
    "EXECUTION_NOT_IN_EXPECTED_STATUS",
    `Execution ${failed.id} is ${failed.status}; a retry needs failed or partially_completed.`,
    { current: failed },
  );
}

function successor(
  failed: Execution,
  { attempt, createdBy }: { readonly attempt: number; readonly createdBy: string },
): Omit<NewExecution, "expiresInMs" | "approvalsNeeded"> {
  const { id, lineageKey, source, plan } = failed;
  const lines = failed.lines.filter((line) => line.state !== "committed").map(plannedCopy);
  const requestKey = retryKey(attempt, id);
  const content = { requestKey, createdBy, lines: lines.map(({ index, request }) => ({ index, request })) };
  return {
    id: newExecutionId(),
    requestKey,
    contentFingerprint: fingerprint(content),
    lineageKey,
    status: "pending",
    source,
    plan,
    createdBy,
    reason: `Attempt ${attempt + 1}, a retry of ${id}.`,
    wakeAt: null,
    lines,
  };
}

/**
 * The copy of a line for the successor. A person's statement stays with the line until a purchase has compared the
 * cloud with it.
 */
const plannedCopy = ({ index, request, fingerprint, need, saidAbsent }: PurchaseLine): PurchaseLine => ({
  ...PLANNED,
  index,
  request,
  fingerprint,
  need,
  saidAbsent,
});
