import type { NewAuditEvent } from "../../domain/audit-event.js";
import type { EpochMs } from "../../domain/clock.js";
import type { Commitment, Doubt, Rejection } from "../../domain/evidence.js";
import type { LineProgress, PurchaseLine } from "../../domain/execution.js";
import type { IdempotencyContract } from "../../domain/idempotency-contract.js";
import type { Money } from "../../domain/money.js";
import type { PurchaseOutcome } from "../../providers/commitment-provider.js";
import { reliesOnNothing } from "./settle-wait.js";

/** What a line becomes, and what the audit trail says of it. */
export interface LineDecision {
  readonly progress: LineProgress;
  readonly event: Omit<NewAuditEvent, "actor" | "lineIndex">;
}

/** A line whose commitment exists. Its doubts are over, whatever they were. */
export function committed(line: LineProgress, commitment: Commitment, needsLabel: boolean): LineDecision {
  const progress = { ...settled(line), state: "committed", commitment, needsLabel, saidAbsent: null } as const;
  const { commitmentIds, charge, over } = commitment;
  return {
    progress,
    event: {
      kind: commitment.adopted ? "adopted" : "committed",
      data: { commitmentIds, ...(charge && { charge }), ...(over && { over }) },
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

/** A line that may or may not have been bought. */
export function inDoubt(line: LineProgress, doubt: Doubt): LineDecision {
  const kind = line.state === "in_doubt" ? "still_in_doubt" : "put_in_doubt";
  const data = doubt.candidates && { candidates: doubt.candidates };
  return {
    progress: { ...line, state: "in_doubt", doubt, lastError: null },
    event: { kind, reason: doubt.reason, ...(data && { data }) },
  };
}

/** A line whose requests bought nothing. It is planned again, or skipped if a person canceled it meanwhile. */
export function notLanded(line: LineProgress, reason: string): LineDecision {
  if (line.withdrawn) return skipped(line, `${reason}, and ${line.withdrawn.by} canceled the line`);
  return {
    progress: { ...settled(line), state: "planned", prepared: null },
    event: { kind: "not_landed", reason },
  };
}

/** A line that is no longer wanted and whose requests bought nothing. */
export const skipped = (line: LineProgress, reason: string): LineDecision => ({
  progress: { ...settled(line), state: "skipped" },
  event: { kind: "skipped", reason },
});

/** A failure before anything was sent: a code and a sentence. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** The lane that the line waits for, if another line holds it. */
  readonly lane?: string;
}

/** A line that stays as it is because something failed before anything was sent; `now` is the store's time. */
export const attemptFailed = (line: LineProgress, { code, message, lane }: Failure, now: EpochMs): LineDecision => ({
  progress: { ...line, lastError: { code, message, since: sinceWhen(line, code, now), ...(lane && { lane }) } },
  event: { kind: "attempt_failed", reason: `${code}: ${message}` },
});

const HOW_ON = "The line waits: accept this price with approve and acceptPrices, or cancel.";

/** A planned line that waits for people, because its price was found outside the tolerance. */
export const priceDrifted = (
  line: LineProgress,
  { found, error }: { readonly found: Money; readonly error: Failure },
  now: EpochMs,
): LineDecision => ({
  progress: {
    ...line,
    lastError: { code: error.code, message: `${error.message} ${HOW_ON}`, since: sinceWhen(line, error.code, now) },
    priceDrift: { found, acceptedBy: [], isAccepted: false },
  },
  event: { kind: "price_drifted", reason: `${error.code}: ${error.message}`, data: { found } },
});

/** Since when every attempt has failed with a code. */
export const sinceWhen = ({ lastError }: LineProgress, code: string, now: EpochMs): EpochMs =>
  lastError?.code === code ? lastError.since : now;

const settled = (line: LineProgress): LineProgress => ({
  ...line,
  unprovedSince: null,
  unprovedRequests: 0,
  sentUnder: null,
  doubt: null,
  lastError: null,
  rejection: null,
});

/** The facts that are known when the answer to one purchase call is judged. */
export interface AttemptFacts {
  /** The line as it was before this attempt's write-ahead. */
  readonly before: PurchaseLine;
  readonly contract: IdempotencyContract;
  /** The store's time. */
  readonly now: EpochMs;
}

/**
 * Decides what a line becomes after one purchase call that showed no commitment.
 *
 * While an earlier request may still land, a refusal proves nothing about the line, and neither does a request that was
 * not sent. The line stays in doubt until the cloud shows what became of the earlier request.
 */
export function decideOutcome(
  line: PurchaseLine,
  outcome: Exclude<PurchaseOutcome, { kind: "committed" }>,
  facts: AttemptFacts,
): LineDecision {
  switch (outcome.kind) {
    case "unknown":
      return inDoubt(line, { reason: outcome.reason });
    case "rejected":
      return decideRejection(line, outcome.rejection, facts.before.unprovedSince !== null);
    case "not_now":
      return reliesOnNothing(line, facts.contract)
        ? inDoubt(line, { reason: `"not now" proves nothing where no dedupe is relied on: ${outcome.reason}` })
        : notThisTime(line, outcome.reason, facts);
    case "not_sent":
      return notThisTime(withoutAttempt(line, facts.before), outcome.reason, facts);
  }
}

/**
 * The line without the request that its last write-ahead announced. No byte of that request has left, so it moves none
 * of the line's times.
 */
export const withoutAttempt = (line: PurchaseLine, before: PurchaseLine): PurchaseLine => ({
  ...line,
  submittedAt: before.submittedAt,
  unprovedSince: before.unprovedSince,
  unprovedRequests: before.unprovedRequests,
  sentUnder: before.sentUnder,
});

function notThisTime(line: PurchaseLine, reason: string, { before, now }: AttemptFacts): LineDecision {
  if (before.unprovedSince !== null)
    return inDoubt(line, { reason: `not sent again (${reason}), and an earlier request may still land` });
  if (line.withdrawn) return skipped(line, `${reason}, and ${line.withdrawn.by} canceled the line`);
  const lastError = { code: "NOT_SENT", message: reason, since: sinceWhen(before, "NOT_SENT", now) };
  return {
    progress: { ...settled(line), state: "planned", prepared: null, lastError },
    event: { kind: "not_sent", reason },
  };
}

function decideRejection(line: PurchaseLine, rejection: Rejection, earlierUnproved: boolean): LineDecision {
  if (!earlierUnproved) return rejected(line, rejection);
  const reason = `refused now (${rejection.code}: ${rejection.message}), but an earlier request may still land`;
  return inDoubt(line, { reason, noResend: true });
}
