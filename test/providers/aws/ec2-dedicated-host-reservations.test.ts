import {
  type EC2Client,
  PurchaseHostReservationCommand,
  type PurchaseHostReservationRequest,
} from "@aws-sdk/client-ec2";
import type { AwsSimulatorOptions, Fault } from "buyonce/simulator";
import { describe, expect, test } from "vitest";
import type { AwsDedicatedHostsRequest } from "../../../src/domain/commitment-request/aws-dedicated-hosts.js";
import type { Prepared } from "../../../src/domain/evidence.js";
import { mayResend } from "../../../src/domain/idempotency-contract.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import { ec2DedicatedHostReservations } from "../../../src/providers/aws/services/ec2-dedicated-host-reservations.js";
import { TOKEN_TAG } from "../../../src/providers/aws/token-tag.js";
import type { PurchaseContext } from "../../../src/providers/commitment-provider.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { manualClock } from "../../../src/testing/manual-clock.js";
import { UNGUARDED } from "../../support/unguarded.js";
import { changeAnswers } from "./changed-answers.js";
import {
  ACCOUNT,
  context,
  ec2Client,
  OTHER_ACCOUNT,
  OTHER_TOKEN,
  permitFor,
  seen,
  simulated,
  stsClient,
  TOKEN,
  toSecond,
} from "./simulated-line.js";

const PURCHASE = "PurchaseHostReservation";
const PREVIEW = "GetHostReservationPurchasePreview";
const OFFERINGS = "DescribeHostReservationOfferings";
const LISTING = "DescribeHostReservations";
const MINUTE = 60_000;
const FIRST_HOST = "h-m5-1";
const SECOND_HOST = "h-m5-2";
const HOSTS = [FIRST_HOST, SECOND_HOST] as const;
const usd = (amount: string) => ({ amount, currency: "USD" });

/** Two hosts of m5 for a year, paid upfront, at the simulator's price. */
const hostsRequest = (more: Partial<AwsDedicatedHostsRequest> = {}): AwsDedicatedHostsRequest => ({
  service: "aws.ec2-dedicated-hosts",
  account: ACCOUNT,
  region: "us-east-1",
  quantity: 2,
  term: "1yr",
  payment: "all_upfront",
  expectedPrice: usd("52592.62"),
  instanceFamily: "m5",
  hostIds: HOSTS,
  ...more,
});
const CHARGE = usd("52592.620");

/** A simulator with a client and a provider of the line's account. */
async function cloudWith(options: AwsSimulatorOptions = {}, settings: { readonly maxPages?: number } = {}) {
  const cloud = await simulated(options);
  const client = ec2Client(cloud);
  const provider = ec2DedicatedHostReservations({ clientFor: () => client, ...settings });
  const now = (more: Partial<PurchaseContext> = {}) => context({ now: cloud.clock.now(), ...more });
  return {
    ...cloud,
    client,
    provider,
    fault: (fault: Fault) => cloud.simulator.faults.add(fault),
    lookup: (request = hostsRequest(), prepared?: Prepared, lineageAttempt = 1) =>
      provider.lookup(request, TOKEN, now({ lineageAttempt, ...(prepared && { prepared }) })),
    prepare: (request = hostsRequest(), lineageAttempt = 1) =>
      provider.prepare(request, TOKEN, now({ lineageAttempt })),
    purchase: (prepared: Prepared, more: Partial<PurchaseContext> = {}) =>
      provider.purchase(permitFor(hostsRequest(), prepared, cloud.clock.now()), context(more)),
    /** Reserves hosts by hand; the id of the reservation. */
    async buy(more: Partial<PurchaseHostReservationRequest> & { readonly OfferingId: string }): Promise<string> {
      const command = new PurchaseHostReservationCommand({ HostIdSet: [...HOSTS], ...more });
      const { Purchase = [] } = await client.send(command);
      return Purchase[0]?.HostReservationId ?? "";
    },
    purchases: () => cloud.simulator.ledger.purchases(),
  };
}
type Cloud = Awaited<ReturnType<typeof cloudWith>>;

const tagged = (token: string) => [
  { ResourceType: "host-reservation" as const, Tags: [{ Key: TOKEN_TAG, Value: token }] },
];

