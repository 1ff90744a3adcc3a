import type { AzureReservationsRequest } from "../../domain/commitment-request/azure-reservations.js";
import { invalidArgument } from "../../domain/input-problem.js";
import { checkKeys } from "../../domain/options.js";
import type { CommitmentProvider } from "../commitment-provider.js";
import { AZURE_OPTION_KEYS, type AzureProviderOptions } from "./azure-provider-options.js";
import { aliasBody } from "./azure-reservations/bodies.js";
import { calculatePrice } from "./azure-reservations/calculate-price.js";
import { calculatedOrders } from "./azure-reservations/calculated-orders.js";
import { reservationNeedKey } from "./azure-reservations/need-key.js";
import { orderPath } from "./azure-reservations/order.js";
import { readAlias } from "./azure-reservations/order-alias.js";
import { orderAliases } from "./order-aliases.js";
import { API_VERSION } from "./spelling.js";

/** How reservations are bought. */
export interface AzureReservationsOptions extends AzureProviderOptions {
  /**
   * With `alias` (default) the adapter names the order, so whatever was bought is found under that name for ever. With
   * `calculated` it buys under the order id of a price calculation, for accounts that may not use
   * Microsoft.BillingBenefits.
   */
  readonly flow?: "alias" | "calculated";
}

/**
 * Buys Azure reservations, of every resource type that the API sells.
 *
 * Needs `Microsoft.Capacity/calculatePrice/action`, `Microsoft.Capacity/reservationOrders/read`, and the right to buy
 * on the billing subscription. Flow `alias` also needs `Microsoft.BillingBenefits/reservationOrderAliases/read` and
 * `write`. Flow `calculated` also needs `Microsoft.Capacity/reservationOrders/write` and
 * `reservationOrders/reservations/read`. The built-in role "Reservation Purchaser" lacks some of these rights.
 *
 * Orders and aliases belong to the tenant, so the rights to read must be granted there: a caller without them gets 403
 * for a name that does not exist, and nothing is bought. {@link checkAzureAccess} finds this out, docs/azure.md says
 * which right belongs at which scope.
 */
export function azureReservations(options: AzureReservationsOptions): CommitmentProvider<AzureReservationsRequest> {
  checkKeys("options", options, { ...AZURE_OPTION_KEYS, flow: true });
  const { flow = "alias" } = options;
  if (flow === "calculated") return calculatedOrders(options);
  if (flow !== "alias") throw invalidArgument("flow", `must be "alias" or "calculated", got "${flow}"`);
  return orderAliases(options, {
    service: "azure.reservations",
    what: "reservations",
    needKey: reservationNeedKey,
    aliasPath: (name) =>
      `/providers/Microsoft.BillingBenefits/reservationOrderAliases/${name}?api-version=${API_VERSION}`,
    orderPath,
    body: aliasBody,
    readAlias,
    // The order id that the calculation mints is not used, and so the charge of a purchase under that id is not used
    // either.
    quote: async (connection, request, name) => (await calculatePrice(connection, request, name)).price,
  });
}
