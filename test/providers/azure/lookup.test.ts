import { AzureReservationAPI } from "@azure/arm-reservations";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { describe, expect, test } from "vitest";
import { isBuyonceError } from "../../../src/domain/errors.js";
import type { Prepared } from "../../../src/domain/evidence.js";
import type { CommitmentProvider } from "../../../src/providers/commitment-provider.js";
import {
  ADAPTERS,
  type Adapter,
  ALIAS,
  ALIASES,
  answering,
  azureCloud,
  bought,
  CALCULATION,
  changing,
  context,
  idOf,
  NAME,
  type OtherAnswer,
  PLANS,
  permitFor,
  RESERVATIONS,
  seen,
  type WireBody,
} from "./azure-cloud.js";
import { OTHER_SUBSCRIPTION, OTHER_TOKEN, reservationRequest, TOKEN } from "./azure-lines.js";

/** What a write-ahead keeps whose order was never made. */
const NEVER_SENT: Prepared = { reference: "99999999-9999-4999-8999-999999999999", detail: { name: NAME } };

const asked = (adapter: Adapter, provider: CommitmentProvider, prepared?: Prepared) =>
  provider.lookup(adapter.request, TOKEN, context({ ...(prepared && { prepared }) }));

/** Asserts that a lookup proved nothing, and shows no token. */
async function expectNoAnswer(lookup: Promise<unknown>): Promise<string> {
  const thrown = await lookup.then(
    (answer) => expect.fail(`answered ${JSON.stringify(answer)}`),
    (reason: unknown) => reason,
  );
  if (!isBuyonceError(thrown)) throw thrown;
  expect({ code: thrown.code, retryable: thrown.retryable }).toEqual({ code: "LOOKUP_FAILED", retryable: true });
  expect(thrown.message).not.toContain(TOKEN);
  return thrown.message;
}

const error = (status: number, code?: string): OtherAnswer => ({
  status,
  ...(code !== undefined && { body: { error: { code, message: "as it says" } } }),
});

