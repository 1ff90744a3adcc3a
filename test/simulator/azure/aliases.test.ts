import { describe, expect, it, vi } from "vitest";
import {
  benefitsFor,
  reservationsFor,
  SAVINGS_PLAN,
  START,
  SUBSCRIPTION,
  send,
  simulatedAzure,
  VIRTUAL_MACHINES_ALIAS,
  wireBody,
} from "./simulated-azure.js";

const GUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const OPERATION = new RegExp(
  `^http://127\\.0\\.0\\.1:\\d+/providers/Microsoft\\.Capacity/operationResults/${GUID}\\?api-version=2020-10-01-preview$`,
);

const RESERVATIONS = "Microsoft.BillingBenefits/reservationOrderAliases";
const SAVINGS_PLANS = "Microsoft.BillingBenefits/savingsPlanOrderAliases";

/** Both kinds of alias, which behave alike. */
const KINDS = [
  { type: RESERVATIONS, put: "PutReservationOrderAlias", body: wireBody(VIRTUAL_MACHINES_ALIAS) },
  { type: SAVINGS_PLANS, put: "PutSavingsPlanOrderAlias", body: wireBody(SAVINGS_PLAN) },
] as const;

describe("the alias of a reservation order", () => {
  it("shows the whole path of its order at once, and null for what is not set", async () => {
    const simulator = await simulatedAzure();
    const { displayName, renew, billingPlan, ...asked } = VIRTUAL_MACHINES_ALIAS;
    const answer = await send(simulator, "PUT", `${RESERVATIONS}/My-Alias.1`, wireBody(asked));
    expect([answer.status, answer.headers.has("location")]).toEqual([201, false]);
    expect(answer.headers.get("azure-asyncoperation")).toMatch(OPERATION);
    expect(answer.headers.get("retry-after")).toBe("5");
    const [purchase] = await simulator.ledger.purchases();
    expect(answer.body).toEqual({
      id: `/providers/${RESERVATIONS}/My-Alias.1`,
      name: "My-Alias.1",
      type: RESERVATIONS,
      location: "westus",
      sku: { name: "Standard_B1ls" },
      properties: {
        reservationOrderId: `/providers/Microsoft.Capacity/reservationOrders/${purchase?.commitmentId}`,
        billingScopeId: `/subscriptions/${SUBSCRIPTION}`,
        appliedScopeProperties: null,
        quantity: 2,
        renew: null,
        billingPlan: null,
        reservedResourceProperties: null,
        reservedResourceType: "VirtualMachines",
        reviewDateTime: null,
        appliedScopeType: "Shared",
        displayName: null,
        provisioningState: "Created",
        term: "P1Y",
      },
    });
    expect(purchase).toMatchObject({
      service: "azure.reservations",
      token: "My-Alias.1",
      offeringId: "Standard_B1ls",
      charge: { amount: "63.84", currency: "USD" },
    });
  });

  it("leads to an order like any other", async () => {
    const simulator = await simulatedAzure({ orderStatesMs: { pendingBilling: 1000 } });
    await send(simulator, "PUT", `${RESERVATIONS}/a`, wireBody(VIRTUAL_MACHINES_ALIAS));
    const [{ commitmentId = "" } = {}] = await simulator.ledger.purchases();
    const { reservationOrder } = reservationsFor(simulator);
    expect(await reservationOrder.get(commitmentId)).toMatchObject({
      billingPlan: "Monthly",
      displayName: "ExampleAlias",
      provisioningState: "PendingBilling",
    });
    await simulator.clock.advance(1000);
    expect(await reservationOrder.get(commitmentId)).toMatchObject({ provisioningState: "Succeeded" });
  });

  it("refuses the words of the other API", async () => {
    const { reservationOrderAlias } = benefitsFor(await simulatedAzure());
    const monthly = { ...VIRTUAL_MACHINES_ALIAS, billingPlan: "Monthly" };
    await expect(reservationOrderAlias.beginCreate("a", monthly)).rejects.toMatchObject({
      code: "InvalidRequestContent",
    });
    const simulator = await simulatedAzure();
    const single = { ...VIRTUAL_MACHINES_ALIAS, appliedScopeType: "Single", appliedScopes: ["/subscriptions/1"] };
    expect(await send(simulator, "PUT", `${RESERVATIONS}/a`, wireBody(single))).toMatchObject({
      status: 400,
      body: { error: { code: "MissingAppliedScopesForSingle" } },
    });
  });
});

