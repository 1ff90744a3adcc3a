import { describe, expect, test } from "vitest";
import type { CommitmentRequest } from "../../../src/domain/commitment-request/commitment-request.js";
import type { CommitmentProvider } from "../../../src/providers/commitment-provider.js";
import {
  ADAPTERS,
  ALIAS,
  answering,
  azureCloud,
  bought,
  CALCULATION,
  changing,
  context,
  idOf,
  NAME,
  PLANS,
  permitFor,
  RESERVATIONS,
  seen,
  type WireBody,
} from "./azure-cloud.js";
import { planRequest, reservationRequest, TOKEN, usd } from "./azure-lines.js";

const asked = (provider: CommitmentProvider, request: CommitmentRequest) => provider.prepare(request, TOKEN, context());

const isPrice = ({ url }: { readonly url: string }) => /calculatePrice|validate/.test(url);

describe.each(RESERVATIONS)("$name", (adapter) => {
  test.each([
    ["the very price", "1145.52", undefined, true],
    ["a price within the tolerance", "1156.90", undefined, true],
    ["a price beyond it", "1157.20", undefined, false],
    ["a higher price than was expected", "1134.10", undefined, false],
    ["a price that must be exact", "1145.53", 0, false],
    ["a price within a tolerance of the line's own", "1300", 15, true],
  ])("takes %s as the line says", async (_what, amount, priceTolerancePercent, isTaken) => {
    const { provider } = adapter.over(await azureCloud());
    const request = reservationRequest({ expectedPrice: usd(amount), priceTolerancePercent });
    const prepared = asked(provider, request);
    if (isTaken) expect((await prepared).price).toEqual(usd("1145.52"));
    else
      await expect(prepared).rejects.toMatchObject({
        code: "PRICE_DRIFT",
        retryable: false,
        details: { actual: usd("1145.52"), expected: usd(amount) },
      });
  });

  test("takes no price in another currency", async () => {
    const { provider } = adapter.over(await azureCloud({ billingCurrency: "EUR" }));
    await expect(asked(provider, adapter.request)).rejects.toMatchObject({ code: "PRICE_DRIFT" });
  });

  test("takes what Azure sells at a new price for drifted", async () => {
    const cloud = await azureCloud();
    const { provider } = adapter.over(cloud);
    await asked(provider, adapter.request);
    for (const price of await cloud.simulator.prices.list())
      await cloud.simulator.prices.set({ ...price, amount: price.amount * 1.02 });
    await expect(asked(provider, adapter.request)).rejects.toMatchObject({ code: "PRICE_DRIFT" });
  });

  test.each([
    ["a sku that is not sold", { sku: "Standard_Z99" }, "OFFERING_NOT_FOUND"],
    ["a region where nothing is sold", { region: "antarctica" }, "OFFERING_NOT_FOUND"],
    ["a type that is not known", { reservedResourceType: "SapHana", sku: "x" }, "PURCHASE_REFUSED"],
    ["a type that nobody knows", { reservedResourceType: "Functions" }, "OFFERING_NOT_FOUND"],
  ] as const)("refuses %s for good", async (_what, more, code) => {
    const { provider } = adapter.over(await azureCloud());
    await expect(asked(provider, reservationRequest(more))).rejects.toMatchObject({ code, retryable: false });
  });

  test("says which type was probably meant", async () => {
    const { provider } = adapter.over(await azureCloud());
    await expect(asked(provider, reservationRequest({ reservedResourceType: "virtualMachine" }))).rejects.toMatchObject(
      {
        code: "OFFERING_NOT_FOUND",
        message: expect.stringMatching(/"virtualMachine" is not .* known today; did you mean "VirtualMachines"\?/),
      },
    );
  });

  test("says which type was probably meant where Azure says too little, and may be asked again", async () => {
    const answer = { status: 400, body: { error: { code: "BadRequest", message: "no" } } };
    const between = answering((request) => (isPrice(request) ? answer : undefined));
    const { provider } = adapter.over(await azureCloud(), { between });
    await expect(asked(provider, reservationRequest({ reservedResourceType: "RedisCaches" }))).rejects.toMatchObject({
      code: "PREPARE_FAILED",
      retryable: true,
      message: expect.stringContaining('did you mean "RedisCache"?'),
    });
  });

  test.each<[string, (body: WireBody) => unknown]>([
    ["no total", ({ properties: { billingCurrencyTotal: _, ...properties } }) => ({ properties })],
    [
      "a total of no currency",
      ({ properties }) => ({ properties: { ...properties, billingCurrencyTotal: { amount: 1145.52 } } }),
    ],
    [
      "a total as text",
      ({ properties }) => ({
        properties: { ...properties, billingCurrencyTotal: { currencyCode: "USD", amount: "1145.52" } },
      }),
    ],
    [
      "a negative total",
      ({ properties }) => ({
        properties: { ...properties, billingCurrencyTotal: { currencyCode: "USD", amount: -1145.52 } },
      }),
    ],
    ["no properties", () => ({})],
  ])("prepares nothing by a calculation with %s", async (_what, change) => {
    const { provider } = adapter.over(await azureCloud(), { between: changing(isPrice, change) });
    await expect(asked(provider, adapter.request)).rejects.toMatchObject({ code: "PREPARE_FAILED", retryable: true });
  });

  test("does not take the totals for a price that are 0 in every recording", async () => {
    const between = changing(isPrice, ({ properties }) => ({
      properties: {
        ...properties,
        netTotal: 1,
        taxTotal: 2,
        grandTotal: 3,
        pricingCurrencyTotal: { currencyCode: "USD", amount: 4 },
      },
    }));
    const { provider } = adapter.over(await azureCloud(), { between });
    expect((await asked(provider, adapter.request)).price).toEqual(usd("1145.52"));
  });

  test("buys nothing by preparing", async () => {
    const cloud = await azureCloud();
    await asked(adapter.over(cloud).provider, adapter.request);
    expect(await cloud.simulator.ledger.purchases()).toEqual([]);
    expect(await seen(cloud, adapter.purchase)).toEqual([]);
  });
});