describe.each(ADAPTERS)("$name", (adapter) => {
  const isGetOfOne = ({ method, url }: { readonly method: string; readonly url: string }) =>
    method === "GET" && new URL(url).pathname.startsWith(`${adapter.path}/`);

  describe("are absent", () => {
    test.each([
      "NotFound",
      "ResourceNotFound",
      "ReservationOrderNotFound",
      "ReservationOrderAliasNotFound",
      "SavingsPlanOrderNotFound",
      "SavingsPlanOrderAliasNotFound",
    ])("where Azure says 404 %s", async (code) => {
      const between = answering((request) => (isGetOfOne(request) ? error(404, code) : undefined));
      const { provider } = adapter.over(await azureCloud(), { between });
      expect(await asked(adapter, provider, NEVER_SENT)).toBeUndefined();
    });
  });

  describe("are not known to be absent", () => {
    test.each<[string, OtherAnswer]>([
      ["404 of a path", error(404, "InvalidResourceType")],
      ["404 of a namespace", error(404, "InvalidResourceNamespace")],
      ["404 of a subscription", error(404, "SubscriptionNotFound")],
      ["404 of an unknown code", error(404, "Gone")],
      ["404 without a code", { status: 404, body: {} }],
      ["404 with a code in another place", { status: 404, body: { code: "ResourceNotFound" } }],
      ["404 of a proxy", { status: 404, body: "<html>Not Found</html>" }],
      ["404 without a body", { status: 404, body: "" }],
      ["403", error(403, "AuthorizationFailed")],
      ["403 with the code of absence", error(403, "ResourceNotFound")],
      ["400 with the code of absence", error(400, "ResourceNotFound")],
      ["401", error(401, "ExpiredAuthenticationToken")],
      ["409", error(409, "Conflict")],
      ["410", error(410, "ResourceNotFound")],
      ["500", error(500, "InternalServerError")],
      ["200 with the error of absence", { status: 200, body: { error: { code: "ResourceNotFound" } } }],
      ["200 without a body", { status: 200, body: "" }],
      ["200 with null", { status: 200, body: null }],
      ["200 with a list", { status: 200, body: { value: [] } }],
      ["200 with a page of HTML", { status: 200, body: "<html></html>" }],
      ["200 without a state", { status: 200, body: { name: NAME, properties: {} } }],
      ["204", { status: 204, body: "" }],
      ["302", { status: 302, headers: { location: "https://elsewhere.example/" }, body: "" }],
    ])("by %s", async (_what, answer) => {
      const between = answering((request) => (isGetOfOne(request) ? answer : undefined));
      const { provider } = adapter.over(await azureCloud(), {
        between,
        client: { retryOptions: { maxRetries: 0 } },
      });
      await expectNoAnswer(asked(adapter, provider, NEVER_SENT));
    });

    test.each([
      "cut-body",
      "garbage-body",
      "empty-body",
      "reset-before",
      "reset-after",
      "error-500-before",
      "throttle",
    ] as const)("by an answer that meets %s", async (kind) => {
      const cloud = await azureCloud();
      await cloud.simulator.faults.add({ operation: adapter.lookup, kind });
      const { provider } = adapter.over(cloud, { client: { retryOptions: { maxRetries: 0 } } });
      await expectNoAnswer(asked(adapter, provider));
    });

    test("by a lookup that is aborted", async () => {
      const { provider } = adapter.over(await azureCloud());
      const signal = AbortSignal.abort();
      await expectNoAnswer(provider.lookup(adapter.request, TOKEN, context({ signal })));
    });

    test("by the answer about another order", async () => {
      const cloud = await azureCloud();
      const { prepared } = await bought(adapter.over(cloud).provider, adapter.request);
      const rename = (body: WireBody) => ({ ...body, name: "99999999-9999-4999-8999-99999999ffff" });
      const isOrder = ({ url }: { readonly url: string }) => /Orders\/[^/]+$/.test(new URL(url).pathname);
      const { provider } = adapter.over(cloud, { between: changing(isOrder, rename) });
      expect(await expectNoAnswer(asked(adapter, provider, prepared))).toContain("answered with 99999999");
    });
  });

  test("are found by an id in capitals, with its path", async () => {
    const cloud = await azureCloud();
    const first = await bought(adapter.over(cloud).provider, adapter.request);
    const spell = (body: WireBody) => ({ ...body, name: `/Providers/X/${String(body["name"]).toUpperCase()}` });
    const isOrder = ({ url }: { readonly url: string }) => /Orders\/[^/]+$/.test(new URL(url).pathname);
    const { provider } = adapter.over(cloud, { between: changing(isOrder, spell) });
    expect(await asked(adapter, provider, first.prepared)).toMatchObject({ commitmentIds: [idOf(first)] });
  });

  test("are found under each of the names that retries have unlocked, and no other line's", async () => {
    // A session is bound to what was calculated, its display name included.
    const { provider } = adapter.over(await azureCloud({ changedPurchase: "buy-as-sent" }));
    const prepared = await provider.prepare(adapter.request, TOKEN, context());
    const name = `${NAME}-2`;
    const reference = adapter === CALCULATION ? prepared.reference : name;
    const permit = permitFor(adapter.request, { ...prepared, reference, detail: { name } });
    expect((await provider.purchase(permit, context())).kind).toBe("committed");
    const second = context({ lineageAttempt: 2 });
    expect(await provider.lookup(adapter.request, TOKEN, context())).toBeUndefined();
    expect(await provider.lookup(adapter.request, OTHER_TOKEN, second)).toBeUndefined();
    expect(await provider.lookup(adapter.request, TOKEN, second)).toMatchObject({ differences: [] });
  });
});

