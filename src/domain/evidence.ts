import type { EpochMs } from "./clock.js";
import type { Money } from "./money.js";

/**
 * The facts that were found about a line before its purchase. The write-ahead freezes them, and every resend reuses
 * them.
 */
export interface Prepared {
  /** What the purchase names: the offering id, or the order id that the cloud minted. */
  readonly reference: string;
  /**
   * The key of purchases that cannot be told apart: account, region and offering, or all attributes that listings show.
   * Required under contract `none`. The store lets at most one unsettled line hold a lane. A line with a lane is never
   * sent again before its absence is proved, whatever the cloud dedupes.
   */
  readonly lane?: string;
  /** Ids of the lane's commitments that existed before the purchase. Required with a lane. */
  readonly snapshot?: readonly string[];
  /** The cloud's price for the whole line over its whole term. */
  readonly price?: Money;
  /** Everything else that the adapter needs to send exactly the same request again, as JSON. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** A price outside a line's tolerance, and who has accepted it. */
export interface PriceDrift {
  /** The price of the whole line that was found. */
  readonly found: Money;
  /** Who has accepted this price, each person once. */
  readonly acceptedBy: readonly string[];
  /** Whether enough people have. From then on the line's tolerance is judged around `found`. Until then the line waits. */
  readonly isAccepted: boolean;
}

/** A commitment that exists at the cloud. */
export interface Commitment {
  /** The cloud's ids. There are several if the cloud split one purchase (EC2 volume tiers). Never empty. */
  readonly commitmentIds: readonly string[];
  /**
   * Ids that the commitment had before the cloud split it. They still belong to this line, so late evidence of them is
   * not a second purchase.
   */
  readonly formerIds?: readonly string[];
  /** When the commitment starts or started, by the cloud's clock, if the cloud says so. */
  readonly startedAt?: EpochMs;
  /** The amount that the cloud said it charges at once for the whole quantity. Absent means unknown, never free. */
  readonly charge?: Money;
  /** Whether the commitment was found at the cloud, and not returned by our own call. */
  readonly adopted: boolean;
  /**
   * Set if the commitment was already over when it was recorded: the cloud's name of its state, and what became of it.
   */
  readonly over?: { readonly state: string; readonly became?: string };
  /** Set once the purchase was withdrawn from the cloud's queue before it started. Nothing is owed for it. */
  readonly withdrawn?: WithdrawnBy;
  /** The person by whose word the line has the commitment. Such a claim ranks below the cloud's own answer. */
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
  /**
   * Whether another attempt meets the same refusal until a person changes its cause. Absent: the refusal may pass by
   * itself.
   */
  readonly persistent?: boolean;
  /** What a person can do about the refusal, in a sentence. */
  readonly hint?: string;
  /**
   * The person by whose word nothing was bought. Absent if the cloud refused the line, or this library refused it
   * before sending.
   */
  readonly resolvedBy?: string;
}

/**
 * A person's word that the earlier requests of a line bought nothing.
 *
 * A person can be wrong. So the first purchase after this word compares the cloud with the facts from the time when
 * those requests were prepared. If anything is new, a person is asked.
 */
export interface SaidAbsent {
  readonly by: string;
  /** The prepared facts that the last of those requests was sent with. */
  readonly prepared: Prepared;
  /** When that request may have left, by the store's clock. */
  readonly submittedAt: EpochMs;
  /**
   * Commitments that a person was asked about since then, and of which the person said that they are not the line's.
   */
  readonly dismissed: readonly string[];
}

/** Why nobody knows whether a line is bought. */
export interface Doubt {
  readonly reason: string;
  /** Commitments that may or may not be this line's, for a person to judge. */
  readonly candidates?: readonly string[];
  /**
   * Set if absence no longer proves anything. Only a commitment that is found, or a person's `resolve`, ends such a
   * doubt.
   */
  readonly needsPerson?: true;
  /** Set if a resend cannot help. Only another look after the settle wait can end such a doubt. */
  readonly noResend?: true;
}

/** The failure of the last attempt, before anything of it was sent. The next success clears it. */
export interface LastError {
  readonly code: string;
  readonly message: string;
  /** Since when every attempt has failed with this code, by the store's clock. */
  readonly since: EpochMs;
  /** The lane that the line waits for, if another line holds it. */
  readonly lane?: string;
}
