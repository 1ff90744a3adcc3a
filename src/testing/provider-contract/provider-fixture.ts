import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import type { Money } from "../../domain/money.js";
import type { CommitmentProvider, SightingMeaning } from "../../providers/commitment-provider.js";
import type { ManualClock } from "../manual-clock.js";

/**
 * A provider under test, with the cloud it buys from: one fresh world for one test.
 *
 * The cloud is a server that speaks the real protocol, or a cloud in memory. The suite judges by the cloud. So the
 * cloud must know what was bought independently of what the provider says.
 */
export interface ProviderFixture {
  /** The provider. It has credentials of the line's account and a client library with default settings and retries. */
  readonly provider: CommitmentProvider;
  /** The same provider with credentials of another account. Left out by a fixture that cannot make one (`stranger`). */
  readonly stranger?: CommitmentProvider;
  /** A line that the cloud sells at exactly its expected price. Best: several units, and something due at once. */
  readonly request: CommitmentRequest;
  /** The same line in another size. A commitment of `request` must not be taken for it. */
  readonly different: CommitmentRequest;
  /** A line that the schema takes and the cloud does not sell. Left out by a fixture that knows none (`unsold`). */
  readonly unsold?: CommitmentRequest;
  /**
   * Other lines that the cloud sells in the same account and region, each different from `request` in one attribute: how
   * it is paid, its term, its type. Left out by a fixture whose cloud sells nothing else (`siblings`).
   */
  readonly siblings?: readonly CommitmentRequest[];
  /** The same line with a `holdMs` of some hours. Left out by a fixture whose service does not queue (`queue`). */
  readonly queued?: CommitmentRequest;
  /** The one clock of cloud, store and engine. */
  readonly clock: ManualClock;
  readonly cloud: CloudUnderTest;
  /** The form of a token on the wire or on the label. Default: the token itself. */
  shownToken?(token: string): string;
  close?(): Promise<void>;
}

/** The cloud's books, which judge, and its controls, which make things go wrong. */
export interface CloudUnderTest {
  /** Every commitment that ever existed in any account, including late landings that are due. */
  purchases(): Promise<readonly CloudPurchase[]>;
  /** Every purchase request that reached the cloud, also a refused or dropped one; without those of `buyElsewhere`. */
  requests(): Promise<readonly CloudRequest[]>;
  /** Makes something go wrong: with the next purchase request, or until `heal` if the kind says so. */
  fault(fault: CloudFault): Promise<void>;
  /** Ends every fault that has not struck or that lasts. A request on its way still lands late. */
  heal(): Promise<void>;
  /** The code with which fault `refused` refuses. */
  readonly refusalCode: string;
  /** Buys by hand what `request` describes, as somebody else, without a token. Returns the commitment's id. */
  buyElsewhere?(): Promise<string>;
  /** Gives a commitment a state, named by the cloud's own word. */
  setState?(commitmentId: string, state: string): Promise<void>;
  /** The cloud's words for the states of a commitment. Left out by a fixture that cannot set one (`meanings`). */
  readonly states?: CloudStates;
  /** Makes every listing leave these attributes out, until `heal`. The books keep the attributes. */
  leaveOut?(attributes: readonly string[]): Promise<void>;
  /**
   * The attributes of a purchase that the cloud's documents let a listing leave out, by the names that `leaveOut` takes.
   * Left out by a fixture whose listings are always whole (`left-out`).
   */
  readonly optionalAttributes?: readonly string[];
}

/**
 * A cloud's words for states, by what each word means for a commitment that was bought just now.
 *
 * A word that means `ended` only after the end of the term stands under `unclear`. Leave out a meaning for which the
 * cloud has no word, and name the meaning in `cannot`.
 */
export interface CloudStates extends Readonly<Partial<Record<SightingMeaning, readonly string[]>>> {
  /** The word of a purchase that has come through, after a `pending` one. */
  readonly finished?: string;
}

