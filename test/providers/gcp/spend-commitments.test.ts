import type { Fault, GcpSimulator, SeenRequest } from "buyonce/simulator";
import { OAuth2Client } from "google-auth-library";
import { describe, expect, test, vi } from "vitest";
import type { GcpSpendRequest } from "../../../src/domain/commitment-request/gcp-spend.js";
import { uuidV4Shaped } from "../../../src/idempotency/token-formats.js";
import type { GcpAuthorizedClient } from "../../../src/providers/gcp/spend-commitments/authorized-client.js";
import { startFrontServer } from "../aws/front-server.js";
import { TOKEN } from "./compute-line.js";
import { context, json, simulated, thrownBy } from "./simulated-line.js";
import {
  ACCOUNT,
  authorizedClient,
  buy,
  OFFERS,
  OLD_OFFER,
  ORDER_NAME,
  orderBody,
  PREPARED,
  spendPermit,
  spendProvider,
  spendRequest,
} from "./spend-line.js";

const HOUR_MS = 3_600_000;
const ORDER = new RegExp(`^billingAccounts/${ACCOUNT}/orders/[0-9a-f-]{36}$`);

const lookup = (endpoint: string, request = spendRequest(), more: Parameters<typeof context>[0] = {}) =>
  spendProvider(endpoint).lookup(request, TOKEN, context(more));

const placed = async ({ ledger }: Pick<GcpSimulator, "ledger">): Promise<SeenRequest[]> =>
  (await ledger.requests()).filter(({ operation }) => operation === "PlaceOrder");

/** Places an order by hand under a name. */
const placeByHand = (url: string, name: string, request = spendRequest()) =>
  fetch(`${url}/v1/billingAccounts/${request.account}/orders:place`, {
    method: "POST",
    body: JSON.stringify(orderBody(name, request)),
  });

