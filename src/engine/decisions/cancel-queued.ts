import { BuyonceError, isBuyonceError } from "../../domain/errors.js";
import type { Commitment } from "../../domain/evidence.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import { isError } from "../../domain/is-error.js";
import { checkKeys } from "../../domain/options.js";
import type { ActorOrId } from "../../guards/actor.js";
import { deriveIdempotencyToken } from "../../idempotency/derive-idempotency-token.js";
import { scrubToken } from "../../idempotency/scrub-token.js";
import { requireExecution } from "../../state-machine/require-execution.js";
import { changeAtVersion } from "../claim/change-at-version.js";
import { type EngineContext, requireProvider } from "../engine-options.js";
import { lineageAttempt } from "../lineage-attempt.js";
import { authorizedActor } from "./authorized-actor.js";

/** Who withdraws a queued purchase. */
export interface QueuedCancellation {
  readonly canceledBy: ActorOrId;
  readonly reason?: string;
}

/**
 * Withdraws the purchase of a line that was bought with `holdMs`, before it starts.
 *
 * The line stays `committed`, so that its token buys nothing else. Its commitment says who withdrew it. A line that was
 * withdrawn already is returned as it is. `CANCEL_QUEUED_REFUSED` means that there is nothing to withdraw, or that the
 * purchase has started. `CANCEL_QUEUED_FAILED` means that the cloud did not confirm the withdrawal. Call again; the
 * call is idempotent.
 */
export async function cancelQueuedPurchase(
  context: EngineContext,
  place: { readonly executionId: string; readonly lineIndex: number },
  cancellation: QueuedCancellation,
): Promise<Execution> {
  checkKeys<QueuedCancellation>("cancellation", cancellation, { canceledBy: true, reason: true });
  const { canceledBy, reason } = cancellation;
  const { executionId } = place;
  const deciding = { verb: "cancelQueued", field: "canceledBy", actor: canceledBy, executionId } as const;
  const by = await authorizedActor(context, deciding);
  const execution = await requireExecution(context.store, executionId);
  const line = withdrawable(execution, place.lineIndex);
  if (line.commitment.withdrawn) return execution;
  const result = await withdraw(context, execution, line);
  if (result.kind === "started")
    throw refused(execution, "started", `line ${line.index} is ${result.state}: it has started`);
  return record(context, place, { by, ...(reason !== undefined && { reason }) });
}

type QueuedLine = PurchaseLine & { readonly commitment: Commitment };

function withdrawable(execution: Execution, index: number): QueuedLine {
  const line = execution.lines.find((one) => one.index === index);
  if (line?.state !== "committed" || line.commitment === null)
    throw refused(execution, "not_committed", `line ${index} is ${line?.state ?? "absent"}, not committed`);
  if (!("holdMs" in line.request) || line.request.holdMs === undefined)
    throw refused(execution, "not_queued", `line ${index} was bought without holdMs, so it started at once`);
  return { ...line, commitment: line.commitment };
}

async function withdraw(context: EngineContext, execution: Execution, line: QueuedLine) {
  const provider = requireProvider(context, line.request.service, execution);
  if (provider.cancelQueued === undefined)
    throw refused(execution, "not_queued", `the provider of ${line.request.service} cannot withdraw a purchase`);
  const token = deriveIdempotencyToken(execution.lineageKey, line.index);
  try {
    return await provider.cancelQueued(line.commitment, token, {
      signal: context.clock.timeout(context.lineTimeoutMs),
      logger: context.logger,
      now: execution.updatedAt,
      lineageAttempt: await lineageAttempt(context.store, execution),
      request: line.request,
      ...(line.prepared && { prepared: line.prepared }),
    });
  } catch (thrown) {
    throw unconfirmed(line, thrown, token);
  }
}

function unconfirmed(line: QueuedLine, thrown: unknown, token: string): BuyonceError {
  if (isBuyonceError(thrown)) return thrown;
  const cause = scrubToken(isError(thrown) ? thrown.message : String(thrown), token);
  return new BuyonceError("CANCEL_QUEUED_FAILED", `Line ${line.index} may still start: ${cause}`);
}

/** Records the withdrawal, which the cloud has carried out already. Other writes that happen meanwhile are kept. */
async function record(
  context: EngineContext,
  { executionId, lineIndex }: { readonly executionId: string; readonly lineIndex: number },
  withdrawn: NonNullable<Commitment["withdrawn"]>,
): Promise<Execution> {
  const result = await changeAtVersion(context.store, executionId, (execution) => {
    const { commitment, ...line } = withdrawable(execution, lineIndex);
    if (commitment.withdrawn) return undefined;
    return {
      lines: [
        {
          index: lineIndex,
          progress: { ...line, needsLabel: false, lastError: null, commitment: { ...commitment, withdrawn } },
        },
      ],
      event: {
        kind: "withdrawn",
        actor: withdrawn.by,
        lineIndex,
        data: { commitmentIds: commitment.commitmentIds },
        ...(withdrawn.reason !== undefined && { reason: withdrawn.reason }),
      },
    };
  }).catch((cause: unknown) => {
    if (!isBuyonceError(cause, "CONCURRENT_CHANGE")) throw cause;
    throw new BuyonceError("CANCEL_QUEUED_FAILED", `Execution ${executionId} changed under each try to record it.`, {
      cause,
    });
  });
  return result.execution;
}

const refused = (current: Execution, gate: string, why: string): BuyonceError =>
  new BuyonceError("CANCEL_QUEUED_REFUSED", `Nothing of execution ${current.id} can be withdrawn: ${why}.`, {
    details: { gate },
    current,
  });