/** Prepares and buys; the id that EC2 answered. */
async function bought(cloud: Cloud) {
  const prepared = await cloud.prepare();
  const outcome = await cloud.purchase(prepared);
  if (outcome.kind !== "committed") throw new Error(`not bought: ${JSON.stringify(outcome)}`);
  return { prepared, id: outcome.commitment.commitmentIds[0] ?? "" };
}

/** Changes every entry of a list in the answers to an operation. */
const changeEntries = (client: EC2Client, operation: string, list: string, stated: object): void =>
  changeAnswers(client, operation, (output) => {
    for (const entry of output[list] as object[]) Object.assign(entry, stated);
  });

describe("contract", () => {
  test("native token, remembered for no longer than any AWS API says of such a token", () => {
    const { service, idempotency, label } = ec2DedicatedHostReservations({
      clientFor: () => Promise.reject(new Error("unused")),
    });
    expect(service).toBe("aws.ec2-dedicated-hosts");
    expect(idempotency).toEqual({
      kind: "native-token",
      windowMs: 300_000,
      maxRequestLifetimeMs: 900_000,
      visibilityLagMs: 300_000,
      clockSkewMs: 60_000,
    });
    expect(mayResend(idempotency, 0, 0)).toBe(false);
    expect(label).toBeUndefined();
  });
});

