import { stopwatch } from "../../domain/clock.js";
import { BuyonceError, messageOf } from "../../domain/errors.js";
import type { PurchaseLine } from "../../domain/execution.js";
import { isUnsettled } from "../../domain/line-state.js";
import { approversOf } from "../../guards/approvals.js";
import type { PurchaseOutcome } from "../../providers/commitment-provider.js";
import { type AttemptResult, purchaseOnce, type WriteAheadResult } from "../../providers/purchase-once.js";
import { retriedRead } from "../claim/retried-read.js";
import { readMakers } from "../read-makers.js";
import { adoptExisting, askPerson, skipBought } from "./adopt.js";
import { tripBreaker } from "./breaker.js";
import { wordHolds } from "./compare-with-word.js";
import { decideSighting } from "./decide-sighting.js";
import { attemptFailed, decideOutcome, type Failure, inDoubt, priceDrifted, rejected } from "./line-decision.js";
import { type LinePlace, type LineWork, lineOf, recordCommitment, writeDecision } from "./line-work.js";
import { approvalEnds, peopleRefusal, sendRefusal } from "./may-send.js";
import { acceptablePrice, notAccepted, pricedRequest, waitsForPrice } from "./price-drift.js";
import { recordEvidence } from "./record-evidence.js";
import { writeAhead } from "./write-ahead.js";

/** Age of the first request after which a resend checks the offering and its price again: 15 minutes. */
const CHECK_AGAIN_AFTER_MS = 900_000;

/**
 * How buying a line ended. `done`: the result is stored. `lane`: the purchase was not begun because another line holds
 * the lane.
 */
export type BuyEnd = { readonly kind: "done" } | { readonly kind: "lane"; readonly lane: string };

const DONE: BuyEnd = { kind: "done" };

/** Buys a planned line. An unsettled line is sent again under the same token, if its cloud dedupes. */
export async function buyLine(work: LineWork): Promise<BuyEnd> {
  if (waitsForPrice(lineOf(work))) return awaitPrice(work);
  const refusal = await sendRefusal(work);
  if (refusal !== undefined) return failedBefore(work, refusal);
  if (!(await wordHolds(work))) return DONE;
  const before = lineOf(work);
  let sinceWriteAhead = () => 0;
  let lane = "";
  const result = await purchaseOnce({
    provider: work.provider,
    request: pricedRequest(before),
    token: work.token,
    context: work.providerContext,
    sendSignal: work.sendSignal,
    checkAgain: isOldResend(work, before),
    async writeAhead(prepared) {
      const approvers = approversOf(work.session.current());
      const revoked = await peopleRefusal({ ...work, makers: await makersNow(work) });
      if (revoked !== undefined) return lostTo(work, revoked);
      sinceWriteAhead = stopwatch(work.context.clock);
      lane = prepared.lane ?? "";
      return writeAhead(work, { seen: before, prepared, approvers });
    },
    beforeWire: () => checkMaySend(work, sinceWriteAhead()),
    onLateAnswer: (outcome) => recordLateAnswer(work, outcome),
  });
  if (result.kind === "lost" && result.because === "lineage") await skipBought(work);
  if (result.kind === "lost") return result.because === "lane" ? { kind: "lane", lane } : DONE;
  await settleAttempt(work, result, before);
  return DONE;
}

/** Everybody who made a part of the execution by now. Since the run began, somebody may have lifted a freeze. */
const makersNow = async ({ context, session, makers }: LineWork): Promise<LineWork["makers"]> =>
  makers && (await retriedRead(() => readMakers(context.store, session.current())));

async function failedBefore(work: LineWork, failure: Failure): Promise<BuyEnd> {
  await writeDecision(work, (line) => attemptFailed(line, failure, work.session.current().updatedAt));
  return DONE;
}

/** The write-ahead that is not made, because the approver lost the right while the purchase was prepared. */
async function lostTo(work: LineWork, revoked: Failure): Promise<WriteAheadResult> {
  await failedBefore(work, revoked);
  return { kind: "lost", because: "changed" };
}

/**
 * Leaves a line alone that waits for people to accept its price. The wait ends with the approval of the execution: the
 * line is then refused.
 */
async function awaitPrice(work: LineWork): Promise<BuyEnd> {
  const execution = work.session.current();
  const line = lineOf(work);
  const isOver = execution.updatedAt >= approvalEnds(execution, work.context.approvalLifetimeMs);
  if (isOver && line.priceDrift) await refuseLine(work, notAccepted(line, line.priceDrift.found));
  return DONE;
}

/** Lets a planned line wait for people to accept its price. False if the engine does not ask them, or cannot. */
async function askForPrice(work: LineWork, error: BuyonceError): Promise<boolean> {
  const { onPriceDrift } = work.context;
  const found = acceptablePrice(lineOf(work), error);
  if (onPriceDrift === "reject" || found === undefined || lineOf(work).state !== "planned") return false;
  await writeDecision(work, (line) => priceDrifted(line, { found, error }, work.session.current().updatedAt));
  return true;
}

