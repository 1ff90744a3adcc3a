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
  /** Set where the cloud showed it as over when it was recorded: the cloud's word for its state, and what became of it. */
  readonly over?: { readonly state: string; readonly became?: string };
  /** Set once the purchase was withdrawn from the cloud's queue before it started: nothing is owed for it. */
  readonly withdrawn?: WithdrawnBy;
  /** The person by whose word the line has it: a claim of lower rank than the cloud's own answer. */
  readonly resolvedBy?: string;
}

/** Who withdrew something, and why. */
export interface WithdrawnBy {
  readonly by: string;
  readonly reason?: string;
}

/** Why a line is certainly not bought. */
export interface Rejection {
  /** The cloud's own error code, or the code of our refusal before sending. */
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Whether another attempt meets the same refusal until somebody changes something. Absent: it may pass by itself. */
  readonly persistent?: boolean;
  /** What a person can do about it, in a sentence. */
  readonly hint?: string;
  /** The person by whose word nothing was bought; absent where the cloud, or this library before sending, said no. */
  readonly resolvedBy?: string;
}

/**
 * A person's word that the earlier requests of a line bought nothing.
 *
 * A person can be wrong, so the first purchase after it compares the cloud with what was known when those requests
 * were prepared, and asks where anything is new.
 */
export interface SaidAbsent {
  readonly by: string;
  /** What the last of those requests was sent with. */
  readonly prepared: Prepared;
  /** When it may have left, by the store's clock. */
  readonly submittedAt: EpochMs;
  /** Commitments that a person was asked about since, and said again that they are not the line's. */
  readonly dismissed: readonly string[];
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

/** What the last attempt failed with, before anything of it was sent; cleared by the next success. */
export interface LastError {
  readonly code: string;
  readonly message: string;
  /** Since when every attempt has failed with this code, by the store's clock. */
  readonly since: EpochMs;
}