const withoutOrderId = changing(isPrice, ({ properties: { reservationOrderId: _, ...properties } }) => ({
  properties,
}));

test("an alias needs no order id of the calculation", async () => {
  const { provider } = ALIAS.over(await azureCloud(), { between: withoutOrderId });
  expect((await asked(provider, ALIAS.request)).price).toEqual(usd("1145.52"));
});

test("a calculated order is not prepared without an order id", async () => {
  const { provider } = CALCULATION.over(await azureCloud(), { between: withoutOrderId });
  await expect(asked(provider, CALCULATION.request)).rejects.toMatchObject({ code: "PREPARE_FAILED", retryable: true });
});

test("a plan that Azure refuses under another SKU is told which SKU was probably meant", async () => {
  const { provider } = PLANS.over(await azureCloud());
  await expect(asked(provider, planRequest({ sku: "Compute_Saving_Plan" }))).rejects.toMatchObject({
    code: "PURCHASE_REFUSED",
    message: expect.stringContaining('did you mean "Compute_Savings_Plan"?'),
  });
});

describe("a calculated order", () => {
  test.each([
    ["all_upfront", "1145.52", "Upfront"],
    ["no_upfront", "95.46", "Monthly"],
  ] as const)("paid %s is charged %s at once, and bought as it was calculated", async (payment, charge, plan) => {
    const cloud = await azureCloud();
    const { prepared, outcome } = await bought(CALCULATION.over(cloud).provider, reservationRequest({ payment }));
    expect(prepared.detail).toEqual({ name: NAME, charge: usd(charge) });
    const [purchase] = await cloud.simulator.ledger.purchases();
    expect(outcome).toMatchObject({ commitment: { charge: usd(charge) } });
    expect(purchase?.charge).toEqual(usd(charge));
    const [calculated] = await seen(cloud, "CalculatePrice");
    const [bodyOfPurchase] = await seen(cloud, "PutReservationOrder");
    expect(calculated?.params).toMatchObject({ billingPlan: plan });
    const { reservationOrderId, ...params } = bodyOfPurchase?.params ?? {};
    expect(params).toEqual(calculated?.params);
    expect(reservationOrderId).toBe(prepared.reference);
  });

  test.each<[string, unknown]>([
    ["no schedule", undefined],
    ["a schedule that is null", null],
    ["an empty schedule", []],
    ["a schedule whose first payment is not billed", [{ dueDate: "2026-01-01" }]],
  ])("by the month with %s is charged what nobody knows", async (_what, paymentSchedule) => {
    const between = changing(isPrice, ({ properties }) => ({ properties: { ...properties, paymentSchedule } }));
    const { provider } = CALCULATION.over(await azureCloud(), { between });
    const prepared = await asked(provider, reservationRequest({ payment: "no_upfront" }));
    expect(prepared.detail).toEqual({ name: NAME });
  });

  test.each([
    ["with its path", (id: string) => `/providers/Microsoft.Capacity/reservationOrders/${id}`],
    ["in capitals", (id: string) => id.toUpperCase()],
  ])("whose id is minted %s is bought under the bare id", async (_what, spell) => {
    const cloud = await azureCloud();
    const between = changing(isPrice, ({ properties }) => ({
      properties: { ...properties, reservationOrderId: spell(String(properties["reservationOrderId"])) },
    }));
    const first = await bought(CALCULATION.over(cloud, { between }).provider, CALCULATION.request);
    expect(first.prepared.reference).toMatch(/^[0-9a-f-]{36}$/);
    expect(idOf(first)).toBe(first.prepared.reference);
  });
});