const isOldResend = ({ session }: LineWork, { unprovedSince }: PurchaseLine): boolean =>
  unprovedSince !== null && session.current().updatedAt - unprovedSince > CHECK_AGAIN_AFTER_MS;

function checkMaySend({ context, session, providerContext, stop }: LineWork, sinceWriteAheadMs: number): void {
  const refusals: readonly (readonly [boolean, string])[] = [
    [providerContext.signal.aborted || stop.isOver(), "the call was aborted, or its time is over"],
    [context.killSwitch(), "the kill switch is on"],
    [session.leaseLeftMs() <= 0, "the lease has run out"],
    [sinceWriteAheadMs > context.sendWithinMs, "the permit has run out"],
  ];
  const [, refusal] = refusals.find(([refused]) => refused) ?? [];
  if (refusal !== undefined) throw new BuyonceError("NOT_SENT", `Nothing was sent: ${refusal}.`);
}

async function settleAttempt(
  work: LineWork,
  result: Exclude<AttemptResult, { kind: "lost" }>,
  before: PurchaseLine,
): Promise<void> {
  switch (result.kind) {
    case "found":
      return adoptExisting(work, result.existing);
    case "postponed":
      // If we stopped the call ourselves, its failure says nothing about the line.
      if (!work.stop.isOver()) await failedBefore(work, result.error);
      return;
    case "refused":
      return (await askForPrice(work, result.error)) ? undefined : refuseLine(work, result.error);
    case "sent":
      return settleOutcome(work, result.outcome, before);
  }
}

/**
 * Ends a line that is refused for good before anything was sent.
 *
 * If an earlier request is in doubt, the doubt stays and only another look at the cloud can end it. The refused
 * purchase is not sent again.
 */
export async function refuseLine(work: LinePlace, error: BuyonceError): Promise<void> {
  const { code, message, details } = error;
  const notAgain = { reason: `not sent again: ${code}: ${message}`, noResend: true } as const;
  await writeDecision(work, (line) =>
    isUnsettled(line.state)
      ? inDoubt(line, { ...notAgain, ...keptOf(line) })
      : rejected(line, { code, message, details }),
  );
}

/** The findings of an earlier look, which are kept for the person who must judge them. */
const keptOf = ({ doubt }: PurchaseLine) => ({
  ...(doubt?.candidates && { candidates: doubt.candidates }),
  ...(doubt?.needsPerson && { needsPerson: doubt.needsPerson }),
});

async function settleOutcome(work: LineWork, outcome: PurchaseOutcome, before: PurchaseLine): Promise<void> {
  if (outcome.kind === "committed") return settleAnswer(work, outcome, before);
  const facts = { before, contract: work.provider.idempotency, now: work.session.current().updatedAt };
  await writeDecision(work, (line) => decideOutcome(line, outcome, facts));
  if (outcome.kind === "unknown") await tripBreaker(work.context, before.request);
}

/**
 * Records an answer that came after the time limit of its call. It is evidence even if another worker has the line by
 * then.
 */
function recordLateAnswer({ context, session, index, provider }: LineWork, outcome: PurchaseOutcome): void {
  if (outcome.kind !== "committed") return;
  const { commitment, sighting } = outcome;
  const seen = { commitmentIds: commitment.commitmentIds, ...(sighting && { sighting }) };
  const verdict = decideSighting(seen, { mayStillLand: true });
  if (verdict.kind !== "adopt") return;
  const executionId = session.current().id;
  const needsLabel = provider.label !== undefined && verdict.over === undefined;
  const evidence = { adopted: false, ...commitment, ...(verdict.over && { over: verdict.over }) };
  recordEvidence(context, { executionId, lineIndex: index, commitment: evidence, needsLabel }).catch(
    (thrown: unknown) =>
      context.logger.error("A purchase that the cloud confirmed late could not be recorded", {
        executionId,
        lineIndex: index,
        commitmentIds: commitment.commitmentIds,
        error: messageOf(thrown),
      }),
  );
}

/** Settles a line after the cloud answered with a commitment. The commitment's state decides what the line becomes. */
async function settleAnswer(
  work: LineWork,
  { commitment, sighting }: Extract<PurchaseOutcome, { kind: "committed" }>,
  before: PurchaseLine,
): Promise<void> {
  const candidates = commitment.commitmentIds;
  const seen = { commitmentIds: candidates, ...(sighting && { sighting }) };
  const verdict = decideSighting(seen, { mayStillLand: before.unprovedSince !== null });
  switch (verdict.kind) {
    case "adopt": {
      const labels = work.provider.label !== undefined && verdict.over === undefined;
      return recordCommitment(
        work,
        { adopted: false, ...commitment, ...(verdict.over && { over: verdict.over }) },
        labels,
      );
    }
    case "reject":
      await writeDecision(work, (line) => rejected(line, verdict.rejection));
      return;
    case "wait":
      await writeDecision(work, (line) => inDoubt(line, { reason: verdict.reason, candidates, noResend: true }));
      return;
    case "ask":
      return askPerson(work, verdict.reason, candidates);
  }
}
