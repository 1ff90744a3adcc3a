import type { AzureReservationAPI } from "@azure/arm-reservations";
import type { AzureSimulator, Fault } from "buyonce/simulator";
import { describe, expect, it, vi } from "vitest";
import {
  benefitsFor,
  buy,
  calculatedId,
  listed,
  OTHER_SUBSCRIPTION,
  reservationsFor,
  SAVINGS_PLAN,
  SUBSCRIPTION,
  send,
  simulatedAzure,
  VIRTUAL_MACHINES,
  VIRTUAL_MACHINES_ALIAS,
  wireBody,
} from "./simulated-azure.js";

const operation = "PutReservationOrder";

describe("a fault of delivery", () => {
  it.each<{ fault: Fault; error: object; bought: number }>([
    { fault: { operation, kind: "reset-before" }, error: { name: "RestError", code: "ECONNRESET" }, bought: 0 },
    { fault: { operation, kind: "reset-after" }, error: { name: "RestError", code: "ECONNRESET" }, bought: 1 },
    { fault: { operation, kind: "error-500-before" }, error: internal(), bought: 0 },
    { fault: { operation, kind: "error-500-after" }, error: internal(), bought: 1 },
    { fault: { operation, kind: "throttle" }, error: { code: "TooManyRequests", statusCode: 429 }, bought: 0 },
    { fault: { operation, kind: "cut-body" }, error: { name: "RestError", code: "PARSE_ERROR" }, bought: 1 },
    {
      fault: { operation, kind: "error", code: "RiskCheckFailed", status: 400, message: "no" },
      error: { code: "RiskCheckFailed", statusCode: 400, message: "no" },
      bought: 0,
    },
  ])("$fault.kind fails the purchase, having bought $bought", async ({ fault, error, bought }) => {
    const simulator = await simulatedAzure();
    const client = reservationsFor(simulator);
    const id = await calculatedId(client);
    await simulator.faults.add(fault);
    await expect(client.reservationOrder.beginPurchase(id, VIRTUAL_MACHINES)).rejects.toMatchObject(error);
    expect(await simulator.ledger.purchases()).toHaveLength(bought);
    expect(await outcomes(simulator)).toHaveLength(1);
    await buy(client);
    expect(await simulator.ledger.purchases()).toHaveLength(bought + 1);
  });

  it.each(["empty-body", "garbage-body"] as const)("%s buys and answers 200 without an order", async (kind) => {
    const simulator = await simulatedAzure();
    const client = reservationsFor(simulator);
    const id = await calculatedId(client);
    await simulator.faults.add({ operation, kind });
    const answers: unknown[] = [];
    const purchase = client.reservationOrder.beginPurchase(id, VIRTUAL_MACHINES, {
      onResponse: ({ status, parsedBody }) => answers.push([status, parsedBody]),
    });
    await purchase.catch(() => undefined);
    expect(answers[0]).toEqual([200, undefined]);
    expect(await simulator.ledger.purchases()).toMatchObject([{ commitmentId: id }]);
  });

  it("throttle says when to come back", async () => {
    const simulator = await simulatedAzure();
    await simulator.faults.add({ operation: "ListReservationOrders", kind: "throttle" });
    const { status, headers } = await send(simulator, "GET", "Microsoft.Capacity/reservationOrders");
    expect([status, headers.get("retry-after")]).toEqual([429, "1"]);
  });

  it("delay-landing cuts the connection and buys later, the session counted when it lands", async () => {
    const simulator = await simulatedAzure({ sessionMs: 60_000 });
    const client = reservationsFor(simulator);
    const [inTime, late] = [await calculatedId(client), await calculatedId(client)];
    await simulator.faults.add({ operation, kind: "delay-landing", ms: 59_999 });
    await simulator.faults.add({ operation, kind: "delay-landing", ms: 60_000 });
    for (const id of [inTime, late]) {
      const purchase = client.reservationOrder.beginPurchase(id, VIRTUAL_MACHINES);
      await expect(purchase).rejects.toMatchObject({ code: "ECONNRESET" });
    }
    expect(await outcomes(simulator)).toEqual([{ state: "held" }, { state: "held" }]);
    await expect(client.reservationOrder.get(inTime)).rejects.toMatchObject({ code: "ReservationOrderNotFound" });
    await simulator.clock.advance(59_999);
    await simulator.clock.advance(1);
    expect(await outcomes(simulator)).toEqual([
      { state: "processed", status: 202, fault: "delay-landing" },
      { state: "processed", status: 400, errorCode: "BadRequest", fault: "delay-landing" },
    ]);
    expect(await simulator.ledger.purchases()).toMatchObject([{ commitmentId: inTime }]);
  });

  it("delay-landing of an alias lands however late", async () => {
    const simulator = await simulatedAzure();
    await simulator.faults.add({ operation: "PutReservationOrderAlias", kind: "delay-landing", ms: 24 * 3600 * 1000 });
    const creation = benefitsFor(simulator).reservationOrderAlias.beginCreate("a", VIRTUAL_MACHINES_ALIAS);
    await expect(creation).rejects.toMatchObject({ code: "ECONNRESET" });
    await simulator.clock.advance(24 * 3600 * 1000 - 1);
    expect(await simulator.ledger.purchases()).toEqual([]);
    await simulator.clock.advance(1);
    expect(await simulator.ledger.purchases()).toMatchObject([{ purchasedAt: await simulator.clock.now() }]);
  });

  it("slow-before and slow-reply end in a time-out or an abort of the client's, and buy all the same", async () => {
    const simulator = await simulatedAzure();
    const client = reservationsFor(simulator);
    const [first, second] = [await calculatedId(client), await calculatedId(client)];
    await simulator.faults.add({ operation, kind: "slow-before", ms: 5000 });
    await simulator.faults.add({ operation, kind: "slow-reply", ms: 5000 });
    const timedOut = client.reservationOrder.beginPurchase(first, VIRTUAL_MACHINES, {
      requestOptions: { timeout: 50 },
    });
    await expect(timedOut).rejects.toMatchObject({ name: "AbortError" });
    const goingAway = new AbortController();
    const abortSignal = goingAway.signal;
    const aborted = client.reservationOrder.beginPurchase(second, VIRTUAL_MACHINES, { abortSignal });
    await vi.waitUntil(async () => (await simulator.ledger.purchases()).length === 1);
    goingAway.abort();
    await expect(aborted).rejects.toMatchObject({ name: "AbortError" });
    await simulator.clock.advance(5000);
    const bought = (await simulator.ledger.purchases()).map(({ commitmentId }) => commitmentId);
    expect(bought).toEqual([second, first]);
  });
});

