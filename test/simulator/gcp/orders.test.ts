import type { ConnectedGcpSimulator } from "buyonce/simulator";
import { describe, expect, it } from "vitest";
import { simulatedGcp } from "./simulated-gcp.js";

const ACCOUNT = "01ABCD-234567-89EF01";
const ORDERS = `/v1/billingAccounts/${ACCOUNT}/orders`;
const OFFER = "services/alloydb.googleapis.com/standardOffers/ff04ec3e-278c-4ec8-8278-12f875a8cea2";
const OLD_OFFER = "services/alloydb.googleapis.com/standardOffers/adbca020-a973-48c9-b9b6-f5d70527790c";
const REQUEST_ID = "6f1c2b0a-7d3e-4c55-9a41-0c9e8d7b6a54";
const DAY_MS = 86_400_000;

const hourly = (value: object) => ({ name: "hourly_commit", value });
const region = (stringValue: string) => ({ name: "region", value: { stringValue } });
const INFO = { offer: OFFER, parameters: [hourly({ doubleValue: 1.5 }), region("us-central1")] };

interface Shown {
  readonly name: string;
  readonly done?: boolean;
  readonly etag: string;
  readonly response?: Shown;
  readonly orders?: readonly Shown[];
  readonly nextPageToken?: string;
  readonly error?: { readonly code: number; readonly status?: string; readonly message: string };
}

async function ask({ url }: ConnectedGcpSimulator, path: string, body?: object, bearer = "ann") {
  const answer = await fetch(url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${bearer}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Shown };
}

const place = (simulator: ConnectedGcpSimulator, more: object = {}) =>
  ask(simulator, `${ORDERS}:place`, { displayName: "mine", lineItemInfo: [INFO], ...more });

/** The name of the order that an operation made. */
const orderOf = ({ name }: Shown): string => name.replace(/\/operations\/.*/, "");

