import type { EpochMs } from "../domain/clock.js";
import type { CommitmentRequest } from "../domain/commitment-request/commitment-request.js";
import type { Commitment, Prepared, Rejection } from "../domain/evidence.js";
import type { IdempotencyContract } from "../domain/idempotency-contract.js";
import type { Logger } from "../domain/logger.js";
import type { Money } from "../domain/money.js";
import type { PurchasePermit } from "./purchase-permit.js";

/**
 * One purchasable service of one cloud. The law:
 *
 * - `lookup`, `prepare`, `inventory` and `label` move no money and may run any number of times. They throw whenever the
 *   answer is not certain: a failed lookup is never "absent".
 * - Nothing is left out because of its state. `lookup`, `inventory`, `label` and the answer to a purchase say what the
 *   state means, by one table of the service (see {@link Sighting}). The engine alone decides what follows. These calls
 *   compare in their own code and never trust a filter of the cloud.
 * - An item that leaves out what is compared, or states another offering than the write-ahead did, is a `maybe`: it may
 *   be the line's purchase, and nobody knows. A lane is made only of what every listing states. So no item that may be
 *   the purchase of one request may be that of a request in another lane.
 * - `purchase` sends at most one request per permit, whatever retry settings the caller's client has. That request
 *   depends on nothing but the permit. `purchase` calls `context.beforeWire()` exactly once, as late as it can, and
 *   sends nothing if that throws.
 * - `purchase` does not throw for anything the cloud or the network does. It answers `rejected` only where the cloud
 *   itself refused, `not_sent` only where no byte can have left, and `unknown` in every other case.
 * - Every call works in the line's account and checks, before anything is bought, that the credentials belong to it.
 */
export interface CommitmentProvider<Request extends CommitmentRequest = CommitmentRequest> {
  /** The service it buys, such as `aws.ec2`. */
  readonly service: Request["service"];
  readonly idempotency: IdempotencyContract;
  /**
   * The same text for all requests of one account and region that cover the same, however they are paid for. Two such
   * baskets are not approved unasked. Default: all attributes of the request but those that say how it is bought.
   */
  needKey?(request: Request): string | Promise<string>;
  /**
   * The commitment that the cloud shows under this token, whatever its state, or `undefined` if there certainly is none
   * in sight. `void` purchases of earlier executions of the lineage are passed over while `lineageAttempt` leaves a
   * name or token unspent, because a person has decided to buy again.
   */
  lookup(request: Request, token: string, context: ProviderContext): Promise<ExistingCommitment | undefined>;
  /**
   * Finds the offering and its price, and what the contract needs: an order id, or a snapshot of the lane. A
   * `BuyonceError` that is not retryable refuses the line for good; anything else thrown is tried again later.
   */
  prepare(request: Request, token: string, context: ProviderContext): Promise<Prepared>;
  /** Buys, once. */
  purchase(permit: PurchasePermit<Request>, context: PurchaseContext): Promise<PurchaseOutcome>;
  /**
   * Every commitment that may be a purchase in the line's lane, whatever its state. Required if `prepare` gives a lane,
   * as it must under contract `none`. Doubt then ends by comparing this inventory with the snapshot, never by a resend.
   */
  inventory?(request: Request, token: string, context: ProviderContext): Promise<readonly InventoryItem[]>;
  /**
   * Withdraws a queued purchase before it starts, and makes sure that it is withdrawn; idempotent. Throws whenever the
   * cloud does not confirm the withdrawal. For services that queue purchases, as the line's `holdMs` asks.
   */
  cancelQueued?(commitment: Commitment, token: string, context: LabelContext<Request>): Promise<Withdrawal>;
  /**
   * Puts the token on a commitment after the purchase, if the purchase itself cannot. Returns the commitment's ids if
   * they are no longer those that the call was given (EC2 volume tiers).
   */
  label?(
    commitment: Commitment,
    token: string,
    context: LabelContext<Request>,
  ): Promise<LabelResult | undefined> | Promise<void>;
}

/** `started`: it can no longer be withdrawn. */
export type Withdrawal = { readonly kind: "withdrawn" } | { readonly kind: "started"; readonly state: string };

/** What a call of `label` found out. */
export interface LabelResult {
  readonly commitmentIds: readonly string[];
  /** What the cloud lists as charged at once for the whole purchase, where its answer to the purchase did not say so. */
  readonly charge?: Money;
  /** Set where there is nothing to label any more, because the commitment is over. */
  readonly sighting?: Sighting;
}