describe("a savings plan", () => {
  test("costs its commitment times the hours of its term", async () => {
    const { provider } = PLANS.over(await azureCloud());
    expect((await asked(provider, planRequest())).price).toEqual(usd("4380"));
    const threeYears = planRequest({ term: "3yr", expectedPrice: usd("13140") });
    expect((await asked(provider, threeYears)).price).toEqual(usd("13140"));
    await expect(asked(provider, planRequest({ expectedPrice: usd("4500") }))).rejects.toMatchObject({
      code: "PRICE_DRIFT",
    });
  });

  test("in another currency than the billing account's is refused with Azure's own reason", async () => {
    const { provider } = PLANS.over(await azureCloud({ billingCurrency: "EUR" }));
    await expect(asked(provider, planRequest())).rejects.toMatchObject({
      code: "PURCHASE_REFUSED",
      retryable: false,
      details: { reasonCode: "InvalidCommitmentCurrency", reason: expect.stringContaining("'USD'") },
    });
  });

  test("is checked as it is then bought, and the check buys nothing", async () => {
    const cloud = await azureCloud();
    const { provider } = PLANS.over(cloud);
    const prepared = await asked(provider, planRequest());
    expect(await cloud.simulator.ledger.purchases()).toEqual([]);
    const bodies: unknown[] = [];
    const between = answering(({ method, body }) => {
      if (method !== "GET") bodies.push(JSON.parse(String(body)));
      return undefined;
    });
    const watched = PLANS.over(cloud, { between }).provider;
    await asked(watched, planRequest());
    await watched.purchase(permitFor(planRequest(), prepared), context());
    expect(bodies[0]).toEqual({ benefits: [bodies[1]] });
  });

  test.each<[string, unknown]>([
    ["no verdict", { benefits: [] }],
    ["two verdicts", { benefits: [{ valid: true }, { valid: true }] }],
    ["a verdict as text", { benefits: [{ valid: "true" }] }],
    ["no list", {}],
    ["nested lists", { benefits: [{ benefits: [{ valid: true }] }] }],
  ])("is not prepared by a check with %s", async (_what, answer) => {
    const { provider } = PLANS.over(await azureCloud(), { between: changing(isPrice, () => answer) });
    await expect(asked(provider, planRequest())).rejects.toMatchObject({ code: "PREPARE_FAILED" });
  });

  test.each([{ reasonCode: null, reason: null }, {}])("is refused by a verdict without a reason", async (reasons) => {
    const answer = { benefits: [{ valid: false, ...reasons }] };
    const { provider } = PLANS.over(await azureCloud(), { between: changing(isPrice, () => answer) });
    await expect(asked(provider, planRequest())).rejects.toMatchObject({ code: "PURCHASE_REFUSED" });
  });
});