describe.each(ALIASES)("$name", (adapter) => {
  test("whose order is not shown yet are on their way", async () => {
    const cloud = await azureCloud();
    const id = idOf(await bought(adapter.over(cloud).provider, adapter.request));
    await cloud.simulator.faults.add({ operation: adapter.order, kind: "stale-listing", ms: 60_000 });
    expect(await asked(adapter, adapter.over(cloud).provider)).toMatchObject({
      commitmentIds: [id],
      sighting: { meaning: "pending", state: "Creating" },
      differences: [],
    });
  });

  test("whose order may not be read are not known to be absent", async () => {
    const cloud = await azureCloud();
    await bought(adapter.over(cloud).provider, adapter.request);
    await cloud.simulator.faults.add({
      operation: adapter.order,
      kind: "error",
      code: "AuthorizationFailed",
      status: 403,
    });
    await expectNoAnswer(asked(adapter, adapter.over(cloud).provider));
  });

  test("are not known to be absent by the answer about another alias", async () => {
    const cloud = await azureCloud();
    await bought(adapter.over(cloud).provider, adapter.request);
    const isAlias = ({ url }: { readonly url: string }) => new URL(url).pathname.startsWith(adapter.path);
    const between = changing(isAlias, (body) => ({ ...body, name: "another" }));
    expect(await expectNoAnswer(asked(adapter, adapter.over(cloud, { between }).provider))).toContain(
      "answered with another",
    );
  });

  test("two of which live under names of one line are a difference, and neither is lost", async () => {
    const cloud = await azureCloud();
    const { provider } = adapter.over(cloud);
    const ids: string[] = [];
    for (const name of [NAME, `${NAME}-2`]) {
      const outcome = await provider.purchase(
        permitFor(adapter.request, { reference: name, detail: { name } }),
        context(),
      );
      ids.push(idOf({ outcome }));
    }
    expect(await provider.lookup(adapter.request, TOKEN, context({ lineageAttempt: 2 }))).toMatchObject({
      commitmentIds: [ids[0]],
      differences: ["orders: expected 1, found 2"],
    });
  });

  test("tell no charge, which Azure does not state: it may sell at another price than it calculated", async () => {
    const cloud = await azureCloud();
    const { provider } = adapter.over(cloud);
    const prepared = await provider.prepare(adapter.request, TOKEN, context());
    for (const price of await cloud.simulator.prices.list())
      await cloud.simulator.prices.set({ ...price, amount: price.amount * 2 });
    const outcome = await provider.purchase(permitFor(adapter.request, prepared), context());
    const [purchase] = await cloud.simulator.ledger.purchases();
    if (adapter === ALIAS) expect(purchase?.charge?.amount).toBe("2291.04");
    expect(outcome).toMatchObject({
      kind: "committed",
      commitment: expect.not.objectContaining({ charge: expect.anything() }),
    });
    expect(await asked(adapter, provider, prepared)).not.toHaveProperty("charge");
  });
});

const DIFFERENT: readonly (readonly [Adapter, field: string, found: unknown, difference: string])[] = [
  [ALIAS, "reservedResourceType", "SqlDatabases", "reservedResourceType: expected virtualmachines, found sqldatabases"],
  [ALIAS, "quantity", 3, "quantity: expected 2, found 3"],
  [ALIAS, "term", "P3Y", "term: expected p1y, found p3y"],
  [ALIAS, "billingPlan", "P1M", "billingPlan: expected none, found p1m"],
  [
    ALIAS,
    "billingScopeId",
    `/subscriptions/${OTHER_SUBSCRIPTION}`,
    `account: expected 11111111-1111-4111-8111-111111111111, found ${OTHER_SUBSCRIPTION}`,
  ],
  [
    ALIAS,
    "billingScopeId",
    `/providers/Microsoft.Billing/billingAccounts/1:2_2019-05-31/billingSubscriptions/${OTHER_SUBSCRIPTION}`,
    `account: expected 11111111-1111-4111-8111-111111111111, found ${OTHER_SUBSCRIPTION}`,
  ],
  [ALIAS, "appliedScopeType", "Single", "scope: expected shared, found single"],
  [
    PLANS,
    "commitment",
    { grain: "Hourly", currencyCode: "USD", amount: 0.51 },
    "hourlyCommitment: expected 0.5, found 0.51",
  ],
  [PLANS, "commitment", { grain: "Hourly", currencyCode: "EUR", amount: 0.5 }, "currency: expected usd, found eur"],
  [PLANS, "term", "P3Y", "term: expected p1y, found p3y"],
  [PLANS, "billingPlan", "P1M", "billingPlan: expected none, found p1m"],
  [
    PLANS,
    "billingScopeId",
    OTHER_SUBSCRIPTION,
    `account: expected 11111111-1111-4111-8111-111111111111, found ${OTHER_SUBSCRIPTION}`,
  ],
  [PLANS, "appliedScopeType", "ManagementGroup", "scope: expected shared, found managementgroup"],
  [CALCULATION, "originalQuantity", 3, "quantity: expected 2, found 3"],
  [CALCULATION, "term", "P3Y", "term: expected p1y, found p3y"],
  [CALCULATION, "billingPlan", "Monthly", "billingPlan: expected upfront, found monthly"],
];

