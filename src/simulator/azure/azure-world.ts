import type { AzureSettings } from "./azure-simulator-options.js";
import type { OperationResults } from "./orders/operation-results.js";
import type { SubscriptionBook } from "./recommendations/subscription-book.js";
import type { UsageBook } from "./recommendations/usage-book.js";
import type { ReservationPrices } from "./reservations/reservation-prices.js";

/** What all simulated services share. */
export interface AzureWorld {
  readonly settings: AzureSettings;
  readonly prices: ReservationPrices;
  readonly operations: OperationResults;
  readonly usage: UsageBook;
  readonly subscriptions: SubscriptionBook;
  /** The next number, never given out before; orders are numbered in the order in which they came to exist. */
  nextNumber(): number;
}
