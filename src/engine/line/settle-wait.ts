import type { EpochMs } from "../../domain/clock.js";
import type { LineProgress } from "../../domain/execution.js";
import { covering, type IdempotencyContract, mayResend, settleWaitMs } from "../../domain/idempotency-contract.js";

const HOUR_MS = 3_600_000;

/**
 * The bounds for requests whose real bounds are no longer known. The lifetime is the longest that any cloud's request
 * is known to have: 28 hours, the life of an Azure token under continuous access evaluation. The lag is an hour.
 */
const UNKNOWN_BOUNDS: IdempotencyContract = {
  kind: "none",
  windowMs: 0,
  maxRequestLifetimeMs: 28 * HOUR_MS,
  visibilityLagMs: HOUR_MS,
  clockSkewMs: HOUR_MS / 60,
};

/** The bounds of a line's requests: the bounds of the providers that sent them, else the bounds of today's provider. */
export const boundsOf = (line: LineProgress, today: IdempotencyContract | undefined): IdempotencyContract =>
  line.sentUnder ?? today ?? UNKNOWN_BOUNDS;

/** The last moment, by the store's clock, at which absence proves nothing about a line's requests. */
export const settleWaitEnds = (line: LineProgress, today: IdempotencyContract | undefined): EpochMs =>
  line.submittedAt === null ? Number.NEGATIVE_INFINITY : line.submittedAt + settleWaitMs(boundsOf(line, today));

/** Whether absence proves by now that none of a line's requests landed. */
export const hasWaited = (line: LineProgress, today: IdempotencyContract | undefined, now: EpochMs): boolean =>
  now > settleWaitEnds(line, today);

/**
 * Whether no dedupe of the cloud is relied on for a line. Then nothing is sent before absence is proved.
 *
 * A lane shows that the earlier request was sent to a cloud that dedupes nothing, whatever the provider says today.
 */
export const reliesOnNothing = (line: LineProgress, today: IdempotencyContract | undefined): boolean =>
  line.prepared?.lane !== undefined || boundsOf(line, today).kind === "none" || today?.kind === "none";

/**
 * The most requests that are sent without a clear answer. After them the settle wait must pass once. Each resend begins
 * the wait again, so without this bound a line whose every request is lost would never end.
 */
const MAX_UNPROVED_REQUESTS = 4;

/** Whether an unsettled line may be sent again under its token although an earlier request may still land. */
export const isResendable = (line: LineProgress, today: IdempotencyContract, now: EpochMs): boolean =>
  !reliesOnNothing(line, today) &&
  line.withdrawn === null &&
  line.unprovedSince !== null &&
  line.unprovedRequests < MAX_UNPROVED_REQUESTS &&
  line.prepared !== null &&
  !line.doubt?.noResend &&
  mayResend(covering(line.sentUnder, today), line.unprovedSince, now);