describe("an order", () => {
  it("is answered with an operation that is not done, whose answer is the order", async () => {
    const simulator = await simulatedGcp();
    const placed = await place(simulator, { requestId: REQUEST_ID });
    expect(placed).toEqual({
      status: 200,
      body: {
        name: expect.stringMatching(new RegExp(`^billingAccounts/${ACCOUNT}/orders/[0-9a-f-]{36}/operations/`)),
        metadata: { "@type": expect.stringMatching(/PlaceOrderMetadata$/) },
      },
    });
    const { body } = await ask(simulator, `/v1/${placed.body.name}`);
    expect(body).toMatchObject({
      done: true,
      response: {
        name: orderOf(placed.body),
        displayName: "mine",
        createTime: "2026-01-15T18:00:00.000Z",
        lineItems: [
          {
            lineItemInfo: {
              ...INFO,
              subscription: { startTime: "2026-01-15T18:00:00.000Z", endTime: "2027-01-15T18:00:00.000Z" },
            },
            changeHistory: [{ changeState: "LINE_ITEM_CHANGE_STATE_COMPLETED" }],
          },
        ],
      },
    });
    expect(await ask(simulator, `/v1/${orderOf(placed.body)}`)).toMatchObject({
      status: 200,
      body: { displayName: "mine" },
    });
    expect(await simulator.ledger.purchases()).toMatchObject([
      { service: "gcp.spend", account: ACCOUNT, region: "us-central1", commitment: "1.5", token: "mine" },
    ]);
  });

  it("is shown once its operation is done, and before if the setting says so", async () => {
    for (const visibleWhileRunning of [false, true]) {
      const simulator = await simulatedGcp({ operationMs: 1_000, visibleWhileRunning });
      const { body } = await place(simulator);
      const { orders = [] } = (await ask(simulator, ORDERS)).body;
      expect(orders).toHaveLength(visibleWhileRunning ? 1 : 0);
      if (visibleWhileRunning)
        expect(orders[0]).toMatchObject({
          lineItems: [{ pendingChange: { changeState: "LINE_ITEM_CHANGE_STATE_ACTIVATING", newLineItemInfo: INFO } }],
        });
      expect((await ask(simulator, `/v1/${body.name}`)).body.done).toBeUndefined();
      await simulator.clock.advance(1_000);
      expect((await ask(simulator, `/v1/${body.name}`)).body.done).toBe(true);
      expect((await ask(simulator, ORDERS)).body.orders).toHaveLength(1);
    }
  });

  it("that fails is removed, and its operation says why", async () => {
    const simulator = await simulatedGcp();
    await simulator.faults.add({ operation: "PlaceOrder", kind: "operation-fails", code: "FAILED_PRECONDITION" });
    const { body } = await place(simulator);
    expect((await ask(simulator, `/v1/${body.name}`)).body).toMatchObject({ done: true, error: { code: 9 } });
    expect(await ask(simulator, `/v1/${orderOf(body)}`)).toMatchObject({ status: 404 });
    expect(await simulator.ledger.purchases()).toEqual([]);
  });

  it.each<[what: string, more: object]>([
    ["without a name", { displayName: "" }],
    ["without a line item", { lineItemInfo: [] }],
    ["of two line items", { lineItemInfo: [INFO, INFO] }],
    ["of no offer", { lineItemInfo: [{ ...INFO, offer: "alloydb" }] }],
    ["without an amount", { lineItemInfo: [{ ...INFO, parameters: [region("us-central1")] }] }],
    ["of nothing", { lineItemInfo: [{ ...INFO, parameters: [hourly({ doubleValue: 0 }), region("us-central1")] }] }],
    ["without a region", { lineItemInfo: [{ ...INFO, parameters: [hourly({ doubleValue: 1 })] }] }],
    [
      "with a parameter of its own",
      { lineItemInfo: [{ ...INFO, parameters: [...INFO.parameters, { name: "x", value: {} }] }] },
    ],
    ["with a request id that is no UUID", { requestId: "mine" }],
  ])("%s is refused", async (_, more) => {
    const simulator = await simulatedGcp();
    expect(await place(simulator, more)).toMatchObject({
      status: 400,
      body: { error: { code: 400, status: "INVALID_ARGUMENT" } },
    });
    expect(await simulator.ledger.purchases()).toEqual([]);
  });

  it("of an offer for the other model is refused, and one that is not known is sold", async () => {
    const refused = { status: 400, body: { error: { status: "FAILED_PRECONDITION" } } };
    const old = { lineItemInfo: [{ ...INFO, offer: OLD_OFFER }] };
    expect(await place(await simulatedGcp(), old)).toMatchObject(refused);
    expect(await place(await simulatedGcp({ cudModel: "before" }), old)).toMatchObject({ status: 200 });
    expect(await place(await simulatedGcp({ cudModel: "before" }))).toMatchObject(refused);
    const unknown = { lineItemInfo: [{ ...INFO, offer: "services/x.googleapis.com/standardOffers/new" }] };
    expect(await place(await simulatedGcp(), unknown)).toMatchObject({ status: 200 });
  });

  it("needs a permission in the billing account", async () => {
    const simulator = await simulatedGcp({ principals: { bob: { permissions: ["consumerprocurement.orders.list"] } } });
    const body = { displayName: "mine", lineItemInfo: [INFO] };
    expect(await ask(simulator, `${ORDERS}:place`, body, "bob")).toMatchObject({
      status: 403,
      body: { error: { message: expect.stringContaining("consumerprocurement.orders.place") } },
    });
    expect(await ask(simulator, ORDERS, undefined, "bob")).toMatchObject({ status: 200 });
  });
});

describe("a request id of an order", () => {
  it("gets the same operation for a day, and then buys again", async () => {
    const simulator = await simulatedGcp();
    const first = await place(simulator, { requestId: REQUEST_ID });
    await simulator.clock.advance(DAY_MS - 1);
    const again = await place(simulator, { requestId: REQUEST_ID.toUpperCase(), displayName: "another" });
    expect(again.body).toMatchObject({ name: first.body.name, done: true, response: { displayName: "mine" } });
    expect(await simulator.ledger.purchases()).toHaveLength(1);
    await simulator.clock.advance(1);
    expect((await place(simulator, { requestId: REQUEST_ID })).body.name).not.toBe(first.body.name);
    expect(await simulator.ledger.purchases()).toHaveLength(2);
  });

  it("is refused the second time, or forgotten, if the settings say so", async () => {
    const refusing = await simulatedGcp({ repeatedOrderAnswer: "ALREADY_EXISTS" });
    await place(refusing, { requestId: REQUEST_ID });
    expect(await place(refusing, { requestId: REQUEST_ID })).toMatchObject({ status: 409 });
    const forgetful = await simulatedGcp({ orderRequestIdMemoryMs: 0 });
    await place(forgetful, { requestId: REQUEST_ID });
    await place(forgetful, { requestId: REQUEST_ID });
    expect(await forgetful.ledger.purchases()).toHaveLength(2);
  });

  it("is one's own in each billing account", async () => {
    const simulator = await simulatedGcp();
    await place(simulator, { requestId: REQUEST_ID });
    const body = { displayName: "mine", lineItemInfo: [INFO], requestId: REQUEST_ID };
    await ask(simulator, "/v1/billingAccounts/AAAAAA-BBBBBB-CCCCCC/orders:place", body);
    expect(await simulator.ledger.purchases()).toHaveLength(2);
  });
});