describe("a difference", () => {
  const differing = DIFFERENT.map(([adapter, field, found, difference]) => ({
    adapter,
    field,
    found,
    difference,
    name: adapter.name,
  }));

  test.each(differing)("of $name in $field is told: $difference", async ({ adapter, field, found, difference }) => {
    const cloud = await azureCloud();
    const { prepared } = await bought(adapter.over(cloud).provider, adapter.request);
    const isPurchase = ({ url }: { readonly url: string }) => new URL(url).pathname.startsWith(adapter.path);
    const between = changing(isPurchase, ({ properties, ...body }) => ({
      ...body,
      properties: { ...properties, [field]: found },
    }));
    expect(await asked(adapter, adapter.over(cloud, { between }).provider, prepared)).toMatchObject({
      differences: [difference],
    });
  });

  test.each(differing.filter(({ adapter }) => adapter !== CALCULATION))(
    "of $name in $field, told by the answer to the purchase, is no confirmation",
    async ({ adapter, field, found, difference }) => {
      const cloud = await azureCloud();
      const isPut = ({ method }: { readonly method: string }) => method === "PUT";
      const between = changing(isPut, ({ properties, ...body }) => ({
        ...body,
        properties: { ...properties, [field]: found },
      }));
      const { outcome } = await bought(adapter.over(cloud, { between }).provider, adapter.request);
      expect(outcome).toEqual({ kind: "unknown", reason: `the alias of this name differs: ${difference}` });
    },
  );

  test.each<[string, (body: WireBody) => unknown]>([
    [
      "the case of names",
      ({ sku, ...body }) => ({ ...body, sku: { name: "STANDARD_d2S_V3" }, location: "WestEurope" }),
    ],
    ["the long name of a location", (body) => ({ ...body, location: "West Europe" })],
    [
      "a bare subscription",
      ({ properties, ...body }) => ({
        ...body,
        properties: { ...properties, billingScopeId: "11111111-1111-4111-8111-111111111111" },
      }),
    ],
    [
      "a field left out for null",
      ({ properties: { billingPlan: _, ...properties }, ...body }) => ({ ...body, properties }),
    ],
    ["a location left out", ({ location: _, ...body }) => body],
    ["a location that is null", (body) => ({ ...body, location: null })],
    ["an empty location", (body) => ({ ...body, location: "" })],
    ["a name left out", ({ name: _, ...body }) => body],
    ["a name and an id left out", ({ name: _, id: __, ...body }) => body],
    ...[undefined, null, "/providers/Microsoft.Billing/billingAccounts/20000000-1000-0000-0000-000000000009"].map(
      (billingScopeId): [string, (body: WireBody) => unknown] => [
        `the billing scope ${billingScopeId}, which names no subscription`,
        ({ properties, ...body }) => ({ ...body, properties: { ...properties, billingScopeId } }),
      ],
    ),
    [
      "the word of reservation orders for a plan that is paid upfront",
      ({ properties, ...body }) => ({ ...body, properties: { ...properties, billingPlan: "Upfront" } }),
    ],
    ["a sku left out", ({ sku: _, ...body }) => body],
    ...["quantity", "term", "reservedResourceType", "appliedScopeType"].map(
      (field): [string, (body: WireBody) => unknown] => [
        `a ${field} left out`,
        ({ properties, ...body }) => ({ ...body, properties: { ...properties, [field]: undefined } }),
      ],
    ),
    ["a field more", (body) => ({ ...body, kind: null })],
  ])("is not %s", async (_what, change) => {
    const cloud = await azureCloud();
    await bought(ALIAS.over(cloud).provider, ALIAS.request);
    const isAlias = ({ url }: { readonly url: string }) => new URL(url).pathname.startsWith(ALIAS.path);
    const { provider } = ALIAS.over(cloud, { between: changing(isAlias, change) });
    expect(await asked(ALIAS, provider)).toMatchObject({ differences: [] });
  });
});

test.each(ALIASES)("an alias as the specification's own examples answer is found: $name", async (adapter) => {
  const cloud = await azureCloud({ aliasAnswers: "as-specified" });
  const { provider } = adapter.over(cloud);
  const { outcome } = await bought(provider, adapter.request);
  expect(await asked(adapter, provider)).toMatchObject({ commitmentIds: [idOf({ outcome })], differences: [] });
});

test.each(ADAPTERS)("an order of $name that states nothing but its id is found", async (adapter) => {
  const cloud = await azureCloud();
  const first = await bought(adapter.over(cloud).provider, adapter.request);
  const isOrder = ({ url }: { readonly url: string }) => /Orders\/[^/]+$/.test(new URL(url).pathname);
  const { provider } = adapter.over(cloud, { between: changing(isOrder, ({ id }) => ({ id })) });
  expect(await asked(adapter, provider, first.prepared)).toMatchObject({
    commitmentIds: [idOf(first)],
    differences: [],
  });
});

