import { describe, expect, test } from "vitest";
import type { AzureScope } from "../../../src/domain/commitment-request/azure-common.js";
import { AZURE_RESERVED_RESOURCE_TYPES } from "../../../src/domain/commitment-request/azure-reservations.js";
import {
  type CommitmentRequest,
  parseCommitmentRequests,
} from "../../../src/domain/commitment-request/commitment-request.js";
import { type Adapter, ALIAS, azureCloud, bought, CALCULATION, PLANS, RESERVATIONS, seen } from "./azure-cloud.js";
import { OTHER_SUBSCRIPTION, planRequest, reservationRequest, usd } from "./azure-lines.js";

const TENANT = "33333333-3333-4333-8333-333333333333";

/** What one purchase sends, and the alias or order that came of it. */
async function sent(adapter: Adapter, request: CommitmentRequest, prices: Parameters<typeof azureCloud>[0] = {}) {
  const cloud = await azureCloud(prices);
  const { outcome } = await bought(adapter.over(cloud).provider, request);
  expect(outcome.kind, JSON.stringify(outcome)).toBe("committed");
  const [purchase, ...others] = await seen(cloud, adapter.purchase);
  expect(others).toEqual([]);
  return purchase?.params ?? expect.fail("nothing was sent");
}

const SUBSCRIPTION_PATH = `/subscriptions/${OTHER_SUBSCRIPTION}`;
const GROUP_PATH = `${SUBSCRIPTION_PATH}/resourceGroups/web-1`;
const MANAGEMENT_GROUP = {
  tenantId: TENANT,
  managementGroupId: "/providers/Microsoft.Management/managementGroups/all-web",
};

/** A scope of a line, and how each API takes it. */
const SCOPES: readonly (readonly [AzureScope, capacity: object, benefits: object])[] = [
  [{ type: "shared" }, { appliedScopeType: "Shared" }, { appliedScopeType: "Shared" }],
  [
    { type: "subscription", subscriptionId: OTHER_SUBSCRIPTION },
    { appliedScopeType: "Single", appliedScopes: [SUBSCRIPTION_PATH] },
    { appliedScopeType: "Single", appliedScopeProperties: { subscriptionId: SUBSCRIPTION_PATH } },
  ],
  [
    { type: "resource_group", subscriptionId: OTHER_SUBSCRIPTION, resourceGroup: "web-1" },
    { appliedScopeType: "Single", appliedScopeProperties: { resourceGroupId: GROUP_PATH } },
    { appliedScopeType: "Single", appliedScopeProperties: { resourceGroupId: GROUP_PATH } },
  ],
  [
    { type: "management_group", tenantId: TENANT, managementGroup: "all-web" },
    { appliedScopeType: "ManagementGroup", appliedScopeProperties: MANAGEMENT_GROUP },
    { appliedScopeType: "ManagementGroup", appliedScopeProperties: MANAGEMENT_GROUP },
  ],
];

/** The fields of a body that are about its scope. */
const scopeIn = (params: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(params).filter(([field]) => field.startsWith("applied")));

describe.each(SCOPES)("a scope of %j", (scope, capacity, benefits) => {
  test.each([
    { name: CALCULATION.name, adapter: CALCULATION, request: reservationRequest({ scope }), fields: capacity },
    { name: ALIAS.name, adapter: ALIAS, request: reservationRequest({ scope }), fields: benefits },
    { name: PLANS.name, adapter: PLANS, request: planRequest({ scope }), fields: benefits },
  ])("goes out with $name as their API takes it", async ({ adapter, request, fields }) => {
    expect(scopeIn(await sent(adapter, request))).toEqual(fields);
  });
});

