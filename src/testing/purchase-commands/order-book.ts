import type { EpochMs } from "../../domain/clock.js";
import type { CustomRequest } from "../../domain/commitment-request/custom.js";
import type { PurchaseOrder } from "./purchase-wiring.js";

/** Whether something was never asked for, may have taken effect, or was acknowledged. */
export type Certainty = "no" | "maybe" | "yes";

/** What the outside world knows of one order: what it asked for and what was acknowledged. */
export interface OrderState {
  readonly order: PurchaseOrder;
  submitted: boolean;
  approved: Certainty;
  /** Whether a withdrawal may have taken effect. */
  withdrawn: Certainty;
  /** When its withdrawal was acknowledged; undefined while requests for it may be written ahead. */
  withdrawnAt: EpochMs | undefined;
}

/** The model of a play: all that it may order, by number. */
export interface OrderBook {
  readonly orders: readonly OrderState[];
}

/** Orders that commands may number; those never submitted cost nothing. */
export const MAX_ORDERS = 9;

/** A book of so many orders, of one to three lines each. */
export const orderBook = (count: number): OrderBook => ({
  orders: Array.from({ length: count }, (_, number) => ({
    order: {
      key: `order-${number}`,
      lines: Array.from({ length: 1 + (number % 3) }, (_, line) => lineOf(number, line)),
    },
    submitted: false,
    approved: "no" as const,
    withdrawn: "no" as const,
    withdrawnAt: undefined,
  })),
});

/** The quantity can be split by the cloud. */
const lineOf = (order: number, line: number): CustomRequest => ({
  service: "custom.simulated",
  account: "acct-1",
  region: "r1",
  quantity: 2 + line,
  term: "1yr",
  payment: "no_upfront",
  expectedPrice: { amount: "100", currency: "USD" },
  offering: { order, line },
});
