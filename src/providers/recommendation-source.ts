import type { Logger } from "../domain/logger.js";
import type { ReportedRecommendation } from "../domain/recommendation.js";

/**
 * Where recommendations come from: one kind of recommendation of one cloud. The law:
 *
 * - Every request goes out by `context.call`, which waits for a free slot. Nothing waits in a slot for another call.
 * - An answer that is not certain is thrown: a refused request is never an empty list.
 * - The order of what is returned follows from the answers alone, never from which of them came first.
 * - A source moves no money and changes nothing at the cloud that anybody pays for.
 */
export interface RecommendationSource {
  /** Its name among all sources, such as `aws.reservations`. */
  readonly name: string;
  /**
   * What there is to ask for an account, in the order of the answer: each part is asked on its own, so that one failure
   * costs no other. A list of parts that has to be asked for, such as regions, is sorted.
   */
  parts(account: string, context: SourceContext): Promise<readonly SourcePart[]> | readonly SourcePart[];
  /** What a failure of one of its calls means. */
  faultOf(thrown: unknown): SourceFault;
}

/** A part of what a source knows of an account. */
export interface SourcePart {
  /** Where there is one: regions have a limit of their own. */
  readonly region?: string;
  /** What it is about, such as `aws.ec2 1yr no_upfront`. No other part of the account and region has the same text. */
  readonly about: string;
  collect(context: SourceContext): Promise<readonly ReportedRecommendation[]>;
}

/** What a source gets for the work on one account. */
export interface SourceContext {
  /** Aborts when the collection is canceled. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /**
   * Makes one request: waits for a slot and for the back-off of this API and account, and asks again what was throttled
   * or is unavailable. `signal` aborts with the collection, and when one request takes too long: it then fails with an
   * error of the name `TimeoutError`.
   */
  call<Answer>(api: string, send: (signal: AbortSignal) => Promise<Answer>): Promise<Answer>;
}

/**
 * What a failed call means.
 *
 * - `throttled`: the cloud said "not now" to this caller. All calls of the API and account wait.
 * - `unavailable`: the network or the cloud failed. The call is made again.
 * - `denied`: the caller has no right to ask.
 * - `refused`: the cloud refused the request otherwise.
 * - `unreadable`: the answer is not as the cloud documents it.
 */
export interface SourceFault {
  readonly kind: "throttled" | "unavailable" | "denied" | "refused" | "unreadable";
  /** For how long the cloud asks to wait, where it says so. */
  readonly retryAfterMs?: number;
}

/** Where the accounts of a source come from, if they are not listed by hand. */
export interface AccountDirectory {
  /** Such as `aws.organizations`. */
  readonly name: string;
  /** The ids of the accounts that are in use, sorted. Every request goes out by `context.call`. */
  accounts(context: SourceContext): Promise<readonly string[]>;
  /** What a failure of one of its calls means. */
  faultOf(thrown: unknown): SourceFault;
}