describe("prepare", () => {
  test("finds the offering and the price that EC2 itself previews for all hosts together", async () => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    expect(prepared).toEqual({
      reference: expect.stringMatching(/^hro-[0-9a-f]{17}$/),
      price: usd("52592.62"),
      snapshot: [],
      detail: { upfront: CHARGE },
    });
    const [preview] = await seen(cloud, PREVIEW);
    expect(preview?.params).toMatchObject({ OfferingId: prepared.reference, HostIdSet: HOSTS });
    expect(await cloud.purchases()).toEqual([]);
  });

  test("adds what is paid for every hour of the term to what is paid at once", async () => {
    const cloud = await cloudWith();
    // 2 x 13427.90 and 2 x 1.533 for each of 8760 hours.
    const request = hostsRequest({
      payment: "partial_upfront",
      expectedPrice: usd("53713.96"),
      priceTolerancePercent: 0,
    });
    expect(await cloud.prepare(request)).toMatchObject({
      price: usd("53713.96"),
      detail: { upfront: usd("26855.800") },
    });
  });

  test("asks for the family and the term", async () => {
    const cloud = await cloudWith();
    await cloud.prepare();
    const [asked] = await seen(cloud, OFFERINGS);
    expect(asked?.params).toMatchObject({
      Filter: [{ Name: "instance-family", Value: ["m5"] }],
      MinDuration: "31536000",
      MaxDuration: "31536000",
    });
  });

  test.each([
    ["family", { InstanceFamily: "c5" }],
    ["term", { Duration: 94_608_000 }],
    ["payment", { PaymentOption: "NoUpfront" }],
    ["payment that is not stated", { PaymentOption: undefined }],
  ])("takes no offering of another %s, though EC2 lists it", async (_what, stated) => {
    const cloud = await cloudWith();
    changeEntries(cloud.client, OFFERINGS, "OfferingSet", stated);
    await expect(cloud.prepare()).rejects.toMatchObject({ code: "OFFERING_NOT_FOUND", details: { listed: 3 } });
    expect(await seen(cloud, PREVIEW)).toEqual([]);
  });

  test("does not choose among several", async () => {
    const cloud = await cloudWith();
    changeEntries(cloud.client, OFFERINGS, "OfferingSet", { PaymentOption: "AllUpfront" });
    await expect(cloud.prepare()).rejects.toMatchObject({ code: "OFFERING_AMBIGUOUS" });
  });

  test.each(["51000", "54000"])("refuses a preview too far from the expected %s", async (amount) => {
    const cloud = await cloudWith();
    await expect(cloud.prepare(hostsRequest({ expectedPrice: usd(amount) }))).rejects.toMatchObject({
      code: "PRICE_DRIFT",
      details: { actual: usd("52592.62") },
    });
  });

  test("takes the currency of the preview, and dollars where it states none", async () => {
    const cloud = await cloudWith();
    changeAnswers(cloud.client, PREVIEW, (output) => Object.assign(output, { CurrencyCode: "EUR" }));
    await expect(cloud.prepare()).rejects.toMatchObject({ code: "PRICE_DRIFT" });
  });

  test.each([
    { TotalUpfrontPrice: undefined },
    { TotalHourlyPrice: undefined },
    { TotalUpfrontPrice: "" },
    { TotalHourlyPrice: "cheap" },
  ])("tries again later where the preview states no price: %j", async (stated) => {
    const cloud = await cloudWith();
    changeAnswers(cloud.client, PREVIEW, (output) => Object.assign(output, stated));
    await expect(cloud.prepare()).rejects.toMatchObject({ code: "PREPARE_FAILED", retryable: true });
  });

  describe("of hosts that are covered already", () => {
    test.each([
      ["all of them", [...HOSTS]],
      ["one of them", [SECOND_HOST]],
    ])("(%s) is refused for good", async (_what, HostIdSet) => {
      const cloud = await cloudWith();
      const { reference } = await cloud.prepare();
      const id = await cloud.buy({ OfferingId: reference, HostIdSet });
      await expect(cloud.prepare()).rejects.toMatchObject({
        code: "COMMITMENT_CONFLICT",
        retryable: false,
        details: { found: [id] },
      });
    });

    test.each(["payment-pending", "being-invented"])("is refused also where the reservation is %s", async (state) => {
      const cloud = await cloudWith();
      const { reference } = await cloud.prepare();
      await cloud.simulator.states.set(await cloud.buy({ OfferingId: reference }), state);
      await expect(cloud.prepare()).rejects.toMatchObject({ code: "COMMITMENT_CONFLICT" });
    });

    test.each(["payment-failed", "retired"])("goes on where the reservation is %s, and remembers it", async (state) => {
      const cloud = await cloudWith();
      const { reference } = await cloud.prepare();
      const id = await cloud.buy({ OfferingId: reference });
      await cloud.simulator.states.set(id, state);
      expect(await cloud.prepare()).toMatchObject({ reference, snapshot: [id] });
    });

    test("is tried again later where EC2 knows it and does not list it yet", async () => {
      const cloud = await cloudWith();
      const { reference } = await cloud.prepare();
      await cloud.buy({ OfferingId: reference });
      await cloud.fault({ operation: LISTING, kind: "stale-listing", ms: MINUTE });
      await expect(cloud.prepare()).rejects.toMatchObject({ code: "PREPARE_FAILED", retryable: true });
    });
  });

  test("is not disturbed by reservations of other hosts", async () => {
    const cloud = await cloudWith();
    const { reference } = await cloud.prepare();
    await cloud.buy({ OfferingId: reference, HostIdSet: ["h-m5-3"] });
    expect(await cloud.prepare()).toMatchObject({ reference });
  });

  test("goes on over empty pages, up to the cap, and refuses pages that never end", async () => {
    const cloud = await cloudWith({ emptyPages: true });
    expect(await cloud.prepare()).toMatchObject({ price: usd("52592.62") });
    const capped = await cloudWith({ emptyPages: true }, { maxPages: 1 });
    await expect(capped.prepare()).rejects.toMatchObject({ code: "OFFERING_PAGES_EXCEEDED" });
    for (const operation of [OFFERINGS, LISTING]) {
      await cloud.fault({ operation, kind: "repeat-page-token", times: 5 });
      await expect(cloud.prepare()).rejects.toMatchObject({ message: expect.stringContaining(operation) });
      await cloud.simulator.faults.clear();
    }
  });

  test.each([LISTING, OFFERINGS, PREVIEW])("tries again later where %s cannot be read", async (operation) => {
    for (const kind of ["empty-body", "garbage-body"] as const) {
      const cloud = await cloudWith();
      await cloud.fault({ operation, kind });
      await expect(cloud.prepare()).rejects.toMatchObject({ code: "PREPARE_FAILED", retryable: true });
    }
  });
});

