import type { AzureOperation } from "../azure-operation.js";
import type { AzureWorld } from "../azure-world.js";
import { billingTotal, paymentSchedule, pricingTotal } from "../orders/quote.js";
import type { PriceSessions } from "./price-sessions.js";
import { readCapacityRequest } from "./reservation-request.js";
import { skuTitle } from "./sku-title.js";

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