/** What every provider call gets. */
export interface ProviderContext {
  /** Aborts when the line's time is up or the caller gave up. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** The time by the store's clock, at the last change that is known of the line. */
  readonly now: EpochMs;
  /**
   * Which execution of its lineage this is: 1 for the first, one more for each retry by a person. A provider that names
   * its commitments may use as many names.
   */
  readonly lineageAttempt: number;
  /** What the line's earlier write-ahead prepared, where there was one: a server-minted order id is looked up by it. */
  readonly prepared?: Prepared;
}

/** What a purchase gets in addition. */
export interface PurchaseContext extends ProviderContext {
  /** Throws unless the request may still leave: lease ours, deadline ahead, kill switch off, not aborted. */
  beforeWire(): void;
}

/** What a label gets in addition: the request that bought the commitment, and what it was bought with. */
export interface LabelContext<Request extends CommitmentRequest = CommitmentRequest> extends ProviderContext {
  readonly request: Request;
  /** Which of these commitments are recorded for other lines: they are never this line's, whatever they look like. */
  claimedByOthers?(commitmentIds: readonly string[]): Promise<ReadonlySet<string>>;
}

/**
 * What a state that the cloud shows says about a purchase.
 *
 * - `live`: money moved or will move. Every state that a service's table does not know is `live`.
 * - `pending`: the cloud still works on it; the line waits in doubt.
 * - `ended`: it was bought, and its term is over, or it was modified, exchanged, split, merged, sold or returned.
 * - `void`: the cloud documents that nothing is owed for it: its payment failed, or it was deleted while queued.
 * - `unclear`: the state stands for both `ended` and `void`, and the cloud has no call that tells; a person is asked.
 */
export type SightingMeaning = "live" | "pending" | "ended" | "void" | "unclear";

/** What was seen of a purchase at the cloud, apart from its contents. */
export interface Sighting {
  readonly meaning: SightingMeaning;
  /** The cloud's own word for the state; absent where it states none. */
  readonly state?: string;
  /** What became of it, in words, such as `modified into ri-2`. */
  readonly became?: string;
}

/** A commitment found at the cloud under a line's token, whatever its state. */
export interface ExistingCommitment {
  readonly commitmentIds: readonly string[];
  readonly startedAt?: EpochMs;
  readonly charge?: Money;
  /** Whether it carries its token already. */
  readonly labeled: boolean;
  /** What the state that the cloud shows means. Absent: `live`. */
  readonly sighting?: Sighting;
  /** How it differs from the line, each as "quantity: expected 2, found 3". Empty where it is what the line buys. */
  readonly differences: readonly string[];
}

/** One commitment of a lane's inventory, whatever its state. */
export interface InventoryItem {
  readonly commitmentId: string;
  /** Absent where the listing leaves it out, which makes the item a `maybe`. */
  readonly quantity?: number;
  /** When it was bought or starts, by the cloud's clock. Absent where the cloud does not say: it may be just now. */
  readonly startedAt?: EpochMs;
  /** What the cloud says it charges at once for the whole of it, where that is known. */
  readonly charge?: Money;
  /**
   * The token that the item is labeled with, if any. For an item that is certainly another's, any text but the line's
   * token.
   */
  readonly token?: string;
  /** What the state that the cloud shows means. Absent: `live`. */
  readonly sighting?: Sighting;
  /**
   * Why it may or may not be the line's, such as `RecurringCharges is not stated`. Such an item is never adopted and never
   * ignored: a person is asked.
   */
  readonly maybe?: string;
  /**
   * The commitments that the cloud says it was made from (a modification, a split). It does not count as one more
   * purchase beside them.
   */
  readonly madeFrom?: readonly string[];
}

/** How one purchase call ended. */
export type PurchaseOutcome =
  /** The cloud answered with the commitment, in the state that `sighting` explains; absent: `live`. */
  | {
      readonly kind: "committed";
      readonly commitment: Omit<Commitment, "adopted"> & { readonly adopted?: boolean };
      readonly sighting?: Sighting;
    }
  /** The cloud itself said no; nothing was bought by this request. */
  | { readonly kind: "rejected"; readonly rejection: Rejection }
  /** The cloud itself said "not now" (throttling). Under contract `none`, and with a lane, this is as good as unknown. */
  | { readonly kind: "not_now"; readonly reason: string }
  /** No byte can have left. */
  | { readonly kind: "not_sent"; readonly reason: string }
  /** The purchase may exist. */
  | { readonly kind: "unknown"; readonly reason: string };