describe("purchase", () => {
  test("sends the hosts, the token, its tag and the limit of the whole order, and knows the charge", async () => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    const outcome = await cloud.purchase(prepared);
    const [purchase, ...others] = await cloud.purchases();
    expect(others).toEqual([]);
    expect(purchase).toMatchObject({
      quantity: 2,
      token: TOKEN,
      tags: { [TOKEN_TAG]: TOKEN },
      charge: usd("52592.62"),
    });
    const [sent] = await seen(cloud, PURCHASE);
    expect(sent?.params).toEqual({
      Action: PURCHASE,
      Version: "2016-11-15",
      OfferingId: prepared.reference,
      HostIdSet: HOSTS,
      ClientToken: TOKEN,
      TagSpecification: [{ ResourceType: "host-reservation", Tag: [{ Key: TOKEN_TAG, Value: TOKEN }] }],
      // A percent above 52592.62, in cents.
      LimitPrice: "53118.55",
      CurrencyCode: "USD",
    });
    expect(sent?.signedAt).toBe(toSecond(cloud.clock.now()));
    const commitment = { commitmentIds: [purchase?.commitmentId], charge: CHARGE };
    expect(outcome).toEqual({ kind: "committed", commitment });
  });

  test("sends no limit where nothing is paid upfront", async () => {
    const cloud = await cloudWith();
    const request = hostsRequest({ payment: "no_upfront", expectedPrice: usd("55941.36") });
    const prepared = await cloud.prepare(request);
    const permit = permitFor(request, prepared, cloud.clock.now());
    expect(await cloud.provider.purchase(permit, context())).toMatchObject({ commitment: { charge: usd("0.000") } });
    const [sent] = await seen(cloud, PURCHASE);
    expect(sent?.params).not.toHaveProperty("LimitPrice");
  });

  test("sends the same request for the same permit, which EC2 buys once", async () => {
    const cloud = await cloudWith();
    const { prepared, id } = await bought(cloud);
    expect(await cloud.purchase(JSON.parse(JSON.stringify(prepared)))).toMatchObject({
      kind: "committed",
      commitment: { commitmentIds: [id] },
    });
    const [first, second] = await seen(cloud, PURCHASE);
    expect(second?.params).toEqual(first?.params);
    expect(await cloud.purchases()).toHaveLength(1);
  });

  test("under a token that EC2 knows with other parameters is unknown: it speaks of an earlier request", async () => {
    const cloud = await cloudWith();
    const { prepared } = await bought(cloud);
    const other = { ...prepared, detail: { upfront: usd("60000") } };
    expect(await cloud.purchase(other)).toMatchObject({
      kind: "unknown",
      reason: expect.stringContaining("IdempotentParameterMismatch"),
    });
  });

  test("above the limit is rejected by EC2", async () => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    expect(await cloud.purchase({ ...prepared, detail: { upfront: usd("50000") } })).toMatchObject({
      kind: "rejected",
      rejection: { code: "LimitPriceExceeded" },
    });
    expect(await cloud.purchases()).toEqual([]);
  });

  test("of hosts that were reserved meanwhile is unknown, because an earlier request of ours may have done it", async () => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    await cloud.buy({ OfferingId: prepared.reference, HostIdSet: [FIRST_HOST] });
    expect(await cloud.purchase(prepared)).toMatchObject({ kind: "unknown" });
    expect(await cloud.purchases()).toHaveLength(1);
  });

  test.each([{}, { upfront: "free" }, { upfront: { amount: 1, currency: "USD" } }])(
    "of a permit that keeps %j sends nothing",
    async (detail) => {
      const cloud = await cloudWith();
      const prepared = await cloud.prepare();
      expect((await cloud.purchase({ ...prepared, detail })).kind).toBe("not_sent");
      expect(await seen(cloud, PURCHASE)).toEqual([]);
    },
  );

  test.each([
    ["several reservations", [{ HostReservationId: "hr-1" }, { HostReservationId: "hr-2" }], ["hr-1", "hr-2"]],
    ["several, one without an id", [{ HostReservationId: "hr-1" }, {}], undefined],
    ["none", [], undefined],
    ["no list of them", undefined, undefined],
  ])("that is answered with %s names them all or is unknown", async (_what, Purchase, commitmentIds) => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    changeAnswers(cloud.client, PURCHASE, (output) => Object.assign(output, { Purchase }));
    const outcome = await cloud.purchase(prepared);
    expect(outcome).toMatchObject(
      commitmentIds ? { kind: "committed", commitment: { commitmentIds, charge: CHARGE } } : { kind: "unknown" },
    );
  });

  test.each([undefined, "", "cheap"])("whose answer states the price %j has an unknown charge", async (price) => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    changeAnswers(cloud.client, PURCHASE, (output) => Object.assign(output, { TotalUpfrontPrice: price }));
    const outcome = await cloud.purchase(prepared);
    expect(outcome.kind).toBe("committed");
    expect(outcome).not.toHaveProperty("commitment.charge");
  });

  test.each([
    "empty-body",
    "garbage-body",
    "cut-body",
    "reset-before",
    "reset-after",
    "error-500-before",
    "error-500-after",
  ] as const)("that meets %s is unknown, and is sent once", async (kind) => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    await cloud.fault({ operation: PURCHASE, kind });
    expect((await cloud.purchase(prepared)).kind).toBe("unknown");
    expect(await seen(cloud, PURCHASE)).toHaveLength(1);
  });

  test.each([
    ["throttling", { kind: "throttle" }, "not_now"],
    ["a denial", { kind: "error", code: "UnauthorizedOperation", status: 403 }, "rejected"],
    ["a limit of the account", { kind: "error", code: "ResourceCountExceeded", status: 400 }, "rejected"],
    ["a price limit", { kind: "error", code: "LimitPriceExceeded", status: 400 }, "rejected"],
    ["a code nobody knows", { kind: "error", code: "NeverHeardOf", status: 400 }, "unknown"],
  ] as const)("that is answered with %s is judged by its code alone", async (_what, trouble, kind) => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    await cloud.fault({ operation: PURCHASE, ...trouble });
    expect((await cloud.purchase(prepared)).kind).toBe(kind);
    expect(await seen(cloud, PURCHASE)).toHaveLength(1);
    expect(await cloud.purchases()).toEqual([]);
  });

  test("that reaches no server, or has credentials of another account, is not sent", async () => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    const unreachable = ec2Client(cloud, { endpoint: "http://127.0.0.1:1" });
    const stranger = ec2Client(cloud, { credentials: cloud.simulator.credentialsFor(OTHER_ACCOUNT) });
    const sts = stsClient(cloud);
    for (const provider of [
      ec2DedicatedHostReservations({ clientFor: () => unreachable, stsClientFor: () => sts }),
      ec2DedicatedHostReservations({ clientFor: () => stranger }),
    ]) {
      const permit = permitFor(hostsRequest(), prepared, cloud.clock.now());
      expect((await provider.purchase(permit, context())).kind).toBe("not_sent");
    }
    expect(await seen(cloud, PURCHASE)).toEqual([]);
  });
});

