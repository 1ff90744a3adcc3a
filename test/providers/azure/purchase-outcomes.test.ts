import { KnownErrorResponseCode } from "@azure/arm-reservations";
import { describe, expect, test } from "vitest";
import {
  ADAPTERS,
  ALIASES,
  answering,
  azureCloud,
  bought,
  CALCULATION,
  changing,
  context,
  idOf,
  NAME,
  permitFor,
  type WireBody,
} from "./azure-cloud.js";
import { TOKEN } from "./azure-lines.js";

/** What a code makes of a purchase; `read back`: who has the id or the name is looked up. */
type Verdict = "rejected" | "not_now" | "unknown" | "read back";

/** Decide for each code before adding it here: `rejected` says that nothing was bought and nothing will be. */
const VERDICTS: Readonly<Record<string, Verdict>> = {
  // Those of Microsoft.Capacity.
  ActivateQuoteFailed: "unknown",
  AppliedScopesNotAssociatedWithCommerceAccount: "rejected",
  AppliedScopesSameAsExisting: "rejected",
  AuthorizationFailed: "rejected",
  BadRequest: "rejected",
  BillingCustomerInputError: "rejected",
  BillingError: "unknown",
  BillingPaymentInstrumentHardError: "rejected",
  BillingPaymentInstrumentSoftError: "rejected",
  BillingScopeIdCannotBeChanged: "unknown",
  BillingTransientError: "unknown",
  CalculatePriceFailed: "rejected",
  CapacityUpdateScopesFailed: "unknown",
  ClientCertificateThumbprintNotSet: "unknown",
  CreateQuoteFailed: "unknown",
  Forbidden: "rejected",
  FulfillmentConfigurationError: "unknown",
  FulfillmentError: "unknown",
  FulfillmentOutOfStockError: "rejected",
  FulfillmentTransientError: "unknown",
  HttpMethodNotSupported: "rejected",
  InternalServerError: "unknown",
  InvalidAccessToken: "rejected",
  InvalidFulfillmentRequestParameters: "rejected",
  InvalidHealthCheckType: "rejected",
  InvalidLocationId: "rejected",
  InvalidRefundQuantity: "unknown",
  InvalidRequestContent: "rejected",
  InvalidRequestUri: "rejected",
  InvalidReservationId: "unknown",
  InvalidReservationOrderId: "rejected",
  InvalidSingleAppliedScopesCount: "rejected",
  InvalidSubscriptionId: "rejected",
  InvalidTenantId: "rejected",
  MissingAppliedScopesForSingle: "rejected",
  MissingTenantId: "rejected",
  NonsupportedAccountId: "rejected",
  NotSpecified: "unknown",
  NotSupportedCountry: "rejected",
  NoValidReservationsToReRate: "unknown",
  OperationCannotBePerformedInCurrentState: "unknown",
  OperationFailed: "unknown",
  PatchValuesSameAsExisting: "unknown",
  PaymentInstrumentNotFound: "rejected",
  PurchaseError: "unknown",
  RefundLimitExceeded: "unknown",
  ReRateOnlyAllowedForEA: "unknown",
  ReservationIdNotInReservationOrder: "unknown",
  ReservationOrderCreationFailed: "unknown",
  ReservationOrderIdAlreadyExists: "read back",
  ReservationOrderNotEnabled: "rejected",
  ReservationOrderNotFound: "unknown",
  RiskCheckFailed: "rejected",
  RoleAssignmentCreationFailed: "unknown",
  SelfServiceRefundNotSupported: "unknown",
  ServerTimeout: "unknown",
  UnauthenticatedRequestsThrottled: "not_now",
  UnsupportedReservationTerm: "rejected",
  // Those of Azure Resource Manager and Microsoft.BillingBenefits.
  AuthenticationFailed: "rejected",
  Conflict: "read back",
  CustomerCannotPurchaseSavingsPlan: "rejected",
  ExpiredAuthenticationToken: "rejected",
  GatewayTimeout: "unknown",
  InvalidAuthenticationToken: "rejected",
  InvalidAuthenticationTokenTenant: "rejected",
  LinkedAuthorizationFailed: "rejected",
  MissingSubscriptionRegistration: "rejected",
  RequestDisallowedByPolicy: "rejected",
  ResourceAlreadyExists: "read back",
  ReservationOrderAliasAlreadyExists: "read back",
  ResourceNotFound: "unknown",
  SavingsPlanOrderAliasAlreadyExists: "read back",
  ServiceUnavailable: "unknown",
  SubscriptionNotFound: "rejected",
  SubscriptionRequestsThrottled: "not_now",
  TooManyRequests: "not_now",
};