describe("a stock client", () => {
  it("sends a purchase four times, under one id", async () => {
    const simulator = await simulatedAzure();
    const client = reservationsFor(simulator);
    const id = await calculatedId(client);
    await simulator.faults.add({ operation, kind: "error-500-before", times: 3 });
    const stock = reservationsFor(simulator, { maxRetries: 3 });
    await stock.reservationOrder.beginPurchase(id, VIRTUAL_MACHINES);
    expect(await outcomes(simulator)).toHaveLength(4);
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it("takes its own purchase for a conflict when the first answer was lost", async () => {
    const simulator = await simulatedAzure();
    const id = await calculatedId(reservationsFor(simulator));
    await simulator.faults.add({ operation, kind: "error-500-after" });
    const stock = reservationsFor(simulator, { maxRetries: 1 });
    const purchase = stock.reservationOrder.beginPurchase(id, VIRTUAL_MACHINES);
    await expect(purchase).rejects.toMatchObject({ code: "ReservationOrderIdAlreadyExists", statusCode: 409 });
    expect(await simulator.ledger.purchases()).toMatchObject([{ commitmentId: id }]);
  });
});

describe("a fault of effect", () => {
  it("stale-listing answers lists and single looks as of earlier, once each", async () => {
    const simulator = await simulatedAzure({ orderStatesMs: { pendingBilling: 10_000 } });
    const [capacity, benefits] = [reservationsFor(simulator), benefitsFor(simulator)];
    const id = await buy(capacity);
    await simulator.clock.advance(10_000);
    const later = await buy(capacity);
    await send(simulator, "PUT", "Microsoft.BillingBenefits/savingsPlanOrderAliases/a", wireBody(SAVINGS_PLAN));
    for (const stale of ["ListReservationOrders", "GetReservationOrder", "GetSavingsPlanOrderAlias"]) {
      await simulator.faults.add({ operation: stale, kind: "stale-listing", ms: 1 });
    }
    const shown = async () => [
      (await listed(capacity)).map(({ name }) => name),
      (await capacity.reservationOrder.get(id)).provisioningState,
      await benefits.savingsPlanOrderAlias.get("a").then(
        ({ name }) => name,
        ({ statusCode }) => statusCode,
      ),
    ];
    expect(await shown()).toEqual([[id], "PendingBilling", 404]);
    expect(await shown()).toEqual([[id, later], "Succeeded", "a"]);
  });

  it("repeat-page-token links to the same page again and again", async () => {
    const simulator = await simulatedAzure({ pageSize: 1 });
    const client = reservationsFor(simulator);
    const ids = [await buy(client), await buy(client)];
    await simulator.faults.add({ operation: "ListReservationOrders", kind: "repeat-page-token", times: 3 });
    expect((await firstPages(client, 3)).map(([order]) => order?.name)).toEqual([ids[0], ids[1], ids[1]]);
  });
});

describe("the plan of faults", () => {
  it("strikes only the calls that match, by account, region, service and what they carry", async () => {
    const simulator = await simulatedAzure();
    const client = reservationsFor(simulator, { subscriptions: [SUBSCRIPTION, OTHER_SUBSCRIPTION] });
    const billingScopeId = OTHER_SUBSCRIPTION;
    const throttle = { operation: "CalculatePrice", kind: "throttle" } as const;
    await simulator.faults.add({ ...throttle, match: { account: OTHER_SUBSCRIPTION, region: "westeurope" } });
    await simulator.faults.add({ ...throttle, match: { params: { displayName: "seven", quantity: 7 } } });
    await simulator.faults.add({ ...throttle, match: { service: "azure.savings-plans" } });
    await calculatedId(client, { ...VIRTUAL_MACHINES, billingScopeId });
    await calculatedId(client, { ...VIRTUAL_MACHINES, location: "WestEurope" });
    await calculatedId(client, { ...VIRTUAL_MACHINES, quantity: 7 });
    for (const change of [
      { billingScopeId, location: "WestEurope" },
      { displayName: "seven", quantity: 7 },
    ]) {
      const calculation = calculatedId(client, { ...VIRTUAL_MACHINES, ...change });
      await expect(calculation).rejects.toMatchObject({ code: "TooManyRequests" });
    }
    expect(await simulator.faults.pending()).toHaveLength(1);
  });

  it("strikes by the ids in the path, and by the only subscription of the caller", async () => {
    const simulator = await simulatedAzure();
    const client = reservationsFor(simulator);
    const [first, second] = [await buy(client), await buy(client)];
    const get = { operation: "GetReservationOrder", kind: "throttle" } as const;
    await simulator.faults.add({ ...get, match: { params: { reservationOrderId: second } } });
    await simulator.faults.add({ ...get, match: { account: OTHER_SUBSCRIPTION } });
    await client.reservationOrder.get(first);
    await expect(client.reservationOrder.get(second)).rejects.toMatchObject({ statusCode: 429 });
    await client.reservationOrder.get(second);
    const other = reservationsFor(simulator, { subscriptions: [OTHER_SUBSCRIPTION] });
    await expect(other.reservationOrder.get(second)).rejects.toMatchObject({ statusCode: 429 });
  });
});

function internal() {
  return { name: "RestError", code: "InternalServerError", statusCode: 500 };
}

/** What became of the purchase calls. */
async function outcomes(simulator: AzureSimulator) {
  const requests = await simulator.ledger.requests();
  return requests.filter((request) => request.operation === operation).map((request) => request.outcome);
}

async function firstPages(client: AzureReservationAPI, count: number) {
  const pages = client.reservationOrder.list().byPage();
  const seen: { readonly name?: string }[][] = [];
  for await (const page of pages) {
    seen.push(page);
    if (seen.length === count) break;
  }
  return seen;
}