describe("lookup", () => {
  test("finds nothing in an empty account", async () => {
    expect(await (await cloudWith()).lookup()).toBeUndefined();
  });

  test("finds the reservation that carries the token, with what was paid for all its hosts", async () => {
    const cloud = await cloudWith();
    const { id } = await bought(cloud);
    expect(await cloud.lookup()).toEqual({
      commitmentIds: [id],
      labeled: true,
      sighting: { meaning: "live", state: "active" },
      differences: [],
      startedAt: cloud.clock.now(),
      charge: CHARGE,
    });
  });

  test("takes several that carry the token for one purchase if they cover exactly its hosts", async () => {
    const cloud = await cloudWith();
    const { reference: OfferingId } = await cloud.prepare();
    const first = await cloud.buy({ OfferingId, HostIdSet: [SECOND_HOST], TagSpecifications: tagged(TOKEN) });
    expect(await cloud.lookup()).toMatchObject({
      differences: [`hostIds: expected ${FIRST_HOST} ${SECOND_HOST}, found ${SECOND_HOST}`],
    });
    const second = await cloud.buy({ OfferingId, HostIdSet: [FIRST_HOST], TagSpecifications: tagged(TOKEN) });
    const found = await cloud.lookup();
    expect(found).toMatchObject({ commitmentIds: [first, second], differences: [] });
    expect(found).not.toHaveProperty("charge");
  });

  test("reports everything in which it differs from the line", async () => {
    const cloud = await cloudWith();
    await bought(cloud);
    const other = hostsRequest({
      instanceFamily: "c5",
      term: "3yr",
      payment: "no_upfront",
      hostIds: ["h-c5-9"],
      quantity: 1,
    });
    expect((await cloud.lookup(other))?.differences).toEqual([
      `hostIds: expected h-c5-9, found ${FIRST_HOST} ${SECOND_HOST}`,
      "InstanceFamily: expected c5, found m5",
      "Duration: expected 94608000, found 31536000",
      "PaymentOption: expected NoUpfront, found AllUpfront",
    ]);
  });

  test("finds no reservation with another token or none before anything was sent", async () => {
    const cloud = await cloudWith();
    const { reference: OfferingId } = await cloud.prepare();
    await cloud.buy({ OfferingId, HostIdSet: [FIRST_HOST], TagSpecifications: tagged(OTHER_TOKEN) });
    await cloud.buy({ OfferingId, HostIdSet: [SECOND_HOST] });
    expect(await cloud.lookup()).toBeUndefined();
  });

  test.each([
    ["payment-pending", "live"],
    ["active", "live"],
    ["being-invented", "live"],
    ["payment-failed", "void"],
    ["retired", "unclear"],
  ])("finds one that is %s, which means %s", async (state, meaning) => {
    const cloud = await cloudWith();
    const { id } = await bought(cloud);
    await cloud.simulator.states.set(id, state);
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id], differences: [], sighting: { meaning, state } });
  });

  test("finds one whose term is over as ended: it was bought", async () => {
    const cloud = await cloudWith();
    const { id } = await bought(cloud);
    cloud.clock.advance(31_536_000_000);
    const sighting = { meaning: "ended", state: "retired" };
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id], sighting });
  });

  test("passes over one whose payment failed once a person retries, and not before", async () => {
    const cloud = await cloudWith();
    const first = await bought(cloud);
    await cloud.simulator.states.set(first.id, "payment-failed");
    const failed = { commitmentIds: [first.id], sighting: { meaning: "void" } };
    expect(await cloud.lookup()).toMatchObject(failed);
    expect(await cloud.lookup(hostsRequest(), first.prepared, 2)).toMatchObject(failed);
    expect(await cloud.lookup(hostsRequest(), undefined, 2)).toBeUndefined();
    const second = await cloud.prepare(hostsRequest(), 2);
    expect(second).toMatchObject({ snapshot: [first.id], detail: { clientToken: expect.stringMatching(/-2$/) } });
    expect(await cloud.lookup(hostsRequest(), second, 2)).toBeUndefined();
    await expect(cloud.prepare()).rejects.toMatchObject({ code: "NAME_SPENT" });
  });

  test("asks without a filter, which could hide a purchase, and reads every page", async () => {
    const cloud = await cloudWith();
    const { reference: OfferingId } = await cloud.prepare();
    const others = Array.from({ length: 101 }, (_, index) => [`h-m5-other-${index}`]);
    await Promise.all(others.map((HostIdSet) => cloud.buy({ OfferingId, HostIdSet })));
    const { id } = await bought(cloud);
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id] });
    for (const { params } of await seen(cloud, LISTING)) expect(params).not.toHaveProperty("Filter");
    const capped = ec2DedicatedHostReservations({ clientFor: () => cloud.client, maxPages: 1 });
    await expect(capped.lookup(hostsRequest(), TOKEN, context())).rejects.toMatchObject({
      code: "OFFERING_PAGES_EXCEEDED",
    });
  });

  test("fails for one without an id", async () => {
    const cloud = await cloudWith();
    await bought(cloud);
    changeEntries(cloud.client, LISTING, "HostReservationSet", { HostReservationId: undefined });
    await expect(cloud.lookup()).rejects.toMatchObject({ code: "LOOKUP_FAILED" });
  });

  test.each(["reset-before", "error-500-before", "throttle", "empty-body", "garbage-body", "cut-body"] as const)(
    "that meets %s throws and is never absent",
    async (kind) => {
      const cloud = await cloudWith();
      await bought(cloud);
      await cloud.fault({ operation: LISTING, kind, times: 20 });
      await expect(cloud.lookup()).rejects.toMatchObject({ code: "LOOKUP_FAILED", retryable: true });
    },
  );
});

