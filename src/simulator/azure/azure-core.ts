import type { Arrival } from "../arrival.js";
import { wallClock } from "../clock.js";
import { deterministicId } from "../deterministic-id.js";
import { SimulatedCloud } from "../simulated-cloud.js";
import type { WireRequest } from "../wire.js";
import type { AzureService } from "./azure-service.js";
import { azureServices } from "./azure-services.js";
import { type AzureSimulatorOptions, readAzureSettings } from "./azure-simulator-options.js";
import { dispatch } from "./dispatch.js";
import { OperationResults } from "./orders/operation-results.js";
import { SubscriptionBook } from "./recommendations/subscription-book.js";
import { UsageBook } from "./recommendations/usage-book.js";
import { ReservationPrices } from "./reservations/reservation-prices.js";
import { seededReservationPrices } from "./reservations/seeded-reservation-prices.js";
import { Routes } from "./routing.js";

/** The simulated Azure itself, without a socket: services and prices. */
export class AzureCore extends SimulatedCloud {
  readonly prices: ReservationPrices;
  readonly usage = new UsageBook();
  readonly subscriptions = new SubscriptionBook();
  protected readonly services: readonly AzureService[];
  readonly #routes: Routes;
  #number = 0;
  #requestNumber = 0;

  constructor({ clock = wallClock, ...options }: AzureSimulatorOptions) {
    super(clock);
    const settings = readAzureSettings(options);
    this.prices = new ReservationPrices([...seededReservationPrices(), ...settings.prices]);
    const operations = new OperationResults(settings);
    const { prices, usage, subscriptions } = this;
    const nextNumber = () => ++this.#number;
    this.services = azureServices({ settings, prices, usage, subscriptions, operations, nextNumber });
    this.#routes = new Routes([operations.get, ...this.services.flatMap((service) => service.operations)]);
  }

  protected operations(): readonly string[] {
    return this.#routes.operations;
  }

  protected dispatch(request: WireRequest): Arrival | undefined {
    return dispatch(request, this.#routes, deterministicId(`request:${++this.#requestNumber}`));
  }
}