/** One commitment on the cloud's own books. */
export interface CloudPurchase {
  readonly commitmentId: string;
  /** The request that made the commitment. If the cloud splits a purchase, the parts have the same id. */
  readonly purchaseId: string;
  readonly account: string;
  readonly quantity: number;
  /** Whether money was owed for the commitment at any time: true if it has ended, false if it is void. */
  readonly live: boolean;
  /** The token of the commitment's label or of its request, in the form that the cloud shows. */
  readonly token?: string | undefined;
  /** What the cloud charges at once for the whole quantity, if the cloud states it. */
  readonly charge?: Money | undefined;
}

/** One purchase request as it was sent. */
export interface CloudRequest {
  /** The parameters, without those that every send has anew: signatures, signing times, ids of the transport. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A fault that the suite can cause at a cloud. */
export type CloudFault =
  /** The connection is reset and nothing is bought. */
  | { readonly kind: "request-lost" }
  /** No connection can be made, until `heal`. */
  | { readonly kind: "unreachable" }
  /** The service's own 5xx, and nothing is bought. */
  | { readonly kind: "error-before" }
  /** The service's own 5xx, after the purchase took effect. */
  | { readonly kind: "error-after" }
  /** It is bought and the connection is reset. */
  | { readonly kind: "reply-lost" }
  /** It is bought and the reply breaks off in the middle. */
  | { readonly kind: "reply-cut" }
  /** It is bought and the reply is a success without a body. */
  | { readonly kind: "reply-empty" }
  /** It is bought and the reply is a success that is not the service's. */
  | { readonly kind: "reply-garbled" }
  /** It is bought and no reply ever comes. */
  | { readonly kind: "no-reply" }
  /** "Not now", by the cloud's own code; nothing is bought. */
  | { readonly kind: "throttled" }
  /** Refused by `refusalCode`; nothing is bought. */
  | { readonly kind: "refused" }
  /** The connection is reset; the request arrives `ms` later and is carried out if the cloud still takes it then. */
  | { readonly kind: "lands-late"; readonly ms: number }
  /** It is bought and confirmed, and its payment fails. */
  | { readonly kind: "payment-fails" }
  /** Commitments cannot be listed because the service fails, until `heal`. */
  | { readonly kind: "lookup-fails" }
  /** Commitments cannot be listed because the cloud does not allow it, until `heal`. */
  | { readonly kind: "lookup-denied" }
  /** Listings show what there was `ms` ago, until `heal`. */
  | { readonly kind: "stale-listing"; readonly ms: number };

/** An ability that a case may need of a fixture, besides a cloud that sells. {@link CLOUD_ABILITIES} lists all. */
export type CloudAbility =
  | CloudFault["kind"]
  | "stranger"
  | "unsold"
  /** The cloud states what a line costs before it is bought. */
  | "price"
  | "queue"
  | "buy-elsewhere"
  /** A commitment can be given a state, and the fixture names the cloud's words by what they mean. */
  | "meanings"
  /** The cloud has a word of this meaning for a commitment that was bought just now. */
  | Exclude<SightingMeaning, "live">
  /** The cloud sells other lines in the same account and region. */
  | "siblings"
  /** Listings can leave attributes out. */
  | "left-out"
  /** The token, or what is derived from it, goes out with the purchase or stands on it afterwards. */
  | "carries-token"
  /** A purchase is found by its token for ever, whatever else exists. */
  | "found-by-token"
  /** Purchases have a lane with an inventory. */
  | "lane";

/** Every ability: the names that `cannot` may have. */
export const CLOUD_ABILITIES: Readonly<Record<CloudAbility, true>> = {
  "request-lost": true,
  unreachable: true,
  "error-before": true,
  "error-after": true,
  "reply-lost": true,
  "reply-cut": true,
  "reply-empty": true,
  "reply-garbled": true,
  "no-reply": true,
  throttled: true,
  refused: true,
  "lands-late": true,
  "payment-fails": true,
  "lookup-fails": true,
  "lookup-denied": true,
  "stale-listing": true,
  stranger: true,
  unsold: true,
  price: true,
  queue: true,
  "buy-elsewhere": true,
  meanings: true,
  pending: true,
  ended: true,
  void: true,
  unclear: true,
  siblings: true,
  "left-out": true,
  "carries-token": true,
  "found-by-token": true,
  lane: true,
};