describe("the alias of a savings plan order", () => {
  it("shows its commitment and the whole path of its order", async () => {
    const simulator = await simulatedAzure();
    const answer = await send(simulator, "PUT", `${SAVINGS_PLANS}/plan`, wireBody(SAVINGS_PLAN));
    expect([answer.status, answer.headers.has("location")]).toEqual([201, false]);
    expect(answer.headers.get("azure-asyncoperation")).toMatch(OPERATION);
    const [purchase] = await simulator.ledger.purchases();
    expect(answer.body).toEqual({
      id: `/providers/${SAVINGS_PLANS}/plan`,
      name: "plan",
      type: SAVINGS_PLANS,
      sku: { name: "Compute_Savings_Plan" },
      properties: {
        savingsPlanOrderId: `/providers/Microsoft.BillingBenefits/savingsPlanOrders/${purchase?.commitmentId}`,
        billingScopeId: `/subscriptions/${SUBSCRIPTION}`,
        billingPlan: "P1M",
        appliedScopeProperties: null,
        commitment: { grain: "Hourly", currencyCode: "USD", amount: 10 },
        appliedScopeType: "Shared",
        displayName: "ExampleSP",
        provisioningState: "Created",
        term: "P1Y",
      },
    });
    expect(purchase).toEqual({
      service: "azure.savings-plans",
      account: SUBSCRIPTION,
      region: "global",
      commitmentId: expect.any(String),
      purchaseId: "purchase-000001",
      offeringId: "Compute_Savings_Plan",
      quantity: 1,
      commitment: "10",
      token: "plan",
      tags: {},
      state: "Succeeded",
      purchasedAt: START,
      charge: { amount: "7300.00", currency: "USD" },
    });
  });

  it("is first answered with 200 where the settings say so", async () => {
    const simulator = await simulatedAzure({ savingsPlanFirstAnswer: 200 });
    const answer = await send(simulator, "PUT", `${SAVINGS_PLANS}/plan`, wireBody(SAVINGS_PLAN));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("azure-asyncoperation")).toMatch(OPERATION);
  });
});

