import type { SimulatorControls } from "../simulator-controls.js";
import type { SimulatorCredential } from "./azure-credential.js";
import type { AzureHttpClient } from "./azure-http-client.js";
import type { StatedSubscription } from "./recommendations/subscription-book.js";
import type { StatedUsage } from "./recommendations/usage-book.js";
import type { ReservationPrice } from "./reservations/reservation-prices.js";

/** What reservations cost. Answers are copies. */
export interface PricesControl {
  list(): Promise<ReservationPrice[]>;
  /**
   * Sells at this price from now on, and at no other for the same thing. What was calculated before keeps its price.
   */
  set(price: ReservationPrice): Promise<void>;
}

/** What the subscriptions use, which recommendations are computed from. Answers are copies. */
export interface AzureUsageControl {
  list(): Promise<StatedUsage[]>;
  /** States a usage from now on, in place of what was stated of the same thing. The time before counts as the same. */
  set(usage: StatedUsage): Promise<void>;
}

/** The subscriptions and their states. Answers are copies. */
export interface SubscriptionsControl {
  list(): Promise<StatedSubscription[]>;
  /** Whose state is not set is `Enabled`. */
  set(subscription: StatedSubscription): Promise<void>;
}

/** A running simulator, in this process or in another. */
export interface ConnectedAzureSimulator extends SimulatorControls {
  /** Where it listens, for requests that no SDK sends. */
  readonly url: string;
  /** The `httpClient` to give to Azure SDK clients, which then reach nothing but this simulator. */
  readonly httpClient: AzureHttpClient;
  readonly prices: PricesControl;
  readonly usage: AzureUsageControl;
  readonly subscriptions: SubscriptionsControl;
  /** The credential to give to Azure SDK clients: it may buy for these subscriptions only. */
  credentialFor(...subscriptions: readonly string[]): SimulatorCredential;
}

/** A simulator that was started here and has to be closed here. */
export interface AzureSimulator extends ConnectedAzureSimulator {
  /** Ends every connection and timer. Requests that are still held never land. */
  close(): Promise<void>;
}
