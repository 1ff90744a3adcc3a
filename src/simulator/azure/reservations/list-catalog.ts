import type { AzureCall, AzureOperation } from "../azure-service.js";
import type { AzureWorld } from "../azure-world.js";
import { orderPage } from "../orders/order-page.js";
import type { ReservationPrice } from "./reservation-prices.js";

/** Lists what is on sale: one entry for each SKU, with the terms and places in which it has a price. */
export function listCatalog({ prices, settings }: AzureWorld): AzureOperation {
  return {
    name: "ListCatalog",
    service: "azure.reservations",
    method: "GET",
    path: "/subscriptions/{subscriptionId}/providers/Microsoft.Capacity/catalogs",
    run(call) {
      const entries = entriesOf(prices.list().filter((price) => isAskedFor(price, call)));
      return { status: 200, body: { ...orderPage(entries, call, settings), totalItems: entries.length } };
    },
  };
}

function isAskedFor({ reservedResourceType, location }: ReservationPrice, { query }: AzureCall): boolean {
  const [type, place] = [query.get("reservedResourceType"), query.get("location")];
  if (type !== null && type !== reservedResourceType) return false;
  return place === null || place.toLowerCase() === location.toLowerCase();
}

function entriesOf(prices: readonly ReservationPrice[]): readonly object[] {
  const skus = new Map<string, ReservationPrice[]>();
  for (const price of prices) {
    const key = JSON.stringify([price.reservedResourceType, price.sku]);
    skus.set(key, [...(skus.get(key) ?? []), price]);
  }
  return [...skus.values()].map(entryOf);
}

function entryOf(prices: readonly ReservationPrice[]): object {
  const terms = [...new Set(prices.map(({ term }) => term))];
  return {
    resourceType: prices[0]?.reservedResourceType,
    name: prices[0]?.sku,
    billingPlans: Object.fromEntries(terms.map((term) => [term, ["Upfront", "Monthly"]])),
    terms,
    locations: [...new Set(prices.map(({ location }) => location))],
    skuProperties: [],
    restrictions: [],
  };
}
