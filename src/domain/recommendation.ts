import type { EpochMs } from "./clock.js";
import type { CommitmentRequest } from "./commitment-request/commitment-request.js";
import type { AnyTerm, Payment } from "./commitment-request/common.js";
import type { Money } from "./money.js";

/**
 * What a cloud states about a recommendation, for the whole recommended size. What it does not state is absent, never 0.
 */
export interface ReportedFigures {
  /** Due at once. */
  readonly upfront?: Money;
  /** Due each month of the term, besides what is due at once. */
  readonly recurringMonthly?: Money;
  readonly monthlySavings?: Money;
  /** Such as `"31.5"`, in percent of the cost on demand. */
  readonly savingsPercent?: string;
  /** What the same usage costs a month without the commitment. */
  readonly onDemandMonthly?: Money;
  /** Months after which it has paid for itself, such as `"7.3"`. */
  readonly breakEvenMonths?: string;
}

/** The price of one unit over one term, as the cloud states it or as its arithmetic gives it. */
export interface UnitPrice {
  readonly term: AnyTerm;
  readonly payment: Payment;
  /** Upfront and recurring charges of one unit over the whole term. */
  readonly price: Money;
}

/** How a recommendation can be bought. */
export type Offer =
  | {
      readonly kind: "line";
      /** The line that buys all of it. Its expected price is absent where the cloud states no price. */
      readonly line: CommitmentRequest | UnpricedRequest;
      /** The prices that are known, for lines of other payments and terms. Empty where the price follows from the size. */
      readonly unitPrices: readonly UnitPrice[];
    }
  | {
      readonly kind: "not_purchasable";
      /** Why no API sells it, in a sentence. */
      readonly reason: string;
    };

/** A line whose price nobody has stated yet. */
export type UnpricedRequest = WithoutPrice<CommitmentRequest>;

type WithoutPrice<Request> = Request extends CommitmentRequest ? Omit<Request, "expectedPrice"> : never;

/**
 * A line with a price, so that it can be parsed: its own, or one that every line may have. What the line covers does not
 * depend on it.
 */
export const withAnyPrice = (line: object): object =>
  "expectedPrice" in line ? line : { ...line, expectedPrice: { amount: "1", currency: "USD" } };

/** What a source reports of one recommendation. The collection adds where it came from. */
export interface ReportedRecommendation {
  /** The service that buys it, such as `aws.ec2`; for what cannot be bought, the service that it is for. */
  readonly service: string;
  /** The account that the commitment would belong to. */
  readonly account: string;
  readonly region: string;
  /** Null where the cloud does not say. Then there is no line. */
  readonly term: AnyTerm | null;
  readonly payment: Payment;
  /** Over how many days of usage it was computed. Null where the cloud does not say. */
  readonly lookbackDays: number | null;
  /**
   * What it covers, besides its service, account and region, such as the instance type and the platform: never a size, a
   * price or an id that changes with each computation.
   */
  readonly subject: Readonly<Record<string, string | boolean>>;
  /**
   * How it was computed, or how widely it would apply, such as `shared`. Of recommendations that differ in it, in the term,
   * the payment or the look-back alone, one is bought. Null if there is one way.
   */
  readonly variant: string | null;
  /** In words that a person chooses by, such as `4 x m5.large Linux/UNIX`. */
  readonly title: string;
  readonly offer: Offer;
  readonly figures: ReportedFigures;
  /** When the cloud computed it. Null where the cloud does not say. */
  readonly generatedAt: EpochMs | null;
  /** What the cloud answered, as it answered. */
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** A recommendation of a cloud to buy a commitment, in the one shape that all clouds share. */
export interface Recommendation extends ReportedRecommendation {
  /** Its natural key: the same in each collection, whatever its size and its price. A SHA-256 as 64 hex characters. */
  readonly key: string;
  /** The name of the source that reported it, such as `aws.reservations`. */
  readonly source: string;
  /** The account that was asked. It is another than `account` where a management account answers for its members. */
  readonly askedAccount: string;
}

/** A stored recommendation. */
export interface StoredRecommendation extends Recommendation {
  /** When the run started that reported it last, by the store's clock. It knows of nothing that was bought later. */
  readonly collectedAt: EpochMs;
}
