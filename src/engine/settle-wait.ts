import type { EpochMs } from "../domain/clock.js";
import type { LineProgress } from "../domain/execution.js";
import { type IdempotencyContract, mayResend, settleWaitMs } from "../domain/idempotency-contract.js";

/** The last moment, by the store's clock, at which absence proves nothing about a line's requests. */
export const settleWaitEnds = (line: LineProgress, contract: IdempotencyContract): EpochMs =>
  line.submittedAt === null ? Number.NEGATIVE_INFINITY : line.submittedAt + settleWaitMs(contract);

/** Whether absence proves something by now about a line's requests. */
export const hasWaited = (line: LineProgress, contract: IdempotencyContract, now: EpochMs): boolean =>
  now > settleWaitEnds(line, contract);

/** Whether an unsettled line may be sent again under its token although an earlier request may still land. */
export const isResendable = (line: LineProgress, contract: IdempotencyContract, now: EpochMs): boolean =>
  // A lane shows that the earlier request was sent to a cloud that dedupes nothing, whatever the provider says today.
  line.prepared?.lane === undefined &&
  line.unprovedSince !== null &&
  line.prepared !== null &&
  !line.doubt?.noResend &&
  mayResend(contract, line.unprovedSince, now);