describe.each(RESERVATIONS)("$name", (adapter) => {
  test.each([
    [undefined, undefined],
    [true, { instanceFlexibility: "On" }],
    [false, { instanceFlexibility: "Off" }],
  ])("with instance flexibility %j say so", async (instanceFlexibility, expected) => {
    const params = await sent(adapter, reservationRequest({ instanceFlexibility }));
    expect(params["reservedResourceProperties"]).toEqual(expected);
  });

  test.each([
    [undefined, false],
    [false, false],
    [true, true],
  ])("to be renewed: %j, say so", async (renew, expected) => {
    expect((await sent(adapter, reservationRequest({ renew })))["renew"]).toBe(expected);
  });

  test.each([
    ["1yr", "P1Y", "1145.52"],
    ["3yr", "P3Y", "2233.44"],
  ] as const)("for %s are bought for %s", async (term, expected, amount) => {
    expect((await sent(adapter, reservationRequest({ term, expectedPrice: usd(amount) })))["term"]).toBe(expected);
  });

  test.each([
    ["1mo", "P1M"],
    ["5yr", "P5Y"],
  ] as const)("for %s are bought for %s where Azure sells that", async (term, expected) => {
    const type = { reservedResourceType: "OpenAIPTU", sku: "OpenAI_PTU", location: "westeurope" };
    const request = reservationRequest({ ...type, term, payment: "no_upfront", expectedPrice: usd("240") });
    const params = await sent(adapter, request, { prices: [{ ...type, term: expected, amount: 120 }] });
    expect(params["term"]).toBe(expected);
  });

  test.each([...AZURE_RESERVED_RESOURCE_TYPES, "SoldSinceYesterday"])(
    "of type %s go out as that",
    async (reservedResourceType) => {
      const price = {
        reservedResourceType,
        sku: "Some SKU/1 (x)",
        location: "westeurope",
        term: "P1Y",
        amount: 10,
      } as const;
      const request = reservationRequest({ reservedResourceType, sku: price.sku, expectedPrice: usd("20") });
      const params = await sent(adapter, request, { prices: [price] });
      expect(params).toMatchObject({
        reservedResourceType,
        sku: { name: price.sku },
        location: "westeurope",
        quantity: 2,
      });
      expect(parseCommitmentRequests([request])).toEqual([request]);
    },
  );
});

test.each([
  ["all_upfront", "Upfront", undefined],
  ["no_upfront", "Monthly", "P1M"],
] as const)("payment %s is billing plan %s for an order, %s for an alias", async (payment, capacity, benefits) => {
  expect((await sent(CALCULATION, reservationRequest({ payment })))["billingPlan"]).toBe(capacity);
  expect((await sent(ALIAS, reservationRequest({ payment })))["billingPlan"]).toBe(benefits);
  expect((await sent(PLANS, planRequest({ payment })))["billingPlan"]).toBe(benefits);
});

test.each([
  [undefined, false],
  [false, false],
  [true, true],
])("a plan to be renewed: %j, says so", async (renew, expected) => {
  expect((await sent(PLANS, planRequest({ renew })))["renew"]).toBe(expected);
});

test("a plan of another kind goes out under the SKU of its line", async () => {
  const params = await sent(PLANS, planRequest({ sku: "Some_Other_Plan" }), { savingsPlanSkus: ["Some_Other_Plan"] });
  expect(params["sku"]).toEqual({ name: "Some_Other_Plan" });
});

test.each(["0.001", "0.12345", "9999999.99999", "10"])(
  "a plan of %s an hour commits to exactly that",
  async (hourly) => {
    const price = { amount: String(Math.round(Number(hourly) * 876_000_000) / 100_000), currency: "USD" };
    const params = await sent(PLANS, planRequest({ hourlyCommitment: hourly, expectedPrice: price }));
    expect(params["commitment"]).toEqual({ grain: "Hourly", currencyCode: "USD", amount: Number(hourly) });
  },
);

test("a plan in another currency commits in that", async () => {
  const request = planRequest({ expectedPrice: { amount: "4380", currency: "EUR" } });
  const params = await sent(PLANS, request, { billingCurrency: "EUR" });
  expect(params["commitment"]).toMatchObject({ currencyCode: "EUR" });
});
