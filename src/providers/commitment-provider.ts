import type { EpochMs } from "../domain/clock.js";
import type { CommitmentRequest } from "../domain/commitment-request/commitment-request.js";
import type { Commitment, Prepared, Rejection } from "../domain/evidence.js";
import type { Logger } from "../domain/logger.js";
import type { Money } from "../domain/money.js";
import type { IdempotencyContract } from "./idempotency-contract.js";
import type { PurchasePermit } from "./purchase-permit.js";

/**
 * One purchasable service of one cloud. The law:
 *
 * - `lookup`, `prepare`, `inventory` and `label` move no money, may run any number of times, and throw whenever the
 *   answer is not certain: a failed lookup is never "absent".
 * - `lookup` counts every state in which money has moved or will move, unknown states included, and compares in its
 *   own code; it never trusts a filter of the cloud.
 * - `purchase` sends at most one request per permit, whatever retry settings the caller's client has, and that
 *   request depends on nothing but the permit. It calls `context.beforeWire()` exactly once, as late as it
 *   can, and sends nothing if that throws.
 * - `purchase` does not throw for anything the cloud or the network does: it answers `rejected` only where the cloud
 *   itself refused, `not_sent` only where no byte can have left, and `unknown` in every other case.
 * - Every call works in the line's account and checks, before anything is bought, that the credentials belong to it.
 */
export interface CommitmentProvider<Request extends CommitmentRequest = CommitmentRequest> {
  /** The service it buys, such as `aws.ec2`. */
  readonly service: Request["service"];
  readonly idempotency: IdempotencyContract;
  /** The commitment that exists for this token, or `undefined` if there certainly is none in sight. */
  lookup(request: Request, token: string, context: ProviderContext): Promise<ExistingCommitment | undefined>;
  /**
   * Finds the offering and its price, and what the contract needs: an order id, or a snapshot of the lane. A
   * `BuyonceError` that is not retryable refuses the line for good; anything else thrown is tried again later.
   */
  prepare(request: Request, token: string, context: ProviderContext): Promise<Prepared>;
  /** Buys, once. */
  purchase(permit: PurchasePermit<Request>, context: PurchaseContext): Promise<PurchaseOutcome>;
  /**
   * Every commitment in the line's lane that exists now. Required where `prepare` gives a lane, as it must under
   * contract `none`: doubt then ends by comparing this with the snapshot, never by a resend.
   */
  inventory?(request: Request, token: string, context: ProviderContext): Promise<readonly InventoryItem[]>;
  /**
   * Withdraws a queued purchase before it starts, and makes sure that it is withdrawn; idempotent. For services that
   * queue: the line's `holdMs`. Throws whenever the cloud does not confirm it.
   */
  cancelQueued?(commitment: Commitment, token: string, context: LabelContext<Request>): Promise<Withdrawal>;
  /**
   * Puts the token on a commitment after the purchase, where the purchase itself cannot. Returns the commitment's ids
   * if they are no longer those it was given (EC2 volume tiers).
   */
  label?(
    commitment: Commitment,
    token: string,
    context: LabelContext<Request>,
  ): Promise<LabelResult | undefined> | Promise<void>;
}

/** `started`: it can no longer be withdrawn. */
export type Withdrawal = { readonly kind: "withdrawn" } | { readonly kind: "started"; readonly state: string };

/** What a label found out. */
export interface LabelResult {
  readonly commitmentIds: readonly string[];
  /** What the cloud lists as charged at once for the whole purchase, where its answer to the purchase did not say so. */
  readonly charge?: Money;
}

/** What every provider call gets. */
export interface ProviderContext {
  /** Aborts when the line's time is up or the caller gave up. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** The time by the store's clock, as of the last thing known of the line. */
  readonly now: EpochMs;
  /**
   * Which execution of its lineage this is: 1 for the first, one more for each retry by a person. A provider that names
   * its commitments may use as many names.
   */
  readonly lineageAttempt: number;
  /** What the line's earlier write-ahead prepared, where there was one: a server-minted order id is looked up by it. */
  readonly prepared?: Prepared;
}

/** What a purchase gets besides. */
export interface PurchaseContext extends ProviderContext {
  /** Throws unless the request may still leave: lease ours, deadline ahead, kill switch off, not aborted. */
  beforeWire(): void;
}

/** What a label gets besides: the request that bought the commitment, and what it was bought with. */
export interface LabelContext<Request extends CommitmentRequest = CommitmentRequest> extends ProviderContext {
  readonly request: Request;
  /** Which of these commitments are recorded for other lines: they are never this line's, whatever they look like. */
  claimedByOthers?(commitmentIds: readonly string[]): Promise<ReadonlySet<string>>;
}

/** A commitment found at the cloud under a line's token. */
export interface ExistingCommitment {
  readonly commitmentIds: readonly string[];
  readonly startedAt?: EpochMs;
  readonly charge?: Money;
  /** Whether it carries its token already. */
  readonly labeled: boolean;
  /**
   * What the cloud is still doing, such as `PendingBilling`, while it has neither finished nor refused the purchase. The
   * line then waits in doubt: it is not bought again, and not counted as bought.
   */
  readonly pending?: string;
  /** How it differs from the line, each as "quantity: expected 2, found 3". Empty where it is what the line buys. */
  readonly differences: readonly string[];
}

/** One commitment of a lane's inventory. */
export interface InventoryItem {
  readonly commitmentId: string;
  readonly quantity: number;
  /** When it was bought or starts, by the cloud's clock. */
  readonly startedAt: EpochMs;
  /** What the cloud says it charges at once for the whole of it, where that is known. */
  readonly charge?: Money;
  /** The token it is labeled with, if any; for one that is certainly another's, anything but the line's token. */
  readonly token?: string;
}

/** How one purchase call ended. */
export type PurchaseOutcome =
  /** The cloud confirmed the commitment. */
  | { readonly kind: "committed"; readonly commitment: Omit<Commitment, "adopted"> & { readonly adopted?: boolean } }
  /** The cloud itself said no; nothing was bought by this request. */
  | { readonly kind: "rejected"; readonly rejection: Rejection }
  /** The cloud itself said "not now" (throttling). Under contract `none`, and with a lane, this is as good as unknown. */
  | { readonly kind: "not_now"; readonly reason: string }
  /** No byte can have left. */
  | { readonly kind: "not_sent"; readonly reason: string }
  /** The purchase may exist. */
  | { readonly kind: "unknown"; readonly reason: string };
