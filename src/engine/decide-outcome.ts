import type { NewAuditEvent } from "../domain/audit-event.js";
import type { Commitment, Doubt, LastError, Rejection } from "../domain/evidence.js";
import type { LineProgress, PurchaseLine } from "../domain/execution.js";
import type { PurchaseOutcome } from "../providers/commitment-provider.js";
import type { IdempotencyContract } from "../domain/idempotency-contract.js";

/** What a line becomes, and what the audit trail says of it. */
export interface LineDecision {
  readonly progress: LineProgress;
  readonly event: Omit<NewAuditEvent, "actor" | "lineIndex">;
}

/** A line whose commitment exists. Its doubts are over, whatever they were. */
export function committed(line: LineProgress, commitment: Commitment, needsLabel: boolean): LineDecision {
  const progress = { ...settled(line), state: "committed", commitment, needsLabel } as const;
  const kind = commitment.adopted ? "adopted" : "committed";
  return {
    progress,
    event: {
      kind,
      data: { commitmentIds: commitment.commitmentIds, ...(commitment.charge && { charge: commitment.charge }) },
    },
  };
}

/** A line that is certainly not bought. */
export function rejected(line: LineProgress, rejection: Rejection): LineDecision {
  return {
    progress: { ...settled(line), state: "rejected", rejection },
    event: { kind: "rejected", reason: `${rejection.code}: ${rejection.message}`, data: { rejection } },
  };
}

/** A line of which nobody knows whether it is bought. */
export function inDoubt(line: LineProgress, doubt: Doubt): LineDecision {
  const kind = line.state === "in_doubt" ? "still_in_doubt" : "put_in_doubt";
  const data = doubt.candidates && { candidates: doubt.candidates };
  return {
    progress: { ...line, state: "in_doubt", doubt, lastError: null },
    event: { kind, reason: doubt.reason, ...(data && { data }) },
  };
}

/** A line of which nothing can exist at the cloud, so that it may be bought afresh. */
export function plannedAgain(line: LineProgress, kind: "not_sent" | "not_landed", reason: string): LineDecision {
  const lastError = kind === "not_sent" ? { code: "NOT_SENT", message: reason } : null;
  return { progress: { ...settled(line), state: "planned", prepared: null, lastError }, event: { kind, reason } };
}

/** A planned line that is no longer wanted. */
export const skipped = (line: LineProgress, reason: string): LineDecision => ({
  progress: line.state === "planned" ? { ...settled(line), state: "skipped" } : line,
  event: { kind: "skipped", reason },
});

/** A line that stays as it is because something failed before anything was sent. */
export const attemptFailed = (line: LineProgress, { code, message }: LastError): LineDecision => ({
  progress: { ...line, lastError: { code, message } },
  event: { kind: "attempt_failed", reason: `${code}: ${message}` },
});

const settled = (line: LineProgress): LineProgress => ({
  ...line,
  unprovedSince: null,
  doubt: null,
  lastError: null,
  rejection: null,
});

/**
 * What the outcome of one purchase call makes of its line, where the cloud did not confirm a commitment.
 *
 * `earlierUnproved` says that an earlier request of this line may still land: then a refusal or a request that was not
 * sent proves nothing about the line, which stays in doubt until the cloud shows what became of the earlier one.
 */
export function decideOutcome(
  line: PurchaseLine,
  outcome: Exclude<PurchaseOutcome, { kind: "committed" }>,
  contract: IdempotencyContract,
  earlierUnproved: boolean,
): LineDecision {
  if (outcome.kind === "unknown") return inDoubt(line, { reason: outcome.reason });
  if (outcome.kind === "rejected") return decideRejection(line, outcome.rejection, earlierUnproved);
  if (outcome.kind === "not_now" && (contract.kind === "none" || line.prepared?.lane !== undefined))
    return inDoubt(line, { reason: `"not now" proves nothing where no dedupe is relied on: ${outcome.reason}` });
  if (earlierUnproved)
    return inDoubt(line, { reason: `not sent again (${outcome.reason}), and an earlier request may still land` });
  return plannedAgain(line, "not_sent", outcome.reason);
}

function decideRejection(line: PurchaseLine, rejection: Rejection, earlierUnproved: boolean): LineDecision {
  if (!earlierUnproved) return rejected(line, rejection);
  const reason = `refused now (${rejection.code}: ${rejection.message}), but an earlier request may still land`;
  return inDoubt(line, { reason, noResend: true });
}