/** What a code of the check before a purchase makes of a line. */
const CODES = {
  OFFERING_NOT_FOUND: ["CalculatePriceFailed", "InvalidLocationId", "UnsupportedReservationTerm"],
  PURCHASE_REFUSED: [
    "DisplayNameInvalid",
    "InvalidRequestContent",
    "InvalidSubscriptionId",
    "MissingAppliedScopesForSingle",
    "NonsupportedAccountId",
    "NotSupportedCountry",
  ],
  PREPARE_FAILED: [
    "AuthenticationFailed",
    "AuthorizationFailed",
    "BadRequest",
    "BillingTransientError",
    "CreateQuoteFailed",
    "InternalServerError",
    "ResourceNotFound",
    "RiskCheckFailed",
    "ServerTimeout",
    "SubscriptionNotFound",
    "TooManyRequests",
    "WordOfTomorrow",
  ],
} as const;

const decisions = Object.entries(CODES).flatMap(([code, said]) => said.map((one) => [one, code] as const));

describe.each(ADAPTERS)("$name", (adapter) => {
  test.each(decisions)("%s before the purchase is %s", async (said, code) => {
    const cloud = await azureCloud();
    await cloud.simulator.faults.add({ operation: adapter.price, kind: "error", code: said, status: 400 });
    const { provider } = adapter.over(cloud);
    await expect(asked(provider, adapter.request)).rejects.toMatchObject({
      code,
      retryable: code === "PREPARE_FAILED",
      message: expect.stringContaining(said),
    });
  });

  test.each(["cut-body", "garbage-body", "empty-body", "reset-before", "error-500-before", "throttle"] as const)(
    "is prepared later where the check meets %s",
    async (kind) => {
      const cloud = await azureCloud();
      await cloud.simulator.faults.add({ operation: adapter.price, kind });
      const { provider } = adapter.over(cloud, { client: { retryOptions: { maxRetries: 0 } } });
      await expect(asked(provider, adapter.request)).rejects.toMatchObject({ code: "PREPARE_FAILED", retryable: true });
      expect(await asked(provider, adapter.request)).toMatchObject({ detail: { name: NAME } });
    },
  );

  test("names its commitment by the token, within what Azure takes for a name", async () => {
    const cloud = await azureCloud();
    await bought(adapter.over(cloud).provider, adapter.request);
    expect(NAME).toMatch(/^buyonce-[0-9a-f]{40}$/);
    expect(NAME.length).toBeLessThanOrEqual(64);
    const [purchase] = await seen(cloud, adapter.purchase);
    expect(purchase?.params).toMatchObject({ displayName: NAME });
    expect((await cloud.simulator.ledger.purchases()).map(({ token }) => token)).toEqual([NAME]);
  });

  test.each(["Failed", "BillingFailed", "billingfailed"])(
    "has no name left where its order is %s, until a retry unlocks one more",
    async (state) => {
      const cloud = await azureCloud();
      const { provider } = adapter.over(cloud);
      await cloud.simulator.states.set(idOf(await bought(provider, adapter.request)), state);
      await expect(asked(provider, adapter.request)).rejects.toMatchObject({
        code: "NAME_SPENT",
        retryable: false,
        message: expect.stringContaining(state),
      });
      const second = await provider.prepare(adapter.request, TOKEN, context({ lineageAttempt: 2 }));
      expect(second.detail).toMatchObject({ name: `${NAME}-2` });
    },
  );

  test.each(["Cancelled", "Expired", "Split", "Merged", "Creating", "state-of-tomorrow"])(
    "is not prepared, also not under another name, where its order is %s and may have been bought",
    async (state) => {
      const cloud = await azureCloud();
      const { provider } = adapter.over(cloud);
      await cloud.simulator.states.set(idOf(await bought(provider, adapter.request)), state);
      for (const lineageAttempt of [1, 2, 3])
        await expect(provider.prepare(adapter.request, TOKEN, context({ lineageAttempt }))).rejects.toMatchObject({
          code: "PREPARE_FAILED",
          retryable: true,
        });
    },
  );

  test("is not prepared where its order has come to exist meanwhile", async () => {
    const { provider } = adapter.over(await azureCloud());
    await bought(provider, adapter.request);
    await expect(asked(provider, adapter.request)).rejects.toMatchObject({ code: "PREPARE_FAILED", retryable: true });
  });
});

test("an alias keeps its name and its price, and no order id of the calculation", async () => {
  const prepared = await asked(ALIAS.over(await azureCloud()).provider, ALIAS.request);
  expect(prepared).toEqual({ reference: NAME, price: usd("1145.52"), detail: { name: NAME } });
});