test("every code that the SDK knows is decided", () => {
  expect(Object.values(KnownErrorResponseCode).filter((code) => !(code in VERDICTS))).toEqual([]);
});

describe.each(ADAPTERS)("$name", (adapter) => {
  test.each(Object.entries(VERDICTS))("%s is %s, whatever the HTTP status", async (code, verdict) => {
    const hasSession = adapter === CALCULATION && code === "BadRequest";
    const cloud = await azureCloud();
    const { provider } = adapter.over(cloud);
    for (const status of [400, 403, 409, 500]) {
      await cloud.simulator.faults.add({ operation: adapter.purchase, kind: "error", code, status });
      const { outcome } = await bought(provider, adapter.request);
      // Nothing exists under the name or id, so reading it back shows nothing.
      const kind = verdict === "read back" ? "unknown" : verdict;
      expect(outcome.kind, `${status}`).toBe(hasSession ? "not_now" : kind);
      if (outcome.kind === "rejected") expect(outcome.rejection.code).toBe(code);
      if (verdict === "read back")
        expect(outcome).toMatchObject({ reason: expect.stringContaining("is taken, and no") });
    }
  });

  test.each([
    ["no code", { error: { message: "AuthorizationFailed" } }],
    ["an empty code", { error: { code: "", message: "AuthorizationFailed" } }],
    ["a code that is none of Azure's words", { error: { code: "authorizationfailed" } }],
    ["a code that is no text", { error: { code: 403 } }],
    ["a code in another place", { code: "AuthorizationFailed" }],
    ["a code as text", "AuthorizationFailed"],
    ["a page", "<html>403 AuthorizationFailed</html>"],
    ["nothing", ""],
  ])("an error answer with %s is unknown", async (_what, body) => {
    const cloud = await azureCloud();
    for (const status of [400, 401, 403, 404, 409, 429, 500, 503]) {
      const between = answering(({ method }) => (method === "PUT" ? { status, body } : undefined));
      const { outcome } = await bought(adapter.over(cloud, { between }).provider, adapter.request);
      expect(outcome.kind, `${status}`).toBe("unknown");
    }
  });

  test("shows no token and no more than a line of what Azure says", async () => {
    const message = `${TOKEN} is wrong ${"x".repeat(200)}\nAuthorization: Bearer secret`;
    const between = answering(({ method }) =>
      method === "PUT" ? { status: 400, body: { error: { code: "RiskCheckFailed", message } } } : undefined,
    );
    const { outcome } = await bought(adapter.over(await azureCloud(), { between }).provider, adapter.request);
    const shown = JSON.stringify(outcome);
    expect(shown).toContain(`${TOKEN.slice(0, 8)}...`);
    for (const secret of [TOKEN, "secret", "xxxx"]) expect(shown).not.toContain(secret);
  });

  test("is committed by the id that Azure has", async () => {
    const cloud = await azureCloud();
    const id = idOf(await bought(adapter.over(cloud).provider, adapter.request));
    expect((await cloud.simulator.ledger.purchases()).map(({ commitmentId }) => commitmentId)).toEqual([id]);
  });

  describe("whose name or id is taken", () => {
    /** Buys, then sends the same again. */
    async function sentTwice(change?: (body: WireBody) => unknown, more: Partial<typeof adapter.request> = {}) {
      const cloud = await azureCloud();
      const first = await bought(adapter.over(cloud).provider, adapter.request);
      const id = idOf(first);
      const between = change && changing(({ method }) => method === "GET", change);
      const { provider } = adapter.over(cloud, between && { between });
      const request = { ...adapter.request, ...more } as typeof adapter.request;
      const again = () => provider.purchase(permitFor(request, first.prepared), context());
      return { cloud, id, again };
    }

    test("is what has it, where that is the line's", async () => {
      const { again, id, cloud } = await sentTwice();
      expect(await again()).toMatchObject({ kind: "committed", commitment: { commitmentIds: [id] } });
      expect(await cloud.simulator.ledger.purchases()).toHaveLength(1);
    });

    test("is in doubt where what has it differs", async () => {
      const change = ({ properties, ...body }: WireBody) => ({ ...body, properties: { ...properties, term: "P3Y" } });
      expect(await (await sentTwice(change)).again()).toMatchObject({
        kind: "unknown",
        reason: expect.stringContaining("term: expected p1y, found p3y"),
      });
    });

    test.each([
      ["Creating", "pending"],
      ["PendingBilling", "pending"],
      ["state-of-tomorrow", "live"],
      ["Split", "ended"],
      ["Cancelled", "unclear"],
      ["Expired", "unclear"],
      ["Failed", "void"],
      ["BillingFailed", "void"],
    ] as const)("is what has it, also where that is %s, which is %s", async (state, meaning) => {
      const { again, id, cloud } = await sentTwice();
      await cloud.simulator.states.set(id, state);
      expect(await again()).toMatchObject({
        kind: "committed",
        commitment: { commitmentIds: [id] },
        sighting: { meaning, state },
      });
    });

    test("is in doubt where it cannot be read back", async () => {
      const { again, cloud } = await sentTwice();
      for (const operation of [adapter.lookup, adapter.order])
        await cloud.simulator.faults.add({ operation, kind: "error", code: "AuthorizationFailed", status: 403 });
      expect(await again()).toMatchObject({
        kind: "unknown",
        reason: expect.stringContaining("what became of the order could not be found out"),
      });
    });
  });
});