describe("a reservation that lost its tags", () => {
  async function lost() {
    const cloud = await cloudWith();
    await cloud.fault({ operation: PURCHASE, kind: "lost-tag-at-creation" });
    return { cloud, ...(await bought(cloud)) };
  }

  test("is found by its hosts after a request was sent", async () => {
    const { cloud, prepared, id } = await lost();
    expect(await cloud.purchases()).toMatchObject([{ tags: {} }]);
    expect(await cloud.lookup(hostsRequest(), prepared)).toMatchObject({
      commitmentIds: [id],
      differences: [],
      charge: CHARGE,
    });
    expect(await cloud.lookup()).toBeUndefined();
  });

  test("is found with what differs where it covers other hosts too", async () => {
    const { cloud, prepared } = await lost();
    const request = hostsRequest({ hostIds: [FIRST_HOST], quantity: 1 });
    expect(await cloud.lookup(request, prepared)).toMatchObject({
      differences: [`hostIds: expected ${FIRST_HOST}, found ${FIRST_HOST} ${SECOND_HOST}`],
    });
  });

  test("is not mixed up with one that carries another line's token", async () => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    await cloud.buy({ OfferingId: prepared.reference, TagSpecifications: tagged(OTHER_TOKEN) });
    expect(await cloud.lookup(hostsRequest(), prepared)).toBeUndefined();
  });

  test("is not mixed up with one of other hosts, or one that was over before", async () => {
    const cloud = await cloudWith();
    const { reference: OfferingId } = await cloud.prepare();
    await cloud.simulator.states.set(await cloud.buy({ OfferingId }), "retired");
    const prepared = await cloud.prepare();
    await cloud.buy({ OfferingId, HostIdSet: ["h-m5-3"] });
    expect(await cloud.lookup(hostsRequest(), prepared)).toBeUndefined();
  });

  test("counts whatever its state is by now", async () => {
    const { cloud, prepared, id } = await lost();
    await cloud.simulator.states.set(id, "payment-failed");
    expect(await cloud.lookup(hostsRequest(), prepared)).toMatchObject({
      commitmentIds: [id],
      sighting: { meaning: "void" },
    });
  });

  test("and leaves its hosts out is for a person to judge", async () => {
    const { cloud, prepared, id } = await lost();
    await cloud.fault({ operation: LISTING, kind: "leave-out", fields: ["hostIdSet"] });
    expect(await cloud.lookup(hostsRequest(), prepared)).toMatchObject({
      commitmentIds: [id],
      differences: [`hostIds: expected ${FIRST_HOST} ${SECOND_HOST}, found none`],
    });
  });

  test("and names no host is for a person to judge too", async () => {
    const { cloud, prepared, id } = await lost();
    changeEntries(cloud.client, LISTING, "HostReservationSet", { HostIdSet: [] });
    expect(await cloud.lookup(hostsRequest(), prepared)).toMatchObject({
      commitmentIds: [id],
      differences: [`hostIds: expected ${FIRST_HOST} ${SECOND_HOST}, found none`],
    });
    expect((await cloud.prepare(hostsRequest({ hostIds: ["h-m5-3", "h-m5-4"] }))).snapshot).toEqual([id]);
  });

  test("counts only while it is live where the write-ahead kept no snapshot", async () => {
    const {
      cloud,
      prepared: { snapshot: _, ...prepared },
      id,
    } = await lost();
    expect(await cloud.lookup(hostsRequest(), prepared)).toMatchObject({ commitmentIds: [id] });
    await cloud.simulator.states.set(id, "retired");
    expect(await cloud.lookup(hostsRequest(), prepared)).toBeUndefined();
  });
});

