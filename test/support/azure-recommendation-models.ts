import * as z from "zod/mini";

/**
 * The answers of the APIs that recommend, as their specifications describe them: Microsoft.Consumption 2024-08-01,
 * Microsoft.CostManagement 2025-03-01 and Microsoft.Resources 2022-12-01. What the specification calls optional is
 * optional here, and what it does not name is refused.
 */

const number = z.optional(z.number());
const text = z.optional(z.string());
const dateTime = z.optional(z.string().check(z.refine((value) => !Number.isNaN(Date.parse(value)))));
const resource = { id: text, name: text, type: text };

const amount = z.optional(z.strictObject({ currency: text, value: number }));
const skuProperties = z.nullish(z.array(z.strictObject({ name: text, value: text })));

const reservation = {
  instanceFlexibilityRatio: number,
  instanceFlexibilityGroup: text,
  normalizedSize: text,
  recommendedQuantityNormalized: number,
  meterId: text,
  resourceType: text,
  term: text,
  recommendedQuantity: number,
  firstUsageDate: dateTime,
  lastUsageDate: dateTime,
  totalHours: z.optional(z.int()),
  skuProperties,
  scope: z.enum(["Shared", "Single"]),
  subscriptionId: text,
};

const legacy = z.strictObject({
  ...resource,
  kind: z.literal("legacy"),
  etag: text,
  tags: z.optional(z.record(z.string(), z.string())),
  location: text,
  sku: text,
  properties: z.strictObject({
    ...reservation,
    lookBackPeriod: text,
    costWithNoReservedInstances: number,
    totalCostWithReservedInstances: number,
    netSavings: number,
  }),
});

const modern = z.strictObject({
  ...resource,
  kind: z.literal("modern"),
  etag: text,
  tags: z.optional(z.record(z.string(), z.string())),
  location: text,
  sku: text,
  properties: z.strictObject({
    ...reservation,
    location: text,
    skuName: text,
    lookBackPeriod: z.optional(z.int()),
    costWithNoReservedInstances: amount,
    totalCostWithReservedInstances: amount,
    netSavings: amount,
  }),
});

const details = z.strictObject({
  overageCost: number,
  benefitCost: number,
  totalCost: number,
  savingsAmount: number,
  savingsPercentage: number,
  coveragePercentage: number,
  commitmentAmount: number,
  averageUtilizationPercentage: number,
  wastageCost: number,
});

const benefit = z.strictObject({
  ...resource,
  kind: z.optional(z.enum(["IncludedQuantity", "Reservation", "SavingsPlan"])),
  properties: z.strictObject({
    firstConsumptionDate: dateTime,
    lastConsumptionDate: dateTime,
    lookBackPeriod: z.optional(z.enum(["Last7Days", "Last30Days", "Last60Days"])),
    totalHours: z.optional(z.int()),
    usage: z.optional(z.strictObject({ usageGrain: text, charges: z.optional(z.array(z.number())) })),
    armSkuName: text,
    term: z.optional(z.enum(["P1Y", "P3Y"])),
    commitmentGranularity: z.optional(z.enum(["Hourly", "Daily", "Monthly"])),
    currencyCode: text,
    costWithoutBenefit: number,
    recommendationDetails: z.optional(details),
    allRecommendationDetails: z.optional(z.strictObject({ value: z.optional(z.array(details)), nextLink: text })),
    scope: z.enum(["Single", "Shared"]),
    subscriptionId: text,
    resourceGroup: text,
  }),
});

const subscription = z.strictObject({
  id: text,
  subscriptionId: text,
  displayName: text,
  tenantId: text,
  state: z.optional(z.enum(["Enabled", "Warned", "PastDue", "Disabled", "Deleted"])),
  subscriptionPolicies: z.optional(
    z.strictObject({
      locationPlacementId: text,
      quotaId: text,
      spendingLimit: z.optional(z.enum(["On", "Off", "CurrentPeriodOff"])),
    }),
  ),
  authorizationSource: text,
  managedByTenants: z.optional(z.array(z.strictObject({ tenantId: text }))),
  tags: z.optional(z.record(z.string(), z.string())),
});

const pageOf = (item: z.ZodMiniType) => z.strictObject({ value: z.array(item), nextLink: text });

/** The model of the answer to each path. */
export const RECOMMENDATION_MODELS: readonly (readonly [path: RegExp, model: z.ZodMiniType])[] = [
  [/\/Microsoft\.Consumption\/reservationRecommendations$/, pageOf(z.discriminatedUnion("kind", [legacy, modern]))],
  [/\/Microsoft\.CostManagement\/benefitRecommendations$/, pageOf(benefit)],
  [/^\/subscriptions$/, z.strictObject({ value: z.array(subscription), nextLink: text })],
];
