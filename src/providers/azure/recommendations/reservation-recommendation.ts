import Big from "big.js";
import * as z from "zod/mini";
import {
  AZURE_RESERVED_RESOURCE_TYPES,
  type AzureReservationsRequest,
} from "../../../domain/commitment-request/azure-reservations.js";
import type { AnyTerm } from "../../../domain/commitment-request/common.js";
import { once } from "../../../domain/once.js";
import type { Offer, ReportedFigures, ReportedRecommendation } from "../../../domain/recommendation.js";
import { parseAnswer } from "../../parse-answer.js";
import type { AskedRecommendations } from "./source-options.js";
import { checkAnswered, decimalOf, termOf } from "./spelled.js";

/** What is asked for, and the resource type as the filter has it. */
export interface AskedReservations extends AskedRecommendations {
  readonly resourceType: string;
}

const common = once(() => ({
  term: z.string(),
  recommendedQuantity: z.number(),
  scope: z.string(),
  subscriptionId: z.nullish(z.string()),
  resourceType: z.nullish(z.string()),
}));

const amountSchema = once(() => z.nullish(z.object({ value: z.number() })));

const itemSchema = once(() =>
  z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("legacy"),
      sku: z.string(),
      location: z.string(),
      properties: z.object({
        ...common(),
        lookBackPeriod: z.nullish(z.string()),
        netSavings: z.nullish(z.number()),
        costWithNoReservedInstances: z.nullish(z.number()),
      }),
    }),
    z.object({
      kind: z.literal("modern"),
      properties: z.object({
        ...common(),
        skuName: z.string(),
        location: z.string(),
        lookBackPeriod: z.nullish(z.number()),
        netSavings: amountSchema(),
        costWithNoReservedInstances: amountSchema(),
      }),
    }),
  ]),
);

/** A recommendation for a term. */
export type TermedReport = ReportedRecommendation & { readonly term: AnyTerm };

/**
 * One recommendation of Microsoft.Consumption 2024-08-01, of either kind: `legacy` for Enterprise Agreements, `modern`
 * for Microsoft Customer Agreements.
 *
 * The line has no price. `totalCostWithReservedInstances` is no price: it holds what the reservations leave uncovered.
 * Nor is it documented over which time the costs are summed. In the examples of the specification, legacy costs fit the
 * look-back, and modern ones the term. So of the costs only their ratio is used, which is the same over any time.
 *
 * What is bought is the stated SKU and quantity. `normalizedSize` and `recommendedQuantityNormalized` say the same in
 * units of the smallest size of the series (`instanceFlexibilityGroup`).
 */
export function reservationRecommendation(
  item: Readonly<Record<string, unknown>>,
  asked: AskedReservations,
): TermedReport {
  const parsed = parseAnswer(itemSchema(), item, "reservation recommendation");
  const { properties } = parsed;
  checkAnswered(asked, properties);
  const stated: Stated = {
    sku: parsed.kind === "legacy" ? parsed.sku : parsed.properties.skuName,
    location: (parsed.kind === "legacy" ? parsed.location : parsed.properties.location).toLowerCase(),
    resourceType: properties.resourceType || asked.resourceType,
    quantity: properties.recommendedQuantity,
  };
  const known = reservedResourceType(stated.resourceType);
  const { account, scope, payment, lookbackDays } = asked;
  const term = termOf(properties.term);
  const place = { service: "azure.reservations", account, region: stated.location, term, payment } as const;
  const type = known ?? stated.resourceType;
  return {
    ...place,
    lookbackDays,
    subject: { reservedResourceType: type, sku: stated.sku },
    variant: scope,
    title: `${stated.quantity} x ${stated.sku} (${type})`,
    offer: offerOf(stated, { ...place, reservedResourceType: known, scope: lineScope(asked) }),
    figures: figuresOf(parsed),
    generatedAt: null,
    evidence: item,
  };
}

interface Stated {
  readonly sku: string;
  readonly location: string;
  readonly resourceType: string;
  readonly quantity: number;
}

type Item = z.infer<ReturnType<typeof itemSchema>>;

/** Azure spells a type in both APIs with the same letters, and in other capitals: `SUSELinux` and `SuseLinux`. */
const reservedResourceType = (type: string): string | undefined =>
  AZURE_RESERVED_RESOURCE_TYPES.find((known) => known.toLowerCase() === type.toLowerCase());

const lineScope = ({ scope, account }: AskedReservations): AzureReservationsRequest["scope"] =>
  scope === "shared" ? { type: "shared" } : { type: "subscription", subscriptionId: account };

type LineWithoutType = Omit<AzureReservationsRequest, "expectedPrice" | "sku" | "quantity" | "reservedResourceType">;

function offerOf(
  { sku, location, resourceType, quantity }: Stated,
  { reservedResourceType, ...line }: LineWithoutType & { readonly reservedResourceType: string | undefined },
): Offer {
  const refused = (reason: string): Offer => ({ kind: "not_purchasable", reason });
  if (reservedResourceType === undefined)
    return refused(`"${resourceType}" is not a reserved resource type that is known to be sold by API.`);
  if (!/^[a-z][a-z0-9]{2,40}$/.test(location)) return refused(`"${location}" is not the name of an Azure location.`);
  if (!/^[A-Za-z0-9][\w.()/ -]{0,100}$/.test(sku)) return refused(`"${sku}" is not a SKU that a line can state.`);
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > 100_000)
    return refused(`${quantity} units cannot be bought.`);
  return { kind: "line", line: { ...line, reservedResourceType, sku, quantity }, unitPrices: [] };
}

function figuresOf(item: Item): ReportedFigures {
  const { netSavings, costWithNoReservedInstances } = item.properties;
  const [savings, cost] = [numberIn(netSavings), numberIn(costWithNoReservedInstances)];
  // Some examples of the specification state savings on costs of 0.
  if (savings === undefined || cost === undefined || cost <= 0 || savings < 0 || savings > cost) return {};
  const savingsPercent = decimalOf(Number(new Big(savings).times(100).div(cost)), 4);
  return savingsPercent === undefined ? {} : { savingsPercent };
}

const numberIn = (amount: number | { readonly value: number } | null | undefined): number | undefined =>
  typeof amount === "object" ? amount?.value : amount;
