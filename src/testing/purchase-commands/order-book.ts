import type { EpochMs } from "../../domain/clock.js";
import type { CustomRequest } from "../../domain/commitment-request/custom.js";
import type { PurchaseOrder } from "./purchase-wiring.js";

/** Whether an action was never asked for (`no`), may have taken effect (`maybe`), or was acknowledged (`yes`). */
export type Certainty = "no" | "maybe" | "yes";

/** What the callers know about one order: what they asked for, and what was acknowledged. */
export interface OrderState {
  readonly order: PurchaseOrder;
  submitted: boolean;
  approved: Certainty;
  /** Whether a withdrawal may have taken effect. */
  withdrawn: Certainty;
  /** When the withdrawal was acknowledged. `undefined` while requests for the order may be written ahead. */
  withdrawnAt: EpochMs | undefined;
}

/** The model of a play: every order that it may submit, by number. */
export interface OrderBook {
  readonly orders: readonly OrderState[];
}

/** The highest number of orders. An order that is never submitted costs nothing. */
export const MAX_ORDERS = 9;

/** A book of `count` orders, each with one to three lines. */
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

/** A line with a quantity that the cloud can split. */
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