describe("calculated orders whose id was lost", () => {
  /** Buys, and looks as a store does that knows nothing of it. */
  async function lost(change?: Parameters<typeof changing>, options: Parameters<typeof azureCloud>[0] = {}) {
    const cloud = await azureCloud(options);
    const id = idOf(await bought(CALCULATION.over(cloud).provider, CALCULATION.request));
    const { provider } = CALCULATION.over(cloud, change && { between: changing(...change) });
    return { cloud, id, provider };
  }
  const isList = ({ url }: { readonly url: string }) => new URL(url).pathname.endsWith("/reservationOrders");
  const isReservation = ({ url }: { readonly url: string }) => url.includes("/reservations/");
  /** A list whose first order has other properties. */
  const withFirst = (body: WireBody, properties: Readonly<Record<string, unknown>>) => {
    const [first, ...others] = body["value"] as readonly WireBody[];
    return { ...body, value: [{ ...first, properties: { ...first?.properties, ...properties } }, ...others] };
  };

  test("are found by their display name, without a charge that nobody knows", async () => {
    const { provider, id } = await lost();
    const found = await asked(CALCULATION, provider);
    expect(found).toMatchObject({ commitmentIds: [id], labeled: true, differences: [] });
    expect(found).not.toHaveProperty("charge");
  });

  test("are found by their display name in any case", async () => {
    const { provider, id } = await lost([isList, (body) => withFirst(body, { displayName: NAME.toUpperCase() })]);
    expect(await asked(CALCULATION, provider)).toMatchObject({ commitmentIds: [id] });
  });

  test("have no charge of another order's quote", async () => {
    const { provider, id } = await lost();
    const detail = { name: NAME, charge: { amount: "999", currency: "USD" } };
    const found = await asked(CALCULATION, provider, { ...NEVER_SENT, detail });
    expect(found).toMatchObject({ commitmentIds: [id] });
    expect(found).not.toHaveProperty("charge");
  });

  test.each([
    ["a longer name", `${NAME}-by-hand`],
    ["a part of the name", NAME.slice(0, -1)],
    ["no name", undefined],
    ["the name of another retry", `${NAME}-2`],
    ["a name that is no text", [NAME]],
  ])("are not those with %s", async (_what, displayName) => {
    const { provider } = await lost([isList, (body) => withFirst(body, { displayName })]);
    expect(await asked(CALCULATION, provider)).toBeUndefined();
  });

  test("are told from those that another subscription bought under the same display name", async () => {
    const cloud = await azureCloud();
    const other = reservationRequest({ account: OTHER_SUBSCRIPTION });
    const credential = cloud.simulator.credentialFor(OTHER_SUBSCRIPTION);
    const client = new AzureReservationAPI(credential, { httpClient: cloud.simulator.httpClient });
    const strange = CALCULATION.over(cloud, { provider: { clientFor: () => client } }).provider;
    const id = idOf(await bought(strange, other));
    expect(await asked(CALCULATION, CALCULATION.over(cloud).provider)).toMatchObject({
      commitmentIds: [id],
      differences: [`account: expected ${reservationRequest().account}, found ${OTHER_SUBSCRIPTION}`],
    });
  });

  test.each([
    [
      "another sku",
      (body: WireBody) => ({ ...body, sku: { name: "Standard_D4s_v3" } }),
      "sku: expected standard_d2s_v3, found standard_d4s_v3",
    ],
    [
      "another region",
      (body: WireBody) => ({ ...body, location: "eastus" }),
      "region: expected westeurope, found eastus",
    ],
    [
      "another type",
      ({ properties, ...body }: WireBody) => ({
        ...body,
        properties: { ...properties, reservedResourceType: "CosmosDb" },
      }),
      "reservedResourceType: expected virtualmachines, found cosmosdb",
    ],
  ])("are told from those of %s", async (_what, change, difference) => {
    const { provider } = await lost([isReservation, change]);
    expect(await asked(CALCULATION, provider)).toMatchObject({ differences: [difference] });
  });

  test.each<[string, Parameters<typeof changing>]>([
    ["whose reservations are not stated", [isList, (body) => withFirst(body, { reservations: undefined })]],
    ["whose reservation states nothing", [isReservation, ({ sku: _, location: __, properties: ___, ...body }) => body]],
    [
      "whose reservation names a billing account",
      [
        isReservation,
        ({ properties, ...body }) => ({
          ...body,
          properties: { ...properties, billingScopeId: "/providers/Microsoft.Billing/billingAccounts/1" },
        }),
      ],
    ],
  ])("are found by their name where it is that of an order %s", async (_what, change) => {
    const { provider, id } = await lost(change);
    expect(await asked(CALCULATION, provider)).toMatchObject({ commitmentIds: [id], differences: [] });
  });

  test.each<[string, Parameters<typeof changing>]>([
    ["its reservation is not named", [isList, (body) => withFirst(body, { reservations: [] })]],
    ["its reservation is not shown", [isReservation, () => ({ error: { code: "X" } })]],
    ["an order has no id", [isList, (body) => ({ ...body, value: [{ properties: {} }] })]],
    ["the answer holds no list", [isList, ({ value: _, ...body }) => body]],
    ["the list is null", [isList, (body) => ({ ...body, value: null })]],
  ])("are not known to be absent where %s", async (_what, change) => {
    const { provider } = await lost(change);
    await expectNoAnswer(asked(CALCULATION, provider));
  });

  test.each(["https://elsewhere.example", "http://management.azure.com", "https://management.azure.com:8443"])(
    "are not looked for at %s, for which the access token is not",
    async (origin) => {
      const asked: string[] = [];
      const nextLink = `${origin}${CALCULATION.path}?api-version=2022-11-01&%24skiptoken=1`;
      const between = (simulated: HttpClient): HttpClient => {
        const leading = changing(isList, (body) => ({ ...body, nextLink }))(simulated);
        return {
          sendRequest(request) {
            asked.push(new URL(request.url).origin);
            return leading.sendRequest(request);
          },
        };
      };
      const { provider } = CALCULATION.over(await azureCloud(), { between });
      expect(await expectNoAnswer(provider.lookup(CALCULATION.request, TOKEN, context()))).toContain(
        `leads to ${origin}`,
      );
      expect(asked).toEqual(["https://management.azure.com"]);
    },
  );

  test("are looked for on every page", async () => {
    const cloud = await azureCloud({ pageSize: 1 });
    const { provider } = CALCULATION.over(cloud);
    for (const token of [OTHER_TOKEN, TOKEN]) {
      const prepared = await provider.prepare(CALCULATION.request, token, context());
      await provider.purchase({ ...permitFor(CALCULATION.request, prepared), token }, context());
    }
    const before = (await seen(cloud, "ListReservationOrders")).length;
    expect(await asked(CALCULATION, provider)).toMatchObject({ differences: [] });
    expect(await seen(cloud, "ListReservationOrders")).toHaveLength(before + 2);
  });

  test("are not known to be absent from a list that never ends", async () => {
    const { cloud, provider } = await lost(undefined, { pageSize: 1 });
    await cloud.simulator.faults.add({ operation: "ListReservationOrders", kind: "repeat-page-token", times: 9 });
    await expect(provider.lookup(CALCULATION.request, OTHER_TOKEN, context())).rejects.toMatchObject({
      code: "OFFERING_PAGES_EXCEEDED",
    });
  });

  test("two of which live under one name are a difference", async () => {
    const cloud = await azureCloud();
    const { provider } = CALCULATION.over(cloud);
    const prepared = [
      await provider.prepare(CALCULATION.request, TOKEN, context()),
      await provider.prepare(CALCULATION.request, TOKEN, context()),
    ];
    for (const one of prepared) await provider.purchase(permitFor(CALCULATION.request, one), context());
    expect(await asked(CALCULATION, provider)).toMatchObject({ differences: ["orders: expected 1, found 2"] });
  });
});

test.each(RESERVATIONS)("credentials without rights to the subscription buy nothing of $name", async (adapter) => {
  const cloud = await azureCloud();
  const request = reservationRequest({ account: OTHER_SUBSCRIPTION });
  const prepared: Prepared = { reference: adapter === ALIAS ? NAME : NEVER_SENT.reference, detail: { name: NAME } };
  const { provider } = adapter.over(cloud);
  expect(await provider.purchase(permitFor(request, prepared), context())).toMatchObject({
    kind: "rejected",
    rejection: { code: "AuthorizationFailed" },
  });
  await expect(provider.prepare(request, TOKEN, context())).rejects.toMatchObject({ code: "PREPARE_FAILED" });
  expect(await cloud.simulator.ledger.purchases()).toEqual([]);
});
