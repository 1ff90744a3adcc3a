import { stopwatch } from "../domain/clock.js";
import { BuyonceError } from "../domain/errors.js";
import { isUnsettled } from "../domain/line-state.js";
import type { PurchaseOutcome } from "../providers/commitment-provider.js";
import { type AttemptResult, purchaseOnce } from "../providers/purchase-once.js";
import { adoptExisting, skipLine } from "./adopt.js";
import { decideOutcome, rejected, attemptFailed } from "./decide-outcome.js";
import { type LinePlace, type LineWork, lineOf, recordCommitment, writeDecision } from "./line-work.js";
import { writeAhead } from "./write-ahead.js";

/**
 * Buys a planned line, or sends an unsettled one again under the same token where its cloud dedupes.
 *
 * `lane` where another line holds the lane; everything else has been written when this returns.
 */
export async function buyLine(work: LineWork): Promise<"done" | "lane"> {
  const seen = lineOf(work);
  let sinceWriteAhead = () => 0;
  const result = await purchaseOnce({
    provider: work.provider,
    request: seen.request,
    token: work.token,
    context: work.providerContext,
    writeAhead(prepared) {
      sinceWriteAhead = stopwatch(work.context.clock);
      return writeAhead(work, seen, prepared);
    },
    beforeWire: () => checkMaySend(work, sinceWriteAhead()),
  });
  if (result.kind === "lost" && result.because === "lineage") await skipLine(work);
  if (result.kind === "lost") return result.because === "lane" ? "lane" : "done";
  await settleAttempt(work, result, seen.unprovedSince !== null);
  return "done";
}

function checkMaySend({ context, session, providerContext }: LineWork, sinceWriteAheadMs: number): void {
  const refusals: readonly (readonly [boolean, string])[] = [
    [providerContext.signal.aborted, "the call was aborted"],
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
  earlierUnproved: boolean,
): Promise<void> {
  switch (result.kind) {
    case "found":
      return adoptExisting(work, result.existing);
    case "postponed":
      await writeDecision(work, (line) => attemptFailed(line, result.error));
      return;
    case "refused":
      return refuseLine(work, result.error);
    case "sent":
      return settleOutcome(work, result.outcome, earlierUnproved);
  }
}

/** Ends a line that is refused for good before anything was sent; doubt about an earlier request stays. */
export async function refuseLine(work: LinePlace, error: BuyonceError): Promise<void> {
  const { code, message, details } = error;
  await writeDecision(work, (line) =>
    isUnsettled(line.state) ? attemptFailed(line, error) : rejected(line, { code, message, details }),
  );
}

async function settleOutcome(work: LineWork, outcome: PurchaseOutcome, earlierUnproved: boolean): Promise<void> {
  const labels = work.provider.label !== undefined;
  if (outcome.kind === "committed") return recordCommitment(work, { adopted: false, ...outcome.commitment }, labels);
  await writeDecision(work, (line) => decideOutcome(line, outcome, work.provider.idempotency, earlierUnproved));
}