describe("a purchase of a spend-based commitment", () => {
  test("sends the offer with its parameters, a name and a request id, and is confirmed by the order", async () => {
    const { simulator, clock } = await simulated();
    expect(await buy(simulator.url)).toEqual({
      kind: "committed",
      commitment: { commitmentIds: [expect.stringMatching(ORDER)], startedAt: clock.now(), adopted: false },
      sighting: { meaning: "live", state: "LINE_ITEM_CHANGE_STATE_COMPLETED" },
    });
    expect(await placed(simulator)).toMatchObject([
      { account: ACCOUNT, params: { ...orderBody(ORDER_NAME), requestId: uuidV4Shaped(TOKEN) } },
    ]);
    expect(await simulator.ledger.purchases()).toMatchObject([
      { service: "gcp.spend", account: ACCOUNT, region: "us-central1", commitment: "1.5", offeringId: OFFERS["1yr"] },
    ]);
  });

  test("goes over the wire as one request with the client's own token and quota project", async () => {
    const { simulator } = await simulated();
    const front = await startFrontServer(simulator.url);
    const client = authorizedClient();
    client.quotaProjectId = "billing-project-1";
    await buy(front.url, client);
    const [{ method, path, headers, body } = expect.unreachable()] = front.requests;
    expect({ method, path }).toEqual({ method: "POST", path: `/v1/billingAccounts/${ACCOUNT}/orders:place` });
    expect(headers).toMatchObject({
      authorization: "Bearer ann@example.com",
      "content-type": "application/json",
      "x-goog-user-project": "billing-project-1",
    });
    expect(body).toBe(
      `{"displayName":"${ORDER_NAME}","requestId":"${uuidV4Shaped(TOKEN)}","lineItemInfo":[{"offer":"${OFFERS["1yr"]}","parameters":[{"name":"hourly_commit","value":{"doubleValue":1.5}},{"name":"region","value":{"stringValue":"us-central1"}}]}]}`,
    );
  });

  test("is prepared with the offer, its price, a name and a request id, and another one for each retry", async () => {
    const { simulator } = await simulated();
    const provider = spendProvider(simulator.url);
    expect(await provider.prepare(spendRequest(), TOKEN, context())).toEqual(PREPARED);
    const again = await provider.prepare(spendRequest(), TOKEN, context({ lineageAttempt: 2 }));
    expect(again.detail).toMatchObject({ name: ORDER_NAME });
    expect(again.detail?.["requestId"]).not.toBe(PREPARED.detail?.["requestId"]);
  });

  test("within a day of the first buys nothing more, and after it a second order, as Google says", async () => {
    const { simulator, clock } = await simulated();
    const { idempotency } = spendProvider(simulator.url);
    expect(idempotency).toMatchObject({ kind: "native-token", windowMs: 24 * HOUR_MS });
    await buy(simulator.url);
    clock.advance(24 * HOUR_MS - 1);
    expect(await buy(simulator.url)).toMatchObject({ kind: "committed" });
    expect(await simulator.ledger.purchases()).toHaveLength(1);
    clock.advance(1);
    expect(await buy(simulator.url)).toMatchObject({ kind: "committed" });
    expect(await simulator.ledger.purchases()).toHaveLength(2);
    expect((await lookup(simulator.url))?.differences).toEqual(["orders: expected 1, found 2"]);
  });

  test("finds the order behind a request id that Google refuses to take again", async () => {
    const { simulator } = await simulated({ repeatedOrderAnswer: "ALREADY_EXISTS" });
    await buy(simulator.url);
    expect(await buy(simulator.url)).toMatchObject({ kind: "committed", commitment: { adopted: true } });
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  test("is unknown while its operation runs, and never absent", async () => {
    const { simulator, clock } = await simulated({ operationMs: HOUR_MS });
    expect(await buy(simulator.url)).toMatchObject({ kind: "unknown", reason: expect.stringContaining("not ended") });
    clock.advance(HOUR_MS);
    expect(await lookup(simulator.url)).toMatchObject({ differences: [] });
  });

  test.each<[what: string, code: string, kind: string]>([
    ["a refusal", "INVALID_ARGUMENT", "rejected"],
    ["a missing right", "PERMISSION_DENIED", "rejected"],
    ["Google's own failure", "INTERNAL", "unknown"],
    ["an order that exists", "ALREADY_EXISTS", "unknown"],
    ["a status that is not known", "SOMETHING_ELSE", "unknown"],
  ])("whose operation ends with %s is %s: %s", async (_, code, kind) => {
    const { simulator } = await simulated();
    await simulator.faults.add({ operation: "PlaceOrder", kind: "operation-fails", code, message: "no" });
    expect(await buy(simulator.url)).toMatchObject({ kind });
    expect(await simulator.ledger.purchases()).toEqual([]);
  });

  test.each(["at once", "by its operation"])(
    "of an offer for accounts of the other model is refused for good, %s, with what to do",
    async (when) => {
      const { simulator } = await simulated();
      const request = spendRequest(when === "at once" ? { offer: OLD_OFFER } : {});
      if (when !== "at once")
        await simulator.faults.add({ operation: "PlaceOrder", kind: "operation-fails", code: "FAILED_PRECONDITION" });
      const outcome = await spendProvider(simulator.url).purchase(spendPermit(request), context());
      const rejection = { code: "FAILED_PRECONDITION", persistent: true, hint: expect.stringContaining("two names") };
      expect(outcome).toMatchObject({ kind: "rejected", rejection });
    },
  );

  test("of an offer for accounts of the old model is sold to those", async () => {
    const { simulator } = await simulated({ cudModel: "before" });
    const permit = spendPermit(spendRequest({ offer: OLD_OFFER }));
    expect(await spendProvider(simulator.url).purchase(permit, context())).toMatchObject({ kind: "committed" });
  });

  test.each([
    ["an empty object", {}],
    ["another service's answer", { message: "ok" }],
    ["an operation without a name", { done: true }],
    ["a text", "ok"],
  ])("answered with %s is unknown", async (_, body) => {
    const { simulator } = await simulated();
    const isPlacing = ({ method }: { readonly method: string }) => method === "POST";
    const front = await startFrontServer(simulator.url, (asked) => (isPlacing(asked) ? json(200, body) : undefined));
    expect(await buy(front.url)).toMatchObject({ kind: "unknown" });
  });

  test("is unknown where its operation failed and its order is still listed, and another order of the name counts", async () => {
    const { simulator } = await simulated();
    const order = `billingAccounts/${ACCOUNT}/orders/o`;
    const failed = { name: `${order}/operations/1`, done: true, error: { code: 3, message: "no" } };
    const outcomeWith = async (name: string) => {
      const listed = { orders: [{ name, displayName: ORDER_NAME }] };
      const front = await startFrontServer(simulator.url, ({ method }) =>
        json(200, method === "POST" ? failed : listed),
      );
      return buy(front.url);
    };
    expect(await outcomeWith(order)).toMatchObject({
      kind: "unknown",
      reason: expect.stringContaining("still listed"),
    });
    expect(await outcomeWith(`${order}-2`)).toMatchObject({ kind: "committed" });
  });

  test("is unknown where the order in the answer is not the line's", async () => {
    const { simulator } = await simulated();
    const front = await startFrontServer(simulator.url, ({ method }) =>
      method === "POST"
        ? json(200, {
            name: `billingAccounts/${ACCOUNT}/orders/x/operations/y`,
            done: true,
            response: { name: `billingAccounts/${ACCOUNT}/orders/x`, displayName: "another" },
          })
        : undefined,
    );
    expect(await buy(front.url)).toMatchObject({ kind: "unknown", reason: "no order of the name is listed yet" });
  });
});

describe("a client", () => {
  const retrying = () => {
    const client = new OAuth2Client({
      transporterOptions: {
        retry: true,
        retryConfig: {
          retry: 5,
          httpMethodsToRetry: ["POST", "GET"],
          retryDelay: 1,
          shouldRetry: ({ config }) => (config.retryConfig?.currentRetryAttempt ?? 0) < 3,
        },
      },
    });
    client.setCredentials({ access_token: "ann@example.com", expiry_date: 9_000_000_000_000 });
    return client;
  };

  test.each<Fault["kind"]>(["error-500-before", "error-500-after", "reset-before", "reset-after", "throttle"])(
    "that sends again by its own settings sends a purchase once: %s",
    async (kind) => {
      const { simulator } = await simulated();
      await simulator.faults.add({ operation: "PlaceOrder", kind, times: 9 } as Fault);
      const outcome = await buy(simulator.url, retrying());
      expect(outcome.kind).toBe(kind === "throttle" ? "not_now" : "unknown");
      expect(await placed(simulator)).toHaveLength(1);
    },
  );

  test.each([401, 403])(
    "that renews its token after a %i sends a purchase once, and the refusal counts",
    async (status) => {
      const { simulator } = await simulated();
      const code = status === 401 ? "UNAUTHENTICATED" : "PERMISSION_DENIED";
      await simulator.faults.add({ operation: "PlaceOrder", kind: "error", code, status });
      let renewed = 0;
      const client = new OAuth2Client({ forceRefreshOnFailure: true });
      client.setCredentials({ access_token: "ann@example.com", expiry_date: 9_000_000_000_000 });
      client.refreshHandler = async () => {
        renewed += 1;
        return { access_token: "ann@example.com", expiry_date: 9_000_000_000_000 };
      };
      expect(await buy(simulator.url, client)).toMatchObject({ kind: "rejected", rejection: { code } });
      await vi.waitFor(() => expect(renewed).toBe(1));
      // The client has the new token and tries again, in vain.
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await placed(simulator)).toHaveLength(1);
    },
  );

  test("whose token is to be had too late sends nothing, not even afterwards", async () => {
    const { simulator } = await simulated();
    const usual = authorizedClient();
    let late: Promise<unknown> | undefined;
    const slow: GcpAuthorizedClient = {
      request(asked) {
        late = new Promise((resolve) => setTimeout(resolve, 1_300)).then(() =>
          usual.request({ ...asked, signal: new AbortController().signal }),
        );
        late.catch(() => undefined);
        return late;
      },
    };
    const provider = spendProvider(simulator.url, slow, { requestTimeoutMs: 1 });
    expect(await provider.purchase(spendPermit(), context())).toMatchObject({ kind: "not_sent" });
    await expect(late).rejects.toThrow();
    expect(await placed(simulator)).toEqual([]);
  });

  test("that ignores how often a request may leave is refused before it can buy", async () => {
    const { simulator } = await simulated();
    const careless: GcpAuthorizedClient = {
      request: async ({ url }) => ({ status: 200, data: await (await fetch(url)).json() }),
    };
    const provider = spendProvider(simulator.url, careless);
    expect((await thrownBy(provider.lookup(spendRequest(), TOKEN, context()))).message).toContain(
      "google-auth-library",
    );
    expect(await provider.purchase(spendPermit(), context())).toMatchObject({ kind: "unknown" });
  });

  test("that cannot be had sends nothing", async () => {
    const { simulator } = await simulated();
    const clientFor = () => Promise.reject(new Error("no credentials"));
    const provider = spendProvider(simulator.url, undefined, { clientFor });
    expect(await provider.purchase(spendPermit(), context())).toEqual({
      kind: "not_sent",
      reason: "Error: no credentials",
    });
    expect(await simulator.ledger.requests()).toEqual([]);
  });

  test("is not used where the kill switch is on, and asked about it once", async () => {
    const { simulator } = await simulated();
    let asked = 0;
    const beforeWire = () => {
      asked += 1;
      throw new Error("the kill switch is on");
    };
    const outcome = await buy(simulator.url, retrying(), { beforeWire });
    expect(outcome).toMatchObject({ kind: "not_sent", reason: expect.stringContaining("kill switch") });
    expect({ asked, placed: await placed(simulator) }).toEqual({ asked: 1, placed: [] });
  });
});

describe("a lookup", () => {
  test("finds nothing where nothing is listed, on however many pages", async () => {
    const { simulator } = await simulated({ emptyPages: true });
    expect(await lookup(simulator.url)).toBeUndefined();
    for (let index = 0; index < 3; index += 1) await placeByHand(simulator.url, `other-${index}`);
    expect(await lookup(simulator.url)).toBeUndefined();
  });

  test("finds the order among others of the billing account", async () => {
    const { simulator, clock } = await simulated({ emptyPages: true });
    await placeByHand(simulator.url, "other");
    await buy(simulator.url);
    expect(await lookup(simulator.url)).toEqual({
      commitmentIds: [expect.stringMatching(ORDER)],
      startedAt: clock.now(),
      labeled: true,
      differences: [],
      sighting: { meaning: "live", state: "LINE_ITEM_CHANGE_STATE_COMPLETED" },
    });
  });

  test.each<{ more: Partial<GcpSpendRequest>; difference: string }>([
    { more: { region: "global" }, difference: "region: expected global, found us-central1" },
    { more: { hourlyCommitment: "2" }, difference: "hourlyCommitment: expected 2, found 1.5" },
    { more: { offer: OFFERS["3yr"] }, difference: `offer: expected ${OFFERS["3yr"]}, found ${OFFERS["1yr"]}` },
    { more: { term: "3yr", offer: OFFERS["1yr"] }, difference: "term: expected 3yr, found 1yr" },
  ])("tells that $difference", async ({ more, difference }) => {
    const { simulator } = await simulated();
    await buy(simulator.url);
    expect((await lookup(simulator.url, spendRequest(more)))?.differences).toEqual([difference]);
  });

  test.each<[what: string, order: object]>([
    ["nothing but its name", {}],
    ["nulls", { lineItems: null, cancelledLineItems: null, createTime: null }],
    ["an empty line item", { lineItems: [{}] }],
    [
      "a value that says nothing",
      { lineItems: [{ lineItemInfo: { parameters: [{ name: "hourly_commit", value: {} }] } }] },
    ],
    [
      "a double as text",
      { lineItems: [{ lineItemInfo: { parameters: [{ name: "hourly_commit", value: { doubleValue: "1.50" } }] } }] },
    ],
    [
      "the offer by another path",
      { lineItems: [{ lineItemInfo: { offer: OFFERS["1yr"].replace("services/", "projects/1/services/") } }] },
    ],
  ])("compares only what is stated: %s", async (_, order) => {
    const { simulator } = await simulated();
    const orders = [{ name: `billingAccounts/${ACCOUNT}/orders/o`, displayName: ORDER_NAME, ...order }];
    const front = await startFrontServer(simulator.url, () => json(200, { orders }));
    expect(await lookup(front.url)).toMatchObject({ differences: [], sighting: { meaning: "live" } });
  });

  test.each([
    ["another service's answer", json(200, { message: "ok" })],
    ["a text", json(200, "ok")],
    ["no body", { status: 200, headers: {}, body: "" }],
    ["a proxy's page", { status: 404, headers: { "content-type": "text/html" }, body: "<html>" }],
    ["an order without a name", json(200, { orders: [{ displayName: ORDER_NAME }] })],
  ])("throws for %s, which says nothing", async (_, answer) => {
    const { simulator } = await simulated();
    const front = await startFrontServer(simulator.url, () => answer);
    expect(await thrownBy(lookup(front.url))).toMatchObject({ code: "LOOKUP_FAILED", retryable: true });
  });

  test("takes a denied call for no answer", async () => {
    const { simulator } = await simulated({ principals: { "ann@example.com": { permissions: [] } } });
    const { code, message } = await thrownBy(lookup(simulator.url));
    expect({ code, message }).toEqual({
      code: "PERMISSION_DENIED",
      message: expect.stringContaining("consumerprocurement.orders.list"),
    });
  });

  test.each<[word: string, meaning: string]>([
    ["LINE_ITEM_CHANGE_STATE_ACTIVATING", "pending"],
    ["LINE_ITEM_CHANGE_STATE_REJECTED", "void"],
    ["LINE_ITEM_CHANGE_STATE_REASON_TYPE_EXPIRED", "ended"],
    ["LINE_ITEM_CHANGE_STATE_REASON_TYPE_USER_CANCELLED", "ended"],
    ["LINE_ITEM_CHANGE_STATE_REASON_TYPE_SYSTEM_CANCELLED", "unclear"],
  ])("says what %s means: %s", async (word, meaning) => {
    const { simulator } = await simulated();
    await buy(simulator.url);
    const [{ commitmentId = "" } = {}] = await simulator.ledger.purchases();
    await simulator.states.set(commitmentId, word);
    expect((await lookup(simulator.url))?.sighting).toEqual({ meaning, state: word });
  });

  const created = (state: string) => ({
    changeType: "LINE_ITEM_CHANGE_TYPE_CREATE",
    changeState: `LINE_ITEM_CHANGE_STATE_${state}`,
  });

  test.each<[what: string, order: object, meaning: string]>([
    ["one of its line items", { lineItems: [{ changeHistory: [created("REJECTED")] }, {}] }, "live"],
    [
      "a line item that was made after all",
      { lineItems: [{ changeHistory: [created("REJECTED"), created("COMPLETED")] }] },
      "live",
    ],
    [
      "a change beside one whose state is not stated",
      { lineItems: [{ changeHistory: [created("ABANDONED"), created("UNSPECIFIED")] }] },
      "live",
    ],
    [
      "one line item beside a cancelled one",
      { lineItems: [{ changeHistory: [created("REJECTED")] }], cancelledLineItems: [{}] },
      "unclear",
    ],
    ["each of its line items", { lineItems: [{ changeHistory: [created("REJECTED"), created("REJECTED")] }] }, "void"],
  ])("knows what the refusal of %s means for the order", async (_, order, meaning) => {
    const { simulator } = await simulated();
    const orders = [{ name: `billingAccounts/${ACCOUNT}/orders/o`, displayName: ORDER_NAME, ...order }];
    const front = await startFrontServer(simulator.url, () => json(200, { orders }));
    expect((await lookup(front.url))?.sighting?.meaning).toBe(meaning);
  });

  test("reads nothing but the names of orders that are not the line's", async () => {
    const { simulator } = await simulated();
    const orders = [{ name: "another/form", displayName: "other", lineItems: "of another kind" }, {}];
    const front = await startFrontServer(simulator.url, () => json(200, { orders }));
    expect(await lookup(front.url)).toBeUndefined();
  });

  test("asks a person about a line item that is cancelled without a reason", async () => {
    const { simulator } = await simulated();
    const order = { name: `billingAccounts/${ACCOUNT}/orders/o`, displayName: ORDER_NAME, cancelledLineItems: [{}] };
    const front = await startFrontServer(simulator.url, () => json(200, { orders: [order] }));
    expect((await lookup(front.url))?.sighting).toEqual({ meaning: "unclear", state: "CANCELLED_LINE_ITEMS" });
  });
});

describe("the renewal of an order", () => {
  /** Buys a line and labels it; returns what the simulator then shows. */
  async function labeled(request: GcpSpendRequest, options: Parameters<typeof simulated>[0] = {}) {
    const { simulator } = await simulated(options);
    const provider = spendProvider(simulator.url);
    const outcome = await provider.purchase(spendPermit(request), context());
    if (outcome.kind !== "committed") return expect.unreachable(outcome.kind);
    const commitment = { ...outcome.commitment, adopted: false };
    const label = () => provider.label?.(commitment, TOKEN, context({ request } as object) as never);
    return { simulator, provider, label, commitment };
  }
  const modified = async ({ ledger }: GcpSimulator) =>
    (await ledger.requests()).filter(({ operation }) => operation === "ModifyOrder");

  test.each([true, false])("is changed to what the line says where the order says otherwise: %s", async (autoRenew) => {
    const request = spendRequest({ autoRenew });
    const { simulator, provider, label } = await labeled(request, { ordersRenew: !autoRenew });
    expect((await provider.lookup(request, TOKEN, context()))?.labeled).toBe(false);
    await label();
    expect((await provider.lookup(request, TOKEN, context()))?.labeled).toBe(true);
    await label();
    expect(await modified(simulator)).toMatchObject([
      {
        params: {
          etag: expect.any(String),
          modifications: [{ autoRenewalBehavior: `AUTO_RENEWAL_BEHAVIOR_${autoRenew ? "ENABLE" : "DISABLE"}` }],
        },
      },
    ]);
  });

  test.each([true, false])("is stated where the order does not say it: %s", async (autoRenew) => {
    const request = spendRequest({ autoRenew });
    const { simulator, provider, label } = await labeled(request, { ordersRenew: autoRenew });
    for (const operation of ["GetOrder", "ListOrders"])
      await simulator.faults.add({ operation, kind: "leave-out", fields: ["subscription"], times: 9 });
    expect((await provider.lookup(request, TOKEN, context()))?.labeled).toBe(false);
    await label();
    expect(await modified(simulator)).toHaveLength(1);
  });

  test("is not changed of an order of another billing account", async () => {
    const { simulator, provider } = await labeled(spendRequest());
    const commitmentIds = ["billingAccounts/FFFFFF-000000-FFFFFF/orders/o"];
    const asked = context({ request: spendRequest({ autoRenew: true }) } as object) as never;
    const error = await thrownBy(provider.label?.({ commitmentIds, adopted: true }, TOKEN, asked) as Promise<unknown>);
    expect(error.message).toContain(`not the name of an order of billing account ${ACCOUNT}`);
    expect(await modified(simulator)).toEqual([]);
  });

  test("is left alone where it is as the line says", async () => {
    const { simulator, label } = await labeled(spendRequest());
    await label();
    expect(await modified(simulator)).toEqual([]);
  });

  test("is not changed of an order that is over, which says what became of it", async () => {
    const { simulator, label, commitment } = await labeled(spendRequest({ autoRenew: true }));
    const state = "LINE_ITEM_CHANGE_STATE_REASON_TYPE_USER_CANCELLED";
    await simulator.states.set(commitment.commitmentIds[0] ?? "", state);
    expect(await label()).toEqual({ commitmentIds: commitment.commitmentIds, sighting: { meaning: "ended", state } });
    expect(await modified(simulator)).toEqual([]);
  });

  test("that cannot be changed fails the label, and nothing else", async () => {
    const { simulator, label } = await labeled(spendRequest({ autoRenew: true }));
    await simulator.faults.add({ operation: "ModifyOrder", kind: "error", code: "PERMISSION_DENIED", status: 403 });
    expect(await thrownBy(label() as Promise<unknown>)).toMatchObject({ code: "LABEL_FAILED", retryable: true });
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });
});

describe("the options", () => {
  const clientFor = () => authorizedClient();
  const given = (more: object) => () => spendProvider("http://127.0.0.1:1", undefined, { clientFor, ...more });

  test.each([{ endpoint: "127.0.0.1" }, { endpoint: "ftp://x" }, { endpoint: "" }, { clientFor: 1 }, { maxPages: 0 }])(
    "refuse %j",
    (more) => {
      expect(given(more)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
    },
  );

  test("take none that nobody reads", () => {
    expect(given({ endPoint: "http://127.0.0.1" })).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
  });

  test.each([
    undefined,
    "https://cloudcommerceconsumerprocurement.googleapis.com/",
    "https://x.googleapis.com.",
    "https://cloudcommerceconsumerprocurement.cloud.example",
  ])("take no shorter timings at Google itself, nor in the universe of the client: %s", async (endpoint) => {
    const clientFor = () => Object.assign(authorizedClient(), { universeDomain: "cloud.example" });
    const timing = { visibilityLagMs: 1 };
    const options = { clientFor, timing, ...(endpoint === undefined ? {} : { endpoint }) };
    const { gcpSpendCommitments } = await import("../../../src/providers/gcp/spend-commitments.js");
    const provider = gcpSpendCommitments(options);
    expect((await thrownBy(provider.lookup(spendRequest(), TOKEN, context()))).message).toContain("timing is in");
    expect(await provider.purchase(spendPermit(), context())).toMatchObject({ kind: "not_sent" });
  });
});