describe("a line of Dedicated Hosts", { timeout: 30_000 }, () => {
  /** The whole path with a real client at its default settings; one clock for engine, store and cloud. */
  async function world() {
    const clock = manualClock(Date.now());
    const cloud = await cloudWith({ clock, maxClockSkewMs: 15 * MINUTE });
    const store = memoryStore({ clock });
    const engine = createPurchaseEngine({
      ...UNGUARDED,
      store,
      providers: [cloud.provider],
      clock,
      logger: silentLogger,
    });
    let baskets = 0;
    const approved = async (...lines: readonly AwsDedicatedHostsRequest[]) => {
      baskets += 1;
      const { id } = await engine.submit({ requestKey: `basket ${baskets}`, createdBy: "ann", lines });
      await engine.approve(id, { approvedBy: "bob" });
      return id;
    };
    const pass = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 2 * MINUTE) {
        clock.advance(2 * MINUTE);
        await cloud.purchases();
        await engine.tick();
      }
    };
    return { ...cloud, store, engine, approved, pass };
  }

  test.each(["reset-after", "error-500-after", "empty-body"] as const)(
    "whose reply is lost by %s is adopted by its tag, also where the tag is lost too",
    async (kind) => {
      for (const effects of [[], ["lost-tag-at-creation"]] as const) {
        const { engine, store, fault, approved, pass, purchases, ...cloud } = await world();
        await fault({ operation: PURCHASE, kind });
        for (const effect of effects) await fault({ operation: PURCHASE, kind: effect });
        const id = await approved(hostsRequest());
        expect((await engine.run(id)).status).toBe("in_doubt");
        await pass(2 * MINUTE);
        const [purchase, ...others] = await purchases();
        expect(others).toEqual([]);
        expect(await store.get(id)).toMatchObject({
          status: "completed",
          lines: [{ commitment: { commitmentIds: [purchase?.commitmentId], adopted: true, charge: CHARGE } }],
        });
        expect(await seen(cloud, PURCHASE)).toHaveLength(1);
      }
    },
  );

  test("that lands ten minutes late is adopted", async () => {
    const { engine, store, fault, approved, pass, purchases, ...cloud } = await world();
    await fault({ operation: PURCHASE, kind: "delay-landing", ms: 10 * MINUTE });
    const id = await approved(hostsRequest());
    await engine.run(id);
    await pass(8 * MINUTE);
    expect(await purchases()).toEqual([]);
    await pass(10 * MINUTE);
    expect(await store.get(id)).toMatchObject({ status: "completed", lines: [{ commitment: { adopted: true } }] });
    expect(await seen(cloud, PURCHASE)).toHaveLength(1);
    expect(await purchases()).toHaveLength(1);
  });

  test("that never landed is sent again after the settle wait and not before, as the same request", async () => {
    const { engine, store, fault, approved, pass, purchases, ...cloud } = await world();
    await fault({ operation: PURCHASE, kind: "reset-before" });
    const id = await approved(hostsRequest());
    await engine.run(id);
    await pass(20 * MINUTE);
    expect(await seen(cloud, PURCHASE)).toHaveLength(1);
    await pass(10 * MINUTE);
    expect(await store.get(id)).toMatchObject({ status: "completed" });
    const [first, second, ...more] = await seen(cloud, PURCHASE);
    expect(second?.params).toEqual(first?.params);
    expect(more).toEqual([]);
    expect(await purchases()).toHaveLength(1);
  });

  test("is rejected where another line of the basket has reserved its hosts", async () => {
    const { engine, approved, purchases } = await world();
    const id = await approved(hostsRequest(), hostsRequest());
    const { status, lines } = await engine.run(id);
    const states = lines.map(({ state }) => state).sort();
    expect(await purchases()).toHaveLength(1);
    // Both may be sent at once: EC2 then refuses one, which stays in doubt until its absence is proved.
    expect([
      ["committed", "in_doubt"],
      ["committed", "rejected"],
    ]).toContainEqual(states);
    expect(["in_doubt", "partially_completed"]).toContain(status);
  });

  test("never takes the reservation of another line for its own", async () => {
    const { engine, store, approved, pass, purchases, fault } = await world();
    await fault({ operation: PURCHASE, kind: "lost-tag-at-creation" });
    const id = await approved(hostsRequest(), hostsRequest());
    await engine.run(id);
    await pass(30 * MINUTE);
    const lines = (await store.get(id))?.lines ?? [];
    expect(lines.filter(({ state }) => state === "committed")).toHaveLength(1);
    expect(await purchases()).toHaveLength(1);
  });
});
