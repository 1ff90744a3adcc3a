import { describe, expect, it } from "vitest";
import {
  buy,
  calculatedId,
  reservationsFor,
  SUBSCRIPTION,
  send,
  simulatedAzure,
  VIRTUAL_MACHINES,
  wireBody,
} from "./simulated-azure.js";

const PATH = "Microsoft.Capacity/calculatePrice";

describe("calculatePrice", () => {
  it("answers a monthly plan with a row for each month, the first due today", async () => {
    const { status, headers, body } = await send(await simulatedAzure(), "POST", PATH, wireBody(VIRTUAL_MACHINES));
    const row = (dueDate: string) => ({
      dueDate,
      pricingCurrencyTotal: { currencyCode: "USD", amount: 5.32 },
      status: "Scheduled",
    });
    const months = ["02-28", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30", "12-31"];
    const first = { ...row("2026-01-31"), billingCurrencyTotal: { currencyCode: "USD", amount: 5.32 } };
    expect([status, headers.get("location"), headers.get("retry-after")]).toEqual([200, null, null]);
    expect(body).toEqual({
      properties: {
        billingCurrencyTotal: { currencyCode: "USD", amount: 63.84 },
        netTotal: 0,
        taxTotal: 0,
        grandTotal: 0,
        paymentSchedule: [first, ...months.map((day) => row(`2026-${day}`))],
        reservationOrderId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        skuTitle: "Reserved VM Instance, standard_b1ls, US West, 1 Year",
        skuDescription: "standard_b1ls",
        pricingCurrencyTotal: { currencyCode: "USD", amount: 63.84 },
      },
    });
  });

  it("answers an upfront plan, and one that names none, without a schedule", async () => {
    const simulator = await simulatedAzure();
    for (const billingPlan of ["Upfront", undefined, null]) {
      const asked = wireBody({ ...VIRTUAL_MACHINES, ...{ billingPlan } });
      const { body } = await send(simulator, "POST", PATH, asked);
      expect(body).toMatchObject({ properties: { billingCurrencyTotal: { amount: 63.84 } } });
      expect(body).not.toHaveProperty("properties.paymentSchedule");
    }
  });

  it("has 36 rows for three years and bills in the currency of the subscription", async () => {
    const client = reservationsFor(await simulatedAzure({ billingCurrency: "GBP" }));
    const { properties } = await client.reservationOrder.calculate({ ...VIRTUAL_MACHINES, term: "P3Y", quantity: 1 });
    const { paymentSchedule = [], billingCurrencyTotal, pricingCurrencyTotal } = properties ?? {};
    expect(paymentSchedule).toHaveLength(36);
    expect(billingCurrencyTotal).toEqual({ currencyCode: "GBP", amount: 62.28 });
    expect(paymentSchedule[0]?.billingCurrencyTotal).toEqual({ currencyCode: "GBP", amount: 1.73 });
    expect(pricingCurrencyTotal).toEqual({ currencyCode: "USD", amount: 77.85 });
  });

  it("sells a month where that has a price, in one payment", async () => {
    const ptu = {
      reservedResourceType: "OpenAIPTU",
      sku: "PTU",
      location: "westus",
      term: "P1M",
      amount: 260,
    } as const;
    const client = reservationsFor(await simulatedAzure({ prices: [ptu] }));
    const { term, reservedResourceType } = ptu;
    const asked = { ...VIRTUAL_MACHINES, term, reservedResourceType, sku: { name: "PTU" } };
    const { properties } = await client.reservationOrder.calculate(asked);
    expect(properties).toMatchObject({
      billingCurrencyTotal: { currencyCode: "USD", amount: 520 },
      skuTitle: "Reserved OpenAIPTU, PTU, US West, 1 Month",
    });
    expect(properties?.paymentSchedule).toHaveLength(1);
  });

  it("mints an order id for each call and buys nothing", async () => {
    const simulator = await simulatedAzure();
    const client = reservationsFor(simulator);
    expect(await calculatedId(client)).not.toBe(await calculatedId(client));
    expect(await simulator.ledger.purchases()).toEqual([]);
  });

  it.each([
    { change: { reservedResourceType: "SearchService" }, code: "InvalidRequestContent" },
    { change: { location: "atlantis" }, code: "InvalidLocationId" },
    { change: { sku: { name: "Standard_Z1" } }, code: "CalculatePriceFailed" },
    { change: { term: "P5Y" }, code: "UnsupportedReservationTerm" },
    { change: { quantity: 0 }, code: "InvalidRequestContent" },
    { change: { billingPlan: "P1M" }, code: "InvalidRequestContent" },
    { change: { billingScopeId: "/subscriptions/mine" }, code: "InvalidSubscriptionId" },
    { change: { displayName: "two words" }, code: "DisplayNameInvalid" },
    { change: { appliedScopeType: "Single" }, code: "MissingAppliedScopesForSingle" },
    { change: { appliedScopeType: "Single", appliedScopes: ["a", "b"] }, code: "InvalidSingleAppliedScopesCount" },
    { change: { appliedScopeType: "ManagementGroup" }, code: "InvalidRequestContent" },
    { change: { appliedScopeType: "Everywhere" }, code: "InvalidRequestContent" },
  ])("refuses $change with $code", async ({ change, code }) => {
    const calculation = reservationsFor(await simulatedAzure()).reservationOrder.calculate({
      ...VIRTUAL_MACHINES,
      ...change,
    });
    await expect(calculation).rejects.toMatchObject({ name: "RestError", code, statusCode: 400 });
  });

  it.each([
    { billingScopeId: SUBSCRIPTION.toUpperCase() },
    { appliedScopeType: "Single", appliedScopes: [`/subscriptions/${SUBSCRIPTION}`] },
    { appliedScopeType: "Single", appliedScopeProperties: { subscriptionId: `/subscriptions/${SUBSCRIPTION}` } },
    { appliedScopeType: "ManagementGroup", appliedScopeProperties: { tenantId: "t", managementGroupId: "m" } },
    { reservedResourceType: "SqlDatabases", sku: { name: "SQLDB_GP_Compute_Gen5" } },
    { reservedResourceType: "RedisCache", sku: { name: "Redis_Cache_Premium_P1" } },
    { reservedResourceType: "CosmosDb", sku: { name: "100RU/s" } },
    { reservedResourceType: "SqlDataWarehouse", sku: { name: "DW100c" }, location: "WestEurope" },
    { reservedResourceType: "AppService", sku: { name: "P1v3" } },
  ])("takes %o", async (change) => {
    expect(
      await calculatedId(reservationsFor(await simulatedAzure()), { ...VIRTUAL_MACHINES, ...change }),
    ).toBeDefined();
  });
});

describe("a session", () => {
  const sessionOver = {
    code: "BadRequest",
    statusCode: 400,
    message: "Session timed out - Call CalculatePrice again and provide the new Reservation Order ID for purchase",
  };

  it("lasts as long as the settings say", async () => {
    const simulator = await simulatedAzure({ sessionMs: 60_000 });
    const { reservationOrder } = reservationsFor(simulator);
    const [inTime, late] = [
      await calculatedId(reservationsFor(simulator)),
      await calculatedId(reservationsFor(simulator)),
    ];
    await simulator.clock.advance(59_999);
    await reservationOrder.beginPurchase(inTime, VIRTUAL_MACHINES);
    await simulator.clock.advance(1);
    await expect(reservationOrder.beginPurchase(late, VIRTUAL_MACHINES)).rejects.toMatchObject(sessionOver);
    expect(await simulator.ledger.purchases()).toMatchObject([{ commitmentId: inTime }]);
  });

  it("does not exist under an id of the buyer's own", async () => {
    const { reservationOrder } = reservationsFor(await simulatedAzure());
    const own = "99999999-9999-4999-8999-999999999999";
    await expect(reservationOrder.beginPurchase(own, VIRTUAL_MACHINES)).rejects.toMatchObject(sessionOver);
    await expect(reservationOrder.beginPurchase("mine", VIRTUAL_MACHINES)).rejects.toMatchObject({
      code: "InvalidReservationOrderId",
      statusCode: 400,
    });
  });

  it("keeps the price that was calculated, whatever has become of it since", async () => {
    const simulator = await simulatedAzure();
    const client = reservationsFor(simulator);
    const id = await calculatedId(client);
    await simulator.prices.set({
      reservedResourceType: "VirtualMachines",
      sku: "Standard_B1ls",
      location: "westus",
      term: "P1Y",
      amount: 120,
    });
    await client.reservationOrder.beginPurchase(id, VIRTUAL_MACHINES);
    await buy(client);
    const charges = (await simulator.ledger.purchases()).map(({ charge }) => charge?.amount);
    expect(charges).toEqual(["5.32", "20.00"]);
  });

  it.each([
    { changedPurchase: "refuse", bought: [] },
    { changedPurchase: "buy-as-sent", bought: [7] },
  ] as const)("under changedPurchase $changedPurchase ends in $bought", async ({ changedPurchase, bought }) => {
    const simulator = await simulatedAzure({ changedPurchase });
    const client = reservationsFor(simulator);
    const id = await calculatedId(client);
    const purchase = client.reservationOrder.beginPurchase(id, { ...VIRTUAL_MACHINES, quantity: 7 });
    if (bought.length > 0) await purchase;
    else await expect(purchase).rejects.toMatchObject({ code: "InvalidRequestContent", statusCode: 400 });
    expect((await simulator.ledger.purchases()).map(({ quantity }) => quantity)).toEqual(bought);
  });
});
