import { listedAsOf } from "../../call-effects.js";
import { deterministicId } from "../../deterministic-id.js";
import type { AzureAnswer, AzureCall, AzureOperation } from "../azure-service.js";
import type { AzureWorld } from "../azure-world.js";
import type { OrderShelf } from "../orders/order-shelf.js";
import { stateOf } from "../orders/placed-order.js";
import { type ReservationOrder, remainingQuantity } from "../reservations/reservation-order.js";
import type { ReservationPrice } from "../reservations/reservation-prices.js";
import { askedSubscription } from "./asked-subscription.js";
import { pageWithQuery } from "./page-with-query.js";
import { daysOf, readFilter } from "./recommendation-filter.js";
import type { StatedUsage } from "./usage-book.js";

const FILTER = {
  scope: ["Single", "Shared"],
  lookBackPeriod: ["Last7Days", "Last30Days", "Last60Days"],
  resourceType: [
    "VirtualMachines",
    "SQLDatabases",
    "PostgreSQL",
    "ManagedDisk",
    "MySQL",
    "RedHat",
    "MariaDB",
    "RedisCache",
    "CosmosDB",
    "SqlDataWarehouse",
    "SUSELinux",
    "AppService",
    "BlockBlob",
    "AzureDataExplorer",
    "VMwareCloudSimple",
  ],
} as const;

const TYPE = "Microsoft.Consumption/reservationRecommendations";

/** Recommends to reserve what a subscription uses and has not reserved: 204 if there is nothing. */
export function reservationRecommendations(
  world: AzureWorld,
  reservations: OrderShelf<ReservationOrder>,
): AzureOperation {
  return {
    name: "ListReservationRecommendations",
    service: "azure.consumption",
    method: "GET",
    path: `/subscriptions/{subscriptionId}/providers/${TYPE}`,
    run(call): AzureAnswer {
      const subscription = askedSubscription(call, `${TYPE}/read`);
      const filter = readFilter(call, FILTER);
      const items = world.usage
        .of("units", subscription)
        .filter((usage) => isSame(usage.reservedResourceType, filter.resourceType))
        .flatMap((usage) => {
          const lacking = usage.units - reservedUnits(usage, reservations, call);
          if (lacking < 1) return [];
          return pricesOf(usage, world).map((price) =>
            itemOf({ ...filter, subscription, price, lacking }, call, world),
          );
        });
      if (items.length === 0) return { status: 204 };
      return { status: 200, body: pageWithQuery(items, call, world.settings) };
    },
  };
}

type UnitUsage = Extract<StatedUsage, { kind: "units" }>;

function reservedUnits(usage: UnitUsage, reservations: OrderShelf<ReservationOrder>, call: AzureCall): number {
  const moment = listedAsOf(call);
  return reservations
    .listed(call)
    .filter((order) => {
      const { sku, location, properties } = order.request.body;
      return (
        order.subscription === usage.subscription.toLowerCase() &&
        stateOf(order, moment).state === "Succeeded" &&
        isSame(sku.name, usage.sku) &&
        isSame(location, usage.location) &&
        isSame(properties.reservedResourceType, usage.reservedResourceType)
      );
    })
    .reduce((units, order) => units + remainingQuantity(order, moment), 0);
}

const pricesOf = (usage: UnitUsage, { prices }: AzureWorld): ReservationPrice[] =>
  prices
    .list()
    .filter(
      ({ reservedResourceType, sku, location }) =>
        isSame(reservedResourceType, usage.reservedResourceType) &&
        isSame(sku, usage.sku) &&
        isSame(location, usage.location),
    );

interface Recommended {
  readonly subscription: string;
  readonly scope: string;
  readonly lookBackPeriod: string;
  readonly resourceType: string;
  readonly price: ReservationPrice;
  readonly lacking: number;
}

const TERM_HOURS = { P1M: 730, P1Y: 8_760, P3Y: 26_280, P5Y: 43_800 } as const;
const DAY_MS = 86_400_000;
/** What a unit costs on demand, for one that costs 1 if it is reserved. */
const ON_DEMAND = 1.6;

function itemOf(recommended: Recommended, call: AzureCall, world: AzureWorld): object {
  const { subscription, scope, lookBackPeriod, price, lacking } = recommended;
  const { recommendationKind: kind, billingCurrency: currency } = world.settings;
  const days = daysOf(lookBackPeriod);
  const hours = kind === "modern" ? TERM_HOURS[price.term] : days * 24;
  const totalCost = (price.amount / TERM_HOURS[price.term]) * hours * lacking;
  const amount = (value: number) => (kind === "modern" ? { currency, value } : value);
  const name = deterministicId(JSON.stringify({ ...recommended, lacking: undefined }));
  const properties = {
    costWithNoReservedInstances: amount(totalCost * ON_DEMAND),
    totalCostWithReservedInstances: amount(totalCost),
    netSavings: amount(totalCost * (ON_DEMAND - 1)),
    recommendedQuantity: lacking,
    recommendedQuantityNormalized: lacking,
    normalizedSize: price.sku,
    instanceFlexibilityGroup: "NA",
    instanceFlexibilityRatio: 1,
    firstUsageDate: new Date(call.now - days * DAY_MS).toISOString(),
    lastUsageDate: new Date(call.now).toISOString(),
    totalHours: days * 24,
    meterId: deterministicId(`meter:${price.reservedResourceType}:${price.sku}`),
    resourceType: price.reservedResourceType.toLowerCase(),
    scope,
    skuProperties: [],
    term: price.term,
    ...(scope === "Single" && { subscriptionId: subscription }),
  };
  const resource = { id: `/subscriptions/${subscription}/providers/${TYPE}/${name}`, name, type: TYPE, kind };
  const { sku, location } = price;
  if (kind === "legacy") return { ...resource, sku, location, properties: { ...properties, lookBackPeriod } };
  return { ...resource, properties: { ...properties, skuName: sku, location, lookBackPeriod: days } };
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
