import * as z from "zod/mini";
import { deterministicId } from "../../deterministic-id.js";
import { SimulatedError } from "../../simulated-error.js";
import { mayBuyFor } from "../azure-credential.js";
import type { AzureAnswer, AzureCall, AzureOperation } from "../azure-service.js";
import { notAuthorized } from "../billing-scope.js";
import { stateOf } from "../orders/placed-order.js";
import { pricingPrice } from "../orders/quote.js";
import { readBody } from "../read-body.js";
import { foundOrder } from "./read-reservation-orders.js";
import { type RefundQuote, refundQuote } from "./refund-quote.js";
import { type ReservationOrder, type ReservationShop, remainingQuantity } from "./reservation-order.js";
import { orderPath, reservationPath } from "./reservation-order-json.js";

const returned = {
  scope: z.nullish(z.literal("Reservation")),
  reservationToReturn: z.object({ reservationId: z.string(), quantity: z.int().check(z.positive()) }),
};
const calculateBody = z.object({ properties: z.object(returned) });
const returnBody = z.object({ properties: z.object({ ...returned, sessionId: z.string() }) });

/** Azure takes back no more than this in a year, in the currency of its prices. */
const MAX_REFUND_CENTS = 5_000_000;

interface RefundSession {
  readonly orderId: string;
  readonly quote: RefundQuote;
  readonly until: number;
}

/**
 * Calculates what a return gives back, and returns: whole orders and parts of them.
 *
 * After a return, the order goes through `Pending`, as recorded. What it becomes then was never recorded: here it is
 * `Cancelled` if nothing is left, else it is again what it was, with a smaller reservation. Azure shows the parts of a
 * partial return as reservations of their own; the simulator does not.
 */
export function returnReservation(shop: ReservationShop): AzureOperation[] {
  const refunds = new Refunds(shop);
  const common = { service: "azure.reservations", method: "POST" } as const;
  const path = "/providers/Microsoft.Capacity/reservationOrders/{reservationOrderId}";
  return [
    { ...common, name: "CalculateRefund", path: `${path}/calculateRefund`, run: (call) => refunds.calculate(call) },
    { ...common, name: "ReturnReservation", path: `${path}/return`, run: (call) => refunds.return(call) },
  ];
}

class Refunds {
  readonly #sessions = new Map<string, RefundSession>();
  readonly #shop: ReservationShop;
  #consumedCents = 0;

  constructor(shop: ReservationShop) {
    this.#shop = shop;
  }

  /** A return beyond the limit is answered with 200 too, and says why it would be refused. */
  calculate(call: AzureCall): AzureAnswer {
    const { properties } = readBody(calculateBody, call.body);
    const order = this.#returnable(call, properties.reservationToReturn);
    const quote = refundQuote(order, properties.reservationToReturn.quantity, call.now);
    const sessionId = deterministicId(`refund:${this.#sessions.size + 1}`);
    this.#sessions.set(sessionId, { orderId: order.id, quote, until: call.now + this.#shop.world.settings.sessionMs });
    return { status: 200, body: this.#json(order, quote, sessionId) };
  }

  return(call: AzureCall): AzureAnswer {
    const { properties } = readBody(returnBody, call.body);
    const order = this.#returnable(call, properties.reservationToReturn);
    const session = this.#sessions.get(properties.sessionId);
    if (session?.orderId !== order.id || call.now >= session.until) throw sessionOver();
    const { quote } = session;
    if (quote.quantity !== properties.reservationToReturn.quantity) throw sessionOver();
    if (this.#exceedsLimit(order, quote)) throw new SimulatedError("RefundLimitExceeded", 400, LIMIT_EXCEEDED);
    const body = this.#json(order, quote, properties.sessionId);
    this.#sessions.delete(properties.sessionId);
    this.#consumedCents += pricingCents(order, quote.refundCents);
    this.#takeBack(order, quote.quantity, call.now);
    const location = `${call.origin}${orderPath(order.id)}?api-version=2022-11-01`;
    return { status: 202, headers: { Location: location, "Retry-After": "120" }, body };
  }

  #takeBack(order: ReservationOrder, quantity: number, now: number): void {
    const { returnMs } = this.#shop.world.settings;
    order.returns.add(quantity, now);
    if (returnMs > 0) order.states.set("Pending", now);
    const isWhole = remainingQuantity(order, now) === 0;
    if (isWhole || returnMs > 0) order.states.set(isWhole ? "Cancelled" : undefined, now + returnMs);
  }

  /** The order of the path, if so much of its reservation can be returned by this caller now. */
  #returnable(call: AzureCall, { reservationId, quantity }: { reservationId: string; quantity: number }) {
    const order = foundOrder(this.#shop, call);
    const path = reservationPath(order);
    if (!mayBuyFor(call.principal, order.subscription))
      throw notAuthorized("Microsoft.Capacity/reservationOrders/action", path);
    if (reservationId.toLowerCase() !== path.toLowerCase())
      throw new SimulatedError("ReservationIdNotInReservationOrder", 400, `'${reservationId}' is not in the order.`);
    const { state } = stateOf(order, call.now);
    if (state !== "Succeeded")
      throw new SimulatedError("OperationCannotBePerformedInCurrentState", 400, `The order is in state '${state}'.`);
    if (quantity > remainingQuantity(order, call.now))
      throw new SimulatedError("InvalidRefundQuantity", 400, `The reservation has less than ${quantity} left.`);
    return order;
  }

  #exceedsLimit(order: ReservationOrder, { refundCents }: RefundQuote): boolean {
    return this.#consumedCents + pricingCents(order, refundCents) > MAX_REFUND_CENTS;
  }

  #json(order: ReservationOrder, quote: RefundQuote, sessionId: string): object {
    const { currency } = order.request.quote;
    const price = (cents: number) => ({ currencyCode: currency, amount: cents / 100 });
    const policyErrors = this.#exceedsLimit(order, quote)
      ? [{ code: "RefundLimitExceeded", message: LIMIT_EXCEEDED }]
      : [];
    return {
      id: reservationPath(order),
      properties: {
        sessionId,
        quantity: quote.quantity,
        billingRefundAmount: price(quote.refundCents),
        pricingRefundAmount: pricingPrice(currency, quote.refundCents),
        policyResult: {
          properties: {
            consumedRefundsTotal: { currencyCode: "USD", amount: this.#consumedCents / 100 },
            maxRefundLimit: { currencyCode: "USD", amount: MAX_REFUND_CENTS / 100 },
            policyErrors,
          },
        },
        billingInformation: {
          billingPlan: order.request.billingPlan,
          completedTransactions: quote.completedTransactions,
          totalTransactions: quote.totalTransactions,
          billingCurrencyTotalPaidAmount: price(quote.paidCents),
          billingCurrencyProratedAmount: price(quote.proratedCents),
          billingCurrencyRemainingCommitmentAmount: price(quote.remainingCents),
        },
      },
    };
  }
}

const LIMIT_EXCEEDED = "The refund exceeds what may be refunded within a year.";

function pricingCents(order: ReservationOrder, cents: number): number {
  return Math.round(pricingPrice(order.request.quote.currency, cents).amount * 100);
}

/** No recording shows this refusal: it is worded like that of an order id that was not calculated. */
function sessionOver(): SimulatedError {
  return new SimulatedError("BadRequest", 400, "Session timed out - Call CalculateRefund again.");
}