describe("the list of orders", () => {
  it("has no field for orders where there are none", async () => {
    expect(await ask(await simulatedGcp(), ORDERS)).toEqual({ status: 200, body: {} });
  });

  it("comes in pages, and can be filtered by name", async () => {
    const simulator = await simulatedGcp();
    for (const displayName of ["a", "b", "c-1"]) await place(simulator, { displayName });
    const first = await ask(simulator, `${ORDERS}?pageSize=2`);
    expect(first.body.orders).toHaveLength(2);
    const rest = await ask(simulator, `${ORDERS}?pageSize=2&pageToken=${first.body.nextPageToken}`);
    expect(rest.body).toMatchObject({ orders: [{ displayName: "c-1" }] });
    const filtered = await ask(simulator, `${ORDERS}?filter=${encodeURIComponent('display_name="c-1"')}`);
    expect(filtered.body.orders).toMatchObject([{ displayName: "c-1" }]);
    expect(await ask(simulator, `${ORDERS}?filter=name%3D1`)).toMatchObject({ status: 400 });
    expect(await ask(simulator, `${ORDERS}?pageToken=x`)).toMatchObject({ status: 400 });
  });
});

describe("the renewal of an order", () => {
  const modify = (simulator: ConnectedGcpSimulator, order: string, more: object = {}, behavior = "ENABLE") =>
    ask(simulator, `/v1/${order}:modify`, {
      modifications: [
        {
          lineItemId: "item-1",
          changeType: "LINE_ITEM_CHANGE_TYPE_UPDATE",
          newLineItemInfo: INFO,
          autoRenewalBehavior: `AUTO_RENEWAL_BEHAVIOR_${behavior}`,
        },
      ],
      ...more,
    });
  const renewing = { lineItems: [{ lineItemInfo: { subscription: { autoRenewalEnabled: true } } }] };

  it("is off unless the setting says so, and can be changed", async () => {
    const simulator = await simulatedGcp();
    const order = orderOf((await place(simulator)).body);
    expect((await ask(simulator, `/v1/${order}`)).body).not.toMatchObject(renewing);
    const changed = await modify(simulator, order);
    expect((await ask(simulator, `/v1/${changed.body.name}`)).body).toMatchObject({ done: true, response: renewing });
    await modify(simulator, order, {}, "DISABLE");
    expect((await ask(simulator, `/v1/${order}`)).body).not.toMatchObject(renewing);
    const other = await simulatedGcp({ ordersRenew: true });
    expect((await ask(other, `/v1/${orderOf((await place(other)).body)}`)).body).toMatchObject(renewing);
  });

  it("is changed by the current etag only, and nothing else can be changed", async () => {
    const simulator = await simulatedGcp();
    const order = orderOf((await place(simulator)).body);
    const { etag } = (await ask(simulator, `/v1/${order}`)).body;
    expect(await modify(simulator, order, { etag })).toMatchObject({ status: 200 });
    expect(await modify(simulator, order, { etag })).toMatchObject({
      status: 409,
      body: { error: { status: "ABORTED" } },
    });
    expect(await modify(simulator, `${order}x`)).toMatchObject({ status: 404 });
    const [modification] = [{ lineItemId: "item-1", changeType: "LINE_ITEM_CHANGE_TYPE_CANCEL" }];
    expect(await modify(simulator, order, { modifications: [modification] })).toMatchObject({ status: 400 });
  });

  it("decides whether a commitment is over at its end", async () => {
    const simulator = await simulatedGcp();
    const [ending, renewed] = [orderOf((await place(simulator)).body), orderOf((await place(simulator)).body)];
    await modify(simulator, renewed);
    await simulator.clock.advance(366 * DAY_MS);
    expect((await ask(simulator, `/v1/${renewed}`)).body).toMatchObject(renewing);
    const [item] = [{ changeHistory: [{}, { changeStateReasonType: "LINE_ITEM_CHANGE_STATE_REASON_TYPE_EXPIRED" }] }];
    expect((await ask(simulator, `/v1/${ending}`)).body).toMatchObject({ cancelledLineItems: [item] });
  });
});

it("serves the Recommender of a billing account beside it", async () => {
  const simulator = await simulatedGcp();
  const path = `/v1/billingAccounts/${ACCOUNT}/locations/global/recommenders/r/recommendations`;
  expect((await ask(simulator, path)).status).not.toBe(404);
  expect((await ask(simulator, "/v1/billingAccounts/x/nothing")).status).toBe(404);
});
