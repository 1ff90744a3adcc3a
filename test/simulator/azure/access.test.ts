import { describe, expect, it } from "vitest";
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
} from "./simulated-azure.js";

const notAuthorized = { name: "RestError", code: "AuthorizationFailed", statusCode: 403 };

describe("a credential", () => {
  it("buys for its own subscriptions and no other, case aside", async () => {
    const simulator = await simulatedAzure();
    const stranger = { subscriptions: [OTHER_SUBSCRIPTION] };
    const capacity = reservationsFor(simulator, stranger).reservationOrder;
    await expect(capacity.calculate(VIRTUAL_MACHINES)).rejects.toMatchObject({
      ...notAuthorized,
      message: expect.stringContaining(
        `'Microsoft.Capacity/calculatePrice/action' over scope '/subscriptions/${SUBSCRIPTION}'`,
      ),
    });
    const id = await calculatedId(reservationsFor(simulator));
    await expect(capacity.beginPurchase(id, VIRTUAL_MACHINES)).rejects.toMatchObject(notAuthorized);
    const benefits = benefitsFor(simulator, stranger);
    const reservation = benefits.reservationOrderAlias.beginCreate("a", VIRTUAL_MACHINES_ALIAS);
    await expect(reservation).rejects.toMatchObject(notAuthorized);
    await expect(benefits.savingsPlanOrderAlias.beginCreate("a", SAVINGS_PLAN)).rejects.toMatchObject(notAuthorized);
    expect(await simulator.ledger.purchases()).toEqual([]);
    await buy(reservationsFor(simulator, { subscriptions: [OTHER_SUBSCRIPTION, SUBSCRIPTION] }));
    expect(await simulator.ledger.purchases()).toMatchObject([{ account: SUBSCRIPTION }]);
  });

  it("sees the orders of every subscription of the tenant", async () => {
    const simulator = await simulatedAzure();
    const id = await buy(reservationsFor(simulator));
    const stranger = reservationsFor(simulator, { subscriptions: [OTHER_SUBSCRIPTION] });
    expect((await listed(stranger)).map(({ name }) => name)).toEqual([id]);
  });

  it("is for subscriptions only", async () => {
    const { credentialFor } = await simulatedAzure();
    expect(() => credentialFor("my subscription")).toThrow(TypeError);
    expect(() => credentialFor()).toThrow(TypeError);
  });
});

describe("a bearer token", () => {
  const list = "/providers/Microsoft.Capacity/reservationOrders?api-version=2022-11-01";

  it("of another maker may do anything", async () => {
    const { url } = await simulatedAzure();
    expect((await fetch(url + list, { headers: { authorization: "Bearer eyJ0" } })).status).toBe(200);
  });

  it.each([undefined, "Basic dXNlcg==", "Bearer simulator.garbage"])(
    "is needed: %s is refused",
    async (authorization) => {
      const simulator = await simulatedAzure();
      await simulator.faults.add({ operation: "ListReservationOrders", kind: "reset-before" });
      const answer = await fetch(simulator.url + list, authorization ? { headers: { authorization } } : {});
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer authorization_uri=/);
      expect(await answer.json()).toMatchObject({ error: { code: "AuthenticationFailed" } });
      expect(await simulator.faults.pending()).toHaveLength(1);
    },
  );
});

describe("a request that leads nowhere", () => {
  it("to a sub-path that does not exist is reported as a lack of rights to it", async () => {
    const simulator = await simulatedAzure();
    const id = await buy(reservationsFor(simulator));
    const path = `Microsoft.Capacity/reservationOrders/${id}/purchase`;
    expect(await send(simulator, "POST", path, {})).toMatchObject({
      status: 403,
      body: {
        error: {
          code: "AuthorizationFailed",
          message: expect.stringContaining(
            `'Microsoft.Capacity/reservationOrders/purchase/action' over scope '/providers/Microsoft.Capacity/reservationOrders/${id}'`,
          ),
        },
      },
    });
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it.each([
    ["DELETE", "Microsoft.Capacity/reservationOrders/1", 405, "HttpMethodNotSupported"],
    ["GET", "Microsoft.Capacity/nothing", 404, "InvalidResourceType"],
  ])("%s %s is refused", async (method, path, status, code) => {
    expect(await send(await simulatedAzure(), method, path)).toMatchObject({ status, body: { error: { code } } });
  });

  it("without an API version or with a broken body is refused", async () => {
    const { url } = await simulatedAzure();
    const headers = { authorization: "Bearer eyJ0" };
    const base = `${url}/providers/Microsoft.Capacity/calculatePrice`;
    const noVersion = await fetch(base, { method: "POST", headers, body: "{}" });
    expect(await noVersion.json()).toMatchObject({ error: { code: "MissingApiVersionParameter" } });
    const broken = await fetch(`${base}?api-version=2022-11-01`, { method: "POST", headers, body: "{" });
    expect([broken.status, await broken.json()]).toMatchObject([400, { error: { code: "InvalidRequestContent" } }]);
  });

  it("to another namespace is not found", async () => {
    const { url } = await simulatedAzure();
    expect((await fetch(`${url}/providers/Microsoft.Compute/virtualMachines`)).status).toBe(404);
  });
});

describe("every answer", () => {
  it("has the headers of Azure Resource Manager, and echoes the client's request id", async () => {
    const simulator = await simulatedAzure();
    const answer = await send(simulator, "GET", "Microsoft.Capacity/reservationOrders");
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-cache",
      pragma: "no-cache",
      expires: "-1",
      "x-ms-request-id": expect.any(String),
      "x-ms-correlation-request-id": expect.any(String),
      "x-ms-routing-request-id": expect.stringMatching(/^SIMULATOR:20260131T102030Z:[0-9a-f-]{36}$/),
      "x-ms-ratelimit-remaining-tenant-reads": "11999",
    });
    const headers = { authorization: "Bearer eyJ0", "x-ms-client-request-id": "mine" };
    const echoed = await fetch(`${simulator.url}/PROVIDERS/microsoft.capacity/RESERVATIONORDERS?api-version=1`, {
      headers,
    });
    expect([echoed.status, echoed.headers.get("x-ms-request-id")]).toEqual([200, "mine"]);
  });
});