describe.each(ALIASES)("$name", (adapter) => {
  test.each<[string, (body: WireBody) => unknown]>([
    ["another name", (body) => ({ ...body, name: "another" })],
    ["another id and no name", ({ name: _, ...body }) => ({ ...body, id: `${adapter.path}/another` })],
    [
      "no order",
      ({ properties: { reservationOrderId: _1, savingsPlanOrderId: _2, ...properties }, ...body }) => ({
        ...body,
        properties,
      }),
    ],
    [
      "the order of no id",
      ({ properties, ...body }) => ({
        ...body,
        properties: { ...properties, reservationOrderId: "", savingsPlanOrderId: "" },
      }),
    ],
  ])("an acceptance that names %s is unknown", async (_what, change) => {
    const between = changing(({ method }) => method === "PUT", change);
    const { outcome } = await bought(adapter.over(await azureCloud(), { between }).provider, adapter.request);
    expect(outcome.kind).toBe("unknown");
  });

  test.each<[string, (body: WireBody) => unknown]>([
    ["no name but the id", ({ name: _, ...body }) => body],
    ["neither name nor id", ({ name: _, id: __, ...body }) => body],
  ])("an acceptance that states %s is the line's, because Azure need not state them", async (_what, change) => {
    const between = changing(({ method }) => method === "PUT", change);
    const { outcome } = await bought(adapter.over(await azureCloud(), { between }).provider, adapter.request);
    expect(outcome.kind).toBe("committed");
  });

  test("an acceptance under the name in another case is the line's", async () => {
    const between = changing(
      ({ method }) => method === "PUT",
      (body) => ({ ...body, name: NAME.toUpperCase() }),
    );
    const { outcome } = await bought(adapter.over(await azureCloud(), { between }).provider, adapter.request);
    expect(outcome.kind).toBe("committed");
  });
});

describe("a calculated order whose session is over", () => {
  const MINUTE = 60_000;

  /** Calculates, and sends the purchase when the session has ended. */
  async function late(attempt: number) {
    const cloud = await azureCloud({ sessionMs: 15 * MINUTE });
    const { provider } = CALCULATION.over(cloud);
    const prepared = await provider.prepare(CALCULATION.request, TOKEN, context());
    cloud.clock.advance(15 * MINUTE);
    return {
      cloud,
      provider,
      send: () => provider.purchase(permitFor(CALCULATION.request, prepared, attempt), context()),
    };
  }

  test.each([1, 2])("is calculated anew after attempt %i, once its order is known to be absent", async (attempt) => {
    const { send, cloud } = await late(attempt);
    expect(await send()).toMatchObject({ kind: "not_now", reason: expect.stringContaining("does not exist") });
    const operations = (await cloud.simulator.ledger.requests()).map(({ operation }) => operation);
    expect(operations.slice(-2)).toEqual(["PutReservationOrder", "GetReservationOrder"]);
  });

  test("is refused for good after the third attempt", async () => {
    expect(await (await late(3)).send()).toMatchObject({ kind: "rejected", rejection: { code: "BadRequest" } });
  });

  test.each([
    ["cannot be read", { kind: "error", code: "AuthorizationFailed", status: 403 }],
    ["is answered with another absence", { kind: "error", code: "SubscriptionNotFound", status: 404 }],
    ["is answered with garbage", { kind: "garbage-body" }],
  ] as const)("is in doubt where its order %s", async (_what, fault) => {
    const { send, cloud } = await late(1);
    await cloud.simulator.faults.add({ operation: "GetReservationOrder", ...fault });
    expect((await send()).kind).toBe("unknown");
  });

  test("is what was bought before, where Azure says so of an order that exists", async () => {
    const cloud = await azureCloud({ repeatedOrder: "session-over" });
    const { provider } = CALCULATION.over(cloud);
    const first = await bought(provider, CALCULATION.request);
    const outcome = await provider.purchase(permitFor(CALCULATION.request, first.prepared), context());
    expect(idOf({ outcome })).toBe(idOf(first));
    expect(await cloud.simulator.ledger.purchases()).toHaveLength(1);
  });
});
