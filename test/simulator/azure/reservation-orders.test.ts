import type { AzureReservationAPI } from "@azure/arm-reservations";
import { describe, expect, it } from "vitest";
import {
  buy,
  calculatedId,
  listed,
  reservationsFor,
  START,
  SUBSCRIPTION,
  send,
  simulatedAzure,
  VIRTUAL_MACHINES,
  wireBody,
} from "./simulated-azure.js";

const ORDERS = "Microsoft.Capacity/reservationOrders";

describe("the purchase of an order", () => {
  it("is accepted with 202, the order's own address and a child that exists already", async () => {
    const simulator = await simulatedAzure();
    const id = await calculatedId(reservationsFor(simulator));
    const answer = await send(simulator, "PUT", `${ORDERS}/${id}`, {
      ...wireBody(VIRTUAL_MACHINES),
      tags: { "purchase-automation": "x" },
    });
    expect(answer.status).toBe(202);
    expect(answer.headers.get("location")).toBe(`${simulator.url}/providers/${ORDERS}/${id}?api-version=2022-11-01`);
    expect(answer.headers.get("retry-after")).toBe("120");
    expect(answer.headers.has("azure-asyncoperation")).toBe(false);
    expect(answer.body).toEqual({
      id: `/providers/microsoft.capacity/reservationOrders/${id}`,
      name: id,
      type: "microsoft.capacity/reservationOrders",
      etag: 1,
      properties: {
        originalQuantity: 2,
        requestDateTime: "2026-01-31T10:20:30.0000000Z",
        billingPlan: "Monthly",
        reservations: [{ id: expect.stringMatching(`^/providers/${ORDERS}/${id}/reservations/[0-9a-f-]{36}$`) }],
        term: "P1Y",
        displayName: "example",
        provisioningState: "Creating",
        billingAccountId: expect.stringMatching(/^\/providers\/Microsoft\.Billing\/billingAccounts\//),
      },
    });
    expect(await simulator.ledger.purchases()).toEqual([
      {
        service: "azure.reservations",
        account: SUBSCRIPTION,
        region: "westus",
        commitmentId: id,
        purchaseId: "purchase-000001",
        offeringId: "standard_b1ls",
        quantity: 2,
        token: "example",
        tags: {},
        state: "Succeeded",
        purchasedAt: START,
        charge: { amount: "5.32", currency: "USD" },
      },
    ]);
  });

  it("charges an upfront plan whole", async () => {
    const simulator = await simulatedAzure({ billingCurrency: "EUR" });
    await buy(reservationsFor(simulator), { ...VIRTUAL_MACHINES, billingPlan: "Upfront" });
    expect(await simulator.ledger.purchases()).toMatchObject([{ charge: { amount: "63.84", currency: "EUR" } }]);
  });

  it("ends for the SDK's poller at the first look, whatever state that finds", async () => {
    const simulator = await simulatedAzure({ orderStatesMs: { pendingCapacity: 60_000 } });
    const client = reservationsFor(simulator);
    const id = await calculatedId(client);
    const order = await client.reservationOrder.beginPurchaseAndWait(id, VIRTUAL_MACHINES);
    expect(order).toMatchObject({ name: id, provisioningState: "PendingCapacity" });
    const operations = (await simulator.ledger.requests()).map(({ operation }) => operation);
    expect(operations).toEqual(["CalculatePrice", "PutReservationOrder", "GetReservationOrder"]);
  });
});

describe("an order", () => {
  it("goes through its states by the clock, always found with 200, and has its times once it succeeded", async () => {
    const simulator = await simulatedAzure({
      orderStatesMs: { creating: 1000, pendingCapacity: 2000, confirmedCapacity: 3000, pendingBilling: 4000 },
    });
    const id = await buy(reservationsFor(simulator));
    const seen: unknown[] = [];
    for (const ms of [0, 1000, 2000, 3000, 4000]) {
      await simulator.clock.advance(ms);
      const { status, body } = await send(simulator, "GET", `${ORDERS}/${id}`);
      const { etag, properties } = body as { etag: number; properties: Record<string, unknown> };
      seen.push([status, etag, properties["provisioningState"], properties["benefitStartTime"]]);
    }
    expect(seen).toEqual([
      [200, 1, "Creating", undefined],
      [200, 4, "PendingCapacity", undefined],
      [200, 5, "ConfirmedCapacity", undefined],
      [200, 6, "PendingBilling", undefined],
      [200, 8, "Succeeded", "2026-01-31T10:20:40.0000000Z"],
    ]);
    const { body } = await send(simulator, "GET", `${ORDERS}/${id.toUpperCase()}`);
    expect(body).toMatchObject({
      properties: {
        createdDateTime: "2026-01-31T10:20:40.9220000Z",
        expiryDateTime: "2027-01-31T10:20:40.0000000Z",
      },
    });
  });

  it("expires at the end of its term", async () => {
    const simulator = await simulatedAzure();
    const client = reservationsFor(simulator);
    const id = await buy(client);
    await simulator.clock.advance(365 * 24 * 3600 * 1000);
    expect(await client.reservationOrder.get(id)).toMatchObject({ provisioningState: "Expired" });
  });

  it.each([
    { kind: "payment-fails", state: "BillingFailed", over: "PendingBilling" },
    { kind: "order-fails", state: "Failed", over: "PendingCapacity" },
  ] as const)("struck by $kind ends as $state, without times", async ({ kind, state, over }) => {
    const simulator = await simulatedAzure({ orderStatesMs: { pendingCapacity: 1000, pendingBilling: 1000 } });
    const client = reservationsFor(simulator);
    await simulator.faults.add({ operation: "PutReservationOrder", kind });
    const id = await buy(client);
    await simulator.clock.advance(kind === "payment-fails" ? 1999 : 999);
    expect(await client.reservationOrder.get(id)).toMatchObject({ provisioningState: over });
    await simulator.clock.advance(1);
    const order = await client.reservationOrder.get(id);
    expect(order).toMatchObject({ provisioningState: state });
    expect([order.createdDateTime, order.benefitStartTime, order.expiryDateTime]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(await listed(client)).toMatchObject([{ name: id, provisioningState: state }]);
    expect(await simulator.ledger.purchases()).toMatchObject([{ state }]);
  });

  it("has the state that a test sets, whatever the clock says", async () => {
    const simulator = await simulatedAzure();
    const client = reservationsFor(simulator);
    const id = await buy(client);
    await simulator.states.set(id, "UnderReview");
    expect(await client.reservationOrder.get(id)).toMatchObject({ provisioningState: "UnderReview", etag: 9 });
    expect(await simulator.ledger.purchases()).toMatchObject([{ state: "UnderReview" }]);
    await simulator.states.set(id.toUpperCase(), "Cancelled");
    expect(await client.reservationOrder.get(id)).toMatchObject({ provisioningState: "Cancelled" });
    await expect(simulator.states.set("none", "Failed")).rejects.toThrow(TypeError);
  });

  it("that is not there is not found", async () => {
    const { reservationOrder } = reservationsFor(await simulatedAzure());
    await expect(reservationOrder.get("99999999-9999-4999-8999-999999999999")).rejects.toMatchObject({
      code: "ReservationOrderNotFound",
      statusCode: 404,
    });
  });
});

describe("the reservation in an order", () => {
  it("says what was bought and where it applies", async () => {
    const simulator = await simulatedAzure();
    const client = reservationsFor(simulator);
    const body = { ...VIRTUAL_MACHINES, appliedScopeType: "Single", appliedScopes: [`/subscriptions/${SUBSCRIPTION}`] };
    const id = await buy(client, body);
    const reservationId = await reservationIn(client, id);
    expect(await client.reservation.get(id, reservationId)).toMatchObject({
      name: `${id}/${reservationId}`,
      location: "westus",
      sku: { name: "standard_b1ls" },
      properties: {
        reservedResourceType: "VirtualMachines",
        skuDescription: "Reserved VM Instance, standard_b1ls, US West, 1 Year",
        quantity: 2,
        appliedScopeType: "Single",
        appliedScopes: [`/subscriptions/${SUBSCRIPTION}`],
        displayName: "example",
        provisioningState: "Succeeded",
        displayProvisioningState: "Succeeded",
        userFriendlyRenewState: "Off",
        renew: false,
        archived: false,
        term: "P1Y",
        billingPlan: "Monthly",
        billingScopeId: `/subscriptions/${SUBSCRIPTION}`,
        instanceFlexibility: "On",
        purchaseDateTime: new Date(START),
        benefitStartTime: new Date(START),
        expiryDateTime: new Date("2027-01-31T10:20:30Z"),
      },
    });
    await expect(client.reservation.get(id, "other")).rejects.toMatchObject({
      code: "ReservationIdNotInReservationOrder",
      statusCode: 404,
    });
  });

  it("keeps the flexibility that was asked for, and has none if it is no virtual machine", async () => {
    const simulator = await simulatedAzure();
    const flexibilityOf = async (change: object) => {
      const client = reservationsFor(simulator);
      const id = await buy(client, { ...VIRTUAL_MACHINES, ...change });
      const { properties } = await client.reservation.get(id, await reservationIn(client, id));
      return properties?.instanceFlexibility;
    };
    expect(await flexibilityOf({ reservedResourceProperties: { instanceFlexibility: "Off" } })).toBe("Off");
    expect(await flexibilityOf({ reservedResourceType: "AppService", sku: { name: "P1v3" } })).toBeUndefined();
  });
});

describe("the list of orders", () => {
  it("has pages with a link to the next, and none on the last", async () => {
    const simulator = await simulatedAzure({ pageSize: 2 });
    const client = reservationsFor(simulator);
    const ids = [await buy(client), await buy(client), await buy(client), await buy(client)];
    expect((await listed(client)).map(({ name }) => name)).toEqual(ids);
    const pages: number[] = [];
    for await (const page of client.reservationOrder.list().byPage()) pages.push(page.length);
    expect(pages).toEqual([2, 2]);
    const first = await send(simulator, "GET", ORDERS);
    const nextLink = `${simulator.url}/providers/${ORDERS}?api-version=2022-11-01&%24skiptoken=2`;
    expect(first.body).toMatchObject({ value: [{ name: ids[0] }, { name: ids[1] }], nextLink });
    const last = await fetch(nextLink, { headers: { authorization: "Bearer eyJ0" } });
    const named = (name?: string) => expect.objectContaining({ name });
    expect(await last.json()).toEqual({ value: [named(ids[2]), named(ids[3])] });
  });

  it("lags behind by the time the settings say, and a look by id by its own", async () => {
    const simulator = await simulatedAzure({ listingLagMs: 2000, getLagMs: 1000 });
    const client = reservationsFor(simulator);
    const id = await calculatedId(client);
    await send(simulator, "PUT", `${ORDERS}/${id}`, wireBody(VIRTUAL_MACHINES));
    const look = async () => [
      await client.reservationOrder.get(id).then(
        () => "found",
        (error) => error.code,
      ),
      (await listed(client)).length,
    ];
    expect(await look()).toEqual(["ReservationOrderNotFound", 0]);
    await simulator.clock.advance(1000);
    expect(await look()).toEqual(["found", 0]);
    await simulator.clock.advance(1000);
    expect(await look()).toEqual(["found", 1]);
  });
});

describe("a second purchase under the same id", () => {
  it.each([
    { repeatedOrder: "conflict", error: { code: "ReservationOrderIdAlreadyExists", statusCode: 409 } },
    { repeatedOrder: "bad-request", error: { code: "ReservationOrderIdAlreadyExists", statusCode: 400 } },
    { repeatedOrder: "session-over", error: { code: "BadRequest", statusCode: 400 } },
  ] as const)("is refused under $repeatedOrder", async ({ repeatedOrder, error }) => {
    const simulator = await simulatedAzure({ repeatedOrder });
    const client = reservationsFor(simulator);
    const id = await buy(client);
    await expect(client.reservationOrder.beginPurchase(id, VIRTUAL_MACHINES)).rejects.toMatchObject(error);
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it("gets the order with 200 under return-order, long after the session", async () => {
    const simulator = await simulatedAzure({ repeatedOrder: "return-order" });
    const id = await buy(reservationsFor(simulator));
    await simulator.clock.advance(24 * 3600 * 1000);
    const again = await send(simulator, "PUT", `${ORDERS}/${id}`, wireBody(VIRTUAL_MACHINES));
    expect(again).toMatchObject({ status: 200, body: { name: id, properties: { provisioningState: "Succeeded" } } });
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });
});

async function reservationIn(client: AzureReservationAPI, orderId: string): Promise<string> {
  const { reservations = [] } = await client.reservationOrder.get(orderId);
  return reservations[0]?.id?.split("/").at(-1) ?? "";
}
