import type { EpochMs } from "./clock.js";
import type { Money } from "./money.js";

/**
 * What was found out about a line before its purchase, frozen by the write-ahead and reused by every resend.
 */
export interface Prepared {
  /** What the purchase names: the offering id, or the order id that the cloud minted. */
  readonly reference: string;
  /**
   * Where purchases of this kind cannot be told apart: account, region and offering, or all attributes that listings show. Required under contract `none`;
   * the store lets at most one unsettled line hold a lane. A line with a lane is never sent again before its absence is
   * proved, whatever the cloud dedupes.
   */
  readonly lane?: string;
  /** Ids of the lane's commitments that existed before the purchase. Required with a lane. */
  readonly snapshot?: readonly string[];
  /** The cloud's price for the whole line over its whole term. */
  readonly price?: Money;
  /** Anything else the adapter needs to send the very same request again, as JSON. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** A commitment that exists at the cloud. */
export interface Commitment {
  /** The cloud's ids; several where the cloud split one purchase (EC2 volume tiers). Never empty. */
  readonly commitmentIds: readonly string[];
  /** Ids that it had before the cloud split it; still this line's, so that late news of them is no second purchase. */
  readonly formerIds?: readonly string[];
  /** When it starts or started, by the cloud's clock, where the cloud says so. */
  readonly startedAt?: EpochMs;
  /** What the cloud said it charges at once for the whole quantity. Absent means unknown, never free. */
  readonly charge?: Money;
  /** Whether it was found rather than returned by our own call. */
  readonly adopted: boolean;
  /** Set once the purchase was withdrawn from the cloud's queue before it started: nothing is owed for it. */
  readonly withdrawn?: { readonly by: string; readonly reason?: string };
}

/** Why a line is certainly not bought. */
export interface Rejection {
  /** The cloud's own error code, or the code of our refusal before sending. */
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Why nobody knows whether a line is bought. */
export interface Doubt {
  readonly reason: string;
  /** Commitments that may or may not be this line's, for a person to judge. */
  readonly candidates?: readonly string[];
  /** Set where absence proves nothing any more: only finding the commitment, or a person's `resolve`, ends it. */
  readonly needsPerson?: true;
  /** Set where sending again cannot help, so that only the end of the settle wait and another look can. */
  readonly noResend?: true;
}

/** The last trouble that kept a line from going on, cleared by the next success. */
export interface LineTrouble {
  readonly code: string;
  readonly message: string;
}
