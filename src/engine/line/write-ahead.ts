import type { Prepared } from "../../domain/evidence.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import type { Freeze } from "../../domain/freeze.js";
import { covering, mayResend } from "../../domain/idempotency-contract.js";
import { lineAt } from "../../domain/line-at.js";
import { nodeUtil } from "../../domain/node-modules.js";
import { approversOf } from "../../guards/approvals.js";
import { frozen } from "../../guards/freeze.js";
import { scrubToken } from "../../idempotency/scrub-token.js";
import type { WriteAheadResult } from "../../providers/purchase-once.js";
import { mintPermit } from "../../providers/purchase-permit.js";
import type { WorkerChange } from "../claim/execution-session.js";
import { attemptFailed, inDoubt, withoutAttempt } from "./line-decision.js";
import { type LineWork, writeDecision } from "./line-work.js";
import { approvalEnds } from "./may-send.js";
import { pricedRequest } from "./price-drift.js";

/** The purchase that is about to be sent. */
interface Announced {
  /** The line as the worker saw it. */
  readonly seen: PurchaseLine;
  readonly prepared: Prepared;
  /** The approvers whose rights were checked. */
  readonly approvers: readonly string[];
}

const WINDOW_CLOSED = "not sent again: the cloud may forget the token before a resend lands";

/**
 * Stores that a purchase of this line is about to be sent. Winning this compare-and-swap is the only way to a permit.
 *
 * The write-ahead is lost if the line is no longer as the worker saw it, a person canceled the line, another line holds
 * the lane, a freeze covers the line, the lease is gone, somebody else has approved, or the approval has run out by the
 * store's clock. A resend is also lost if the store's time of the write-ahead lies too late in the window of the token.
 * The write-ahead stores the bounds of this provider; every later judgement of the request waits for those bounds.
 */
export async function writeAhead(work: LineWork, announced: Announced): Promise<WriteAheadResult> {
  const { seen, prepared } = announced;
  const written = await work.session.write((execution) => submitting(work, execution, announced));
  if (written.kind === "refused" && written.because === "frozen") await refuseFrozen(work, written.freeze);
  if (written.kind === "refused")
    return { kind: "lost", because: written.because === "commitment" ? "changed" : written.because };
  if (prepared.lane !== undefined) work.lanes.add(prepared.lane);
  const { state, attempt, submittedAt } = lineAt(written.execution, seen.index);
  // If the store's first answer was lost, evidence of an earlier request may have been stored in between.
  if (attempt > seen.attempt && state !== "submitting") return { kind: "lost", because: "changed" };
  const sentAt = submittedAt ?? written.execution.updatedAt;
  const contract = covering(seen.sentUnder, work.provider.idempotency);
  if (seen.unprovedSince !== null && !mayResend(contract, seen.unprovedSince, sentAt)) {
    await writeDecision(work, (line) => inDoubt(withoutAttempt(line, seen), { reason: WINDOW_CLOSED, noResend: true }));
    return { kind: "lost", because: "changed" };
  }
  const permit = mintPermit({
    request: pricedRequest(seen),
    token: work.token,
    attempt,
    submittedAt: sentAt,
    prepared,
  });
  return { kind: "won", permit };
}

/** Says on the line which freeze keeps it from being sent. */
async function refuseFrozen(work: LineWork, freeze: Freeze): Promise<void> {
  const { code, message } = frozen(work.session.current().id, freeze);
  await writeDecision(work, (line) => attemptFailed(line, { code, message }, work.session.current().updatedAt));
}

function submitting(
  { context, provider, token }: LineWork,
  execution: Execution,
  { seen, prepared, approvers }: Announced,
): WorkerChange | undefined {
  const line = lineAt(execution, seen.index);
  if (line.state !== seen.state || line.attempt !== seen.attempt || line.withdrawn !== null) return undefined;
  // The rules were asked about these approvers, not about those who have approved since.
  if (!nodeUtil().isDeepStrictEqual(approversOf(execution), approvers)) return undefined;
  if (!nodeUtil().isDeepStrictEqual(line.priceDrift, seen.priceDrift)) return undefined;
  const attempt = line.attempt + 1;
  const { reference, price } = prepared;
  return {
    before: approvalEnds(execution, context.approvalLifetimeMs),
    lines: [
      {
        index: line.index,
        progress: {
          ...line,
          state: "submitting",
          attempt,
          prepared,
          unprovedRequests: line.unprovedRequests + 1,
          sentUnder: covering(line.sentUnder, provider.idempotency),
          doubt: null,
          lastError: null,
          saidAbsent: null,
        },
        stampSubmission: true,
      },
    ],
    event: {
      kind: "write_ahead",
      actor: context.worker,
      lineIndex: line.index,
      data: scrubToken({ attempt, reference, ...(price && { price }) }, token),
    },
  };
}
