import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import type { Money } from "../../domain/money.js";
import type { CommitmentProvider } from "../../providers/commitment-provider.js";
import type { ManualClock } from "../manual-clock.js";

/**
 * A provider that is to prove itself, with the cloud it buys from: one fresh world for one test.
 *
 * The cloud is a server that speaks the real protocol, or a cloud in memory; it is the judge, so it must know what was
 * bought independently of what the provider says.
 */
export interface ProviderFixture {
  /** With credentials of the line's account, and its client library at the default settings, retries included. */
  readonly provider: CommitmentProvider;
  /** The same provider with credentials of another account. Left out by a fixture that cannot make one (`stranger`). */
  readonly stranger?: CommitmentProvider;
  /** A line that the cloud sells at exactly its expected price; best with several units and something due at once. */
  readonly request: CommitmentRequest;
  /** The same line in another size: what a commitment of `request` must not be taken for. */
  readonly different: CommitmentRequest;
  /** A line that the schema takes and the cloud does not sell. Left out by a fixture that cannot say one (`unsold`). */
  readonly unsold?: CommitmentRequest;
  /** The same line with a `holdMs` of some hours. Left out by a fixture whose service does not queue (`queue`). */
  readonly queued?: CommitmentRequest;
  /** The one clock of cloud, store and engine. */
  readonly clock: ManualClock;
  readonly cloud: CloudUnderTest;
  /** How a token shows on the wire or on the label. Default: as it is. */
  shownToken?(token: string): string;
  close?(): Promise<void>;
}

/** The oracle and the hand that breaks things. */
export interface CloudUnderTest {
  /** Every commitment that ever came to exist in any account, late landings that are due included. */
  purchases(): Promise<readonly CloudPurchase[]>;
  /** Every purchase request that reached the cloud, refused and dropped ones included, without those of `buyElsewhere`. */
  requests(): Promise<readonly CloudRequest[]>;
  /** Has something go wrong: with the next purchase request, or, where the kind says so, until `heal`. */
  fault(fault: CloudFault): Promise<void>;
  /** Ends every fault that has not struck or that lasts. What is on its way still lands late. */
  heal(): Promise<void>;
  /** The code with which fault `refused` refuses. */
  readonly refusalCode: string;
  /** Somebody buys what `request` describes by hand, without a token; returns the commitment's id. */
  buyElsewhere?(): Promise<string>;
  /** Gives a commitment a state by the cloud's own word. */
  setState?(commitmentId: string, state: string): Promise<void>;
  /** The cloud's words for states. */
  readonly states?: {
    /** Money has moved or will move. */
    readonly counting: readonly string[];
    /** The payment failed, or the commitment has ended. */
    readonly dead: readonly string[];
    /** Of a cloud that shows purchases before it has finished them. Left out by a fixture of one that does not (`pending`). */
    readonly pending?: {
      /** The cloud is still at work, and money may move yet. */
      readonly onItsWay: readonly string[];
      /** It is done: the commitment is bought. */
      readonly finished: string;
      /** It is done: nothing came of it. */
      readonly failed: string;
    };
  };
}

/** One commitment on the cloud's own books. */
export interface CloudPurchase {
  readonly commitmentId: string;
  /** The request that made it; the parts of a purchase that the cloud split share it. */
  readonly purchaseId: string;
  readonly account: string;
  readonly quantity: number;
  /** Whether money moved or will move for it. */
  readonly live: boolean;
  /** The token it is labeled with, or that its request carried, as it shows there. */
  readonly token?: string | undefined;
  /** What the cloud charges at once for the whole quantity, where it says so. */
  readonly charge?: Money | undefined;
}

/** One purchase request as it was sent. */
export interface CloudRequest {
  /** What was asked for, without what every send has anew: signatures, signing times, request ids of the transport. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What can be made to go wrong at a cloud. */
export type CloudFault =
  /** The connection is reset and nothing is bought. */
  | { readonly kind: "request-lost" }
  /** No connection can be made, until `heal`. */
  | { readonly kind: "unreachable" }
  /** The service's own 5xx, and nothing is bought. */
  | { readonly kind: "error-before" }
  /** It is bought, then the service's own 5xx. */
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

/** What a case may need of a fixture, besides a cloud that buys. */
export type CloudAbility =
  | CloudFault["kind"]
  | "stranger"
  | "unsold"
  /** The cloud states what a line costs before it is bought. */
  | "price"
  | "queue"
  | "buy-elsewhere"
  | "states"
  /** Purchases are shown before the cloud has finished them. */
  | "pending"
  /** The token, or what is derived from it, goes out with the purchase or stands on it afterwards. */
  | "carries-token"
  /** A purchase is found by its token for ever, whatever else exists. */
  | "found-by-token"
  /** Purchases have a lane with an inventory. */
  | "lane";
