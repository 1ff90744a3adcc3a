import { listedAsOf } from "../../call-effects.js";
import type { LedgerPurchase } from "../../ledger.js";
import type { AzureCall } from "../azure-service.js";
import type { AzureSettings } from "../azure-simulator-options.js";
import type { PlacedOrder } from "./placed-order.js";

/** All orders of one service. They belong to one tenant, so every caller sees all of them. */
export class OrderShelf<Order extends PlacedOrder> {
  readonly #orders: Order[] = [];
  readonly #settings: AzureSettings;
  readonly #ledgerRow: (order: Order, now: number) => LedgerPurchase;

  constructor(settings: AzureSettings, ledgerRow: (order: Order, now: number) => LedgerPurchase) {
    this.#settings = settings;
    this.#ledgerRow = ledgerRow;
  }

  add(order: Order): void {
    this.#orders.push(order);
  }

  /** The order with this id, found yet or not. */
  withId(id: string): Order | undefined {
    return this.#orders.find((order) => order.id === id.toLowerCase());
  }

  /** The order that a GET of this id finds. */
  found(id: string, call: AzureCall): Order | undefined {
    const order = this.withId(id);
    const foundFrom = (order?.requestedAt ?? Number.POSITIVE_INFINITY) + this.#settings.getLagMs;
    return foundFrom <= listedAsOf(call) ? order : undefined;
  }

  /** What the list shows, oldest first. */
  listed(call: AzureCall): Order[] {
    const { listingLagMs } = this.#settings;
    return this.#orders.filter((order) => order.requestedAt + listingLagMs <= listedAsOf(call));
  }

  commitments(now: number): LedgerPurchase[] {
    return this.#orders.map((order) => this.#ledgerRow(order, now));
  }

  /** Sets the state of the order with this id from `at` on, and returns whether there is one. */
  setState(id: string, state: string, at: number): boolean {
    const order = this.withId(id);
    order?.states.set(state, at);
    return order !== undefined;
  }
}