describe.each(KINDS)("$type", ({ type, put, body }) => {
  it("stays Created for ever, under its name in any case", async () => {
    const simulator = await simulatedAzure();
    const first = await send(simulator, "PUT", `${type}/Mine`, body);
    await simulator.clock.advance(24 * 3600 * 1000);
    const again = await send(simulator, "GET", `${type}/mine`);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(await send(simulator, "GET", `${type}/other`)).toMatchObject({
      status: 404,
      body: { error: { code: "ResourceNotFound" } },
    });
  });

  it("is found only after a lag where the settings say so", async () => {
    const simulator = await simulatedAzure({ getLagMs: 1000 });
    await send(simulator, "PUT", `${type}/a`, body);
    expect((await send(simulator, "GET", `${type}/a`)).status).toBe(404);
    await simulator.clock.advance(1000);
    expect((await send(simulator, "GET", `${type}/a`)).status).toBe(200);
  });

  it.each(["a%20b", "a%2Fb", "a*"])("refuses the name %s", async (name) => {
    const simulator = await simulatedAzure();
    expect(await send(simulator, "PUT", `${type}/${name}`, body)).toMatchObject({ status: 400 });
    expect(await simulator.ledger.purchases()).toEqual([]);
  });

  it.each([
    { repeatedAlias: "conflict", status: 409, operation: false },
    { repeatedAlias: "return-alias", status: 200, operation: false },
    { repeatedAlias: "accept-again", status: 201, operation: true },
  ] as const)("answers a second PUT with $status under $repeatedAlias, and buys once", async (expected) => {
    const simulator = await simulatedAzure({ repeatedAlias: expected.repeatedAlias });
    const first = await send(simulator, "PUT", `${type}/a`, body);
    const second = await send(simulator, "PUT", `${type}/A`, body);
    expect([second.status, second.headers.has("azure-asyncoperation")]).toEqual([expected.status, expected.operation]);
    if (expected.status !== 409) expect(second.body).toEqual(first.body);
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it("buys again at a second PUT under second-order, and then shows that order", async () => {
    const simulator = await simulatedAzure({ repeatedAlias: "second-order" });
    await send(simulator, "PUT", `${type}/a`, body);
    await send(simulator, "PUT", `${type}/a`, body);
    const [, second, ...more] = await simulator.ledger.purchases();
    expect([second?.token, more]).toEqual(["a", []]);
    const { body: shown } = await send(simulator, "GET", `${type}/a`);
    expect(JSON.stringify(shown)).toContain(second?.commitmentId);
  });

  it("has an operation that pends, purchases and succeeds by the clock", async () => {
    const simulator = await simulatedAzure({ operationStatesMs: { pending: 1000, pendingPurchases: 2000 } });
    const { headers } = await send(simulator, "PUT", `${type}/a`, body);
    const url = headers.get("azure-asyncoperation") ?? "";
    const look = async () => {
      const answer = await fetch(url, { headers: { authorization: "Bearer eyJ0" } });
      const names = ["azure-asyncoperation", "location", "retry-after"];
      return [answer.status, await answer.json(), ...names.map((name) => answer.headers.get(name))];
    };
    const name = new URL(url).pathname.split("/").at(-1);
    const id = `/providers/Microsoft.Capacity/operationResults/${name}`;
    expect(await look()).toEqual([200, { id, name, status: "Pending" }, url, url, "5"]);
    await simulator.clock.advance(1000);
    expect(await look()).toEqual([200, { id, name, status: "PendingPurchases" }, url, url, "5"]);
    await simulator.clock.advance(2000);
    expect(await look()).toEqual([200, { id, name, status: "Succeeded" }, null, null, null]);
  });

  it.each([
    { kind: "order-fails", code: "PurchaseError" },
    { kind: "payment-fails", code: "BillingPaymentInstrumentHardError" },
  ] as const)(
    "struck by $kind fails after it was accepted, with the error in its operation",
    async ({ kind, code }) => {
      const simulator = await simulatedAzure();
      await simulator.faults.add({ operation: put, kind });
      const { status, headers } = await send(simulator, "PUT", `${type}/a`, body);
      expect(status).toBe(201);
      const answer = await fetch(headers.get("azure-asyncoperation") ?? "", {
        headers: { authorization: "Bearer eyJ0" },
      });
      expect([answer.status, await answer.json()]).toMatchObject([200, { status: "Failed", error: { code } }]);
      const [purchase] = await simulator.ledger.purchases();
      expect(["Failed", "BillingFailed"]).toContain(purchase?.state);
      const { body: shown } = await send(simulator, "GET", `${type}/a`);
      expect(shown).toMatchObject({ properties: { provisioningState: "Created" } });
    },
  );
});

describe("the SDK's own poller", () => {
  it("follows the operation to its end and answers the alias", async () => {
    const simulator = await simulatedAzure({ operationStatesMs: { pending: 1000 }, operationRetryAfterSeconds: 0 });
    const { reservationOrderAlias, savingsPlanOrderAlias } = benefitsFor(simulator);
    const created = Promise.all([
      reservationOrderAlias.beginCreateAndWait("a", VIRTUAL_MACHINES_ALIAS),
      savingsPlanOrderAlias.beginCreateAndWait("a", SAVINGS_PLAN),
    ]);
    await vi.waitUntil(async () => {
      const requests = await simulator.ledger.requests();
      return requests.filter(({ operation }) => operation === "GetOperationResult").length >= 2;
    });
    await simulator.clock.advance(1000);
    const [purchase, other] = await simulator.ledger.purchases();
    const ids = [purchase?.commitmentId, other?.commitmentId].sort();
    const [reservation, savingsPlan] = await created;
    expect([reservation.provisioningState, savingsPlan.provisioningState]).toEqual(["Created", "Created"]);
    const shown = [reservation.reservationOrderId, savingsPlan.savingsPlanOrderId].map((path) =>
      path?.split("/").at(-1),
    );
    expect(shown.sort()).toEqual(ids);
  });

  it("reports a failed operation as a plain error", async () => {
    const simulator = await simulatedAzure();
    await simulator.faults.add({ operation: "PutReservationOrderAlias", kind: "order-fails" });
    const creation = benefitsFor(simulator).reservationOrderAlias.beginCreateAndWait("a", VIRTUAL_MACHINES_ALIAS);
    await expect(creation).rejects.toThrow("The long-running operation has failed. PurchaseError.");
  });
});

it("an operation that nobody started is not found", async () => {
  const answer = await send(await simulatedAzure(), "GET", "Microsoft.Capacity/operationResults/1");
  expect(answer).toMatchObject({ status: 404, body: { error: { code: "ResourceNotFound" } } });
});
