import { deterministicId } from "../../deterministic-id.js";
import type { AzureOperation } from "../azure-service.js";
import type { AzureWorld } from "../azure-world.js";
import { billingTotal, paymentSchedule, pricingTotal } from "../orders/quote.js";
import { type ReservationRequest, readCapacityRequest, skuTitle } from "./reservation-request.js";

/** Calculates a price and opens the session in which it can be bought: the only source of order ids for a PUT. */
export function calculatePrice(world: AzureWorld, sessions: PriceSessions): AzureOperation {
  return {
    name: "CalculatePrice",
    service: "azure.reservations",
    method: "POST",
    path: "/providers/Microsoft.Capacity/calculatePrice",
    run(call) {
      const request = readCapacityRequest(call, world, "Microsoft.Capacity/calculatePrice/action");
      const schedule = paymentSchedule(request.quote, call.now);
      const properties = {
        billingCurrencyTotal: billingTotal(request.quote),
        // 0 in every recording, whatever the price.
        netTotal: 0,
        taxTotal: 0,
        grandTotal: 0,
        ...(schedule && { paymentSchedule: schedule }),
        reservationOrderId: sessions.open(request, call.now + world.settings.sessionMs),
        skuTitle: skuTitle(request),
        skuDescription: request.body.sku.name,
        pricingCurrencyTotal: pricingTotal(request.quote),
      };
      return { status: 200, body: { properties } };
    },
  };
}

interface Session {
  readonly request: ReservationRequest;
  readonly until: number;
}

/** The order ids that price calculations gave out, each good for one purchase while its session lasts. */
export class PriceSessions {
  readonly #sessions = new Map<string, Session>();

  /** Opens a session and returns its order id, which no other calculation ever gets. */
  open(request: ReservationRequest, until: number): string {
    const orderId = deterministicId(`calculated-order:${this.#sessions.size + 1}`);
    this.#sessions.set(orderId, { request, until });
    return orderId;
  }

  /** What was calculated under this order id; `undefined` if nothing was, or the session is over. */
  at(orderId: string, now: number): ReservationRequest | undefined {
    const session = this.#sessions.get(orderId);
    return session !== undefined && now < session.until ? session.request : undefined;
  }
}
