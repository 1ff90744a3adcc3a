import {
  DescribeHostReservationOfferingsCommand,
  type DescribeHostReservationOfferingsRequest,
  DescribeHostReservationsCommand,
  type DescribeHostReservationsRequest,
  DescribeHostsCommand,
  type EC2Client,
  GetHostReservationPurchasePreviewCommand,
  type HostOffering,
  type PaymentOption,
  PurchaseHostReservationCommand,
  type PurchaseHostReservationRequest,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { ACCOUNT, buy, ec2For, ManualClock, OTHER_ACCOUNT, simulatedAws } from "./simulated-aws.js";

const YEAR_SECONDS = 31_536_000;
const OFFERING_ID = /^hro-[0-9a-f]{17}$/;
const UNKNOWN_OFFERING = "hro-00000000000000000";
const UNKNOWN_RESERVATION = "hr-00000000000000000";

describe("DescribeHostReservationOfferings", () => {
  it("sells three families for one and three years, however paid, at prices for one host", async () => {
    const rows = await offerings(ec2For(await simulatedAws()));
    expect(rows).toHaveLength(18);
    expect(rows.slice(0, 3)).toEqual([
      m5OneYear({ PaymentOption: "NoUpfront", UpfrontPrice: "0.000", HourlyPrice: "3.193" }),
      m5OneYear({ PaymentOption: "PartialUpfront", UpfrontPrice: "13427.900", HourlyPrice: "1.533" }),
      m5OneYear({ PaymentOption: "AllUpfront", UpfrontPrice: "26296.310", HourlyPrice: "0.000" }),
    ]);
    const choices = rows.map((row) => [row.InstanceFamily, row.Duration, row.PaymentOption].join());
    expect(new Set(choices).size).toBe(18);
    expect(new Set(rows.map((row) => row.OfferingId)).size).toBe(18);
  });

  it("filters by family, payment and term, and finds one by its id", async () => {
    const ec2 = ec2For(await simulatedAws());
    const Filter = [
      { Name: "instance-family", Values: ["c5"] },
      { Name: "payment-option", Values: ["NoUpfront", "AllUpfront"] },
    ];
    const both = await offerings(ec2, { Filter });
    expect(both.map((row) => row.Duration)).toEqual([1, 1, 3, 3].map((years) => years * YEAR_SECONDS));
    const longer = await offerings(ec2, { Filter, MinDuration: YEAR_SECONDS + 1 });
    expect(longer).toEqual(both.slice(2));
    expect(await offerings(ec2, { Filter, MaxDuration: YEAR_SECONDS })).toEqual(both.slice(0, 2));
    expect(await offerings(ec2, { OfferingId: String(longer[0]?.OfferingId) })).toEqual([longer[0]]);
  });

  it("has the same ids in every run, and others in another region", async () => {
    const [first, second] = [await simulatedAws(), await simulatedAws()];
    const rows = await offerings(ec2For(first));
    expect(await offerings(ec2For(second))).toEqual(rows);
    const there = await offerings(ec2For(first, { region: "eu-west-1" }));
    expect(there.filter((row) => rows.some(({ OfferingId }) => OfferingId === row.OfferingId))).toEqual([]);
  });

  it.each([
    { emptyPages: false, sizes: [5, 5, 5, 3] },
    { emptyPages: true, sizes: [0, 5, 0, 5, 0, 5, 0, 3] },
  ])("pages, each row once: %j", async ({ emptyPages, sizes }) => {
    const ec2 = ec2For(await simulatedAws({ emptyPages }));
    const pages: HostOffering[][] = [];
    let NextToken: string | undefined;
    do {
      const request = { MaxResults: 5, ...(NextToken && { NextToken }) };
      const page = await ec2.send(new DescribeHostReservationOfferingsCommand(request));
      pages.push(page.OfferingSet ?? []);
      NextToken = page.NextToken;
    } while (NextToken);
    expect(pages.map((page) => page.length)).toEqual(sizes);
    expect(pages.flat()).toEqual(await offerings(ec2For(await simulatedAws())));
  });

  it.each([
    ["InvalidHostReservationOfferingId.Malformed", { OfferingId: "m5" }],
    ["InvalidHostReservationOfferingId.NotFound", { OfferingId: UNKNOWN_OFFERING }],
    ["InvalidParameterValue", { MaxResults: 4 }],
    ["InvalidParameterValue", { MaxResults: 501 }],
    ["InvalidParameterValue", { Filter: [{ Name: "no-such-filter", Values: ["x"] }] }],
    ["InvalidNextToken", { NextToken: "never given out" }],
  ])("answers %s to %j", async (name, request) => {
    const asked = offerings(ec2For(await simulatedAws()), request);
    await expect(asked).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });

  it("sells nothing where only what a test gives is for sale", async () => {
    expect(await offerings(ec2For(await simulatedAws({ offerings: { replace: true } })))).toEqual([]);
  });
});

describe("GetHostReservationPurchasePreview", () => {
  it("says what the purchase will cost, and buys nothing", async () => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    const HostIdSet = ["h-m5-1", "h-m5-2"];
    const OfferingId = await anOffering(ec2, "PartialUpfront");
    const preview = await ec2.send(new GetHostReservationPurchasePreviewCommand({ HostIdSet, OfferingId }));
    expect(preview).toMatchObject({
      TotalUpfrontPrice: "26855.800",
      TotalHourlyPrice: "3.066",
      Purchase: [{ HostIdSet, InstanceFamily: "m5", PaymentOption: "PartialUpfront", Duration: YEAR_SECONDS }],
    });
    expect(preview.Purchase?.[0]?.HostReservationId).toBeUndefined();
    expect(await simulator.ledger.purchases()).toEqual([]);
    const bought = await ec2.send(new PurchaseHostReservationCommand({ HostIdSet, OfferingId }));
    expect(bought).toMatchObject({ TotalUpfrontPrice: "26855.800", TotalHourlyPrice: "3.066" });
  });

  it("refuses a host that has a reservation", async () => {
    const ec2 = ec2For(await simulatedAws());
    const OfferingId = await anOffering(ec2);
    await purchase(ec2, { HostIdSet: ["h-m5-1"] });
    const preview = new GetHostReservationPurchasePreviewCommand({ HostIdSet: ["h-m5-1"], OfferingId });
    await expect(ec2.send(preview)).rejects.toMatchObject({ name: "HostAlreadyCoveredByReservation" });
  });
});

describe("PurchaseHostReservation", () => {
  it("buys one reservation for all the hosts, with its tags, and the listing shows it", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock });
    const ec2 = ec2For(simulator);
    const OfferingId = await anOffering(ec2);
    const HostIdSet = ["h-m5-1", "h-m5-2", "h-m5-3"];
    const answer = await ec2.send(
      new PurchaseHostReservationCommand({
        HostIdSet,
        OfferingId,
        ClientToken: "t1",
        CurrencyCode: "USD",
        LimitPrice: "78888.93",
        TagSpecifications: [{ ResourceType: "host-reservation", Tags: [{ Key: "buyonce:token", Value: "abc" }] }],
      }),
    );
    const HostReservationId = String(answer.Purchase?.[0]?.HostReservationId);
    const terms = { PaymentOption: "AllUpfront", InstanceFamily: "m5", Duration: YEAR_SECONDS, HostIdSet };
    const prices = { UpfrontPrice: "78888.930", HourlyPrice: "0.000" };
    expect(answer).toMatchObject({
      ClientToken: "t1",
      CurrencyCode: "USD",
      TotalUpfrontPrice: "78888.930",
      TotalHourlyPrice: "0.000",
    });
    expect(answer.Purchase).toEqual([{ HostReservationId, ...terms, ...prices }]);
    expect(await listed(ec2)).toEqual([
      {
        HostReservationId,
        ...terms,
        ...prices,
        Count: 3,
        OfferingId,
        Start: new Date(clock.now()),
        End: new Date(clock.now() + YEAR_SECONDS * 1000),
        State: "active",
        Tags: [{ Key: "buyonce:token", Value: "abc" }],
      },
    ]);
    expect(HostReservationId).toMatch(/^hr-[0-9a-f]{17}$/);
    expect(await simulator.ledger.purchases()).toEqual([
      {
        service: "aws.ec2-dedicated-hosts",
        account: ACCOUNT,
        region: "us-east-1",
        commitmentId: HostReservationId,
        purchaseId: "purchase-000001",
        offeringId: OfferingId,
        quantity: 3,
        token: "t1",
        tags: { "buyonce:token": "abc" },
        state: "active",
        purchasedAt: clock.now(),
        charge: { amount: "78888.93", currency: "USD" },
      },
    ]);
  });

  it("buys once for one client token in one account and region", async () => {
    const simulator = await simulatedAws();
    const request = { HostIdSet: ["h-m5-1"], ClientToken: "t1" };
    const ec2 = ec2For(simulator);
    const first = await purchase(ec2, request);
    expect(await purchase(ec2, request)).toBe(first);
    expect(await purchase(ec2For(simulator, { account: OTHER_ACCOUNT }), request)).not.toBe(first);
    expect(await purchase(ec2For(simulator, { region: "eu-west-1" }), request)).not.toBe(first);
    expect(await simulator.ledger.purchases()).toHaveLength(3);
  });

  it("refuses a changed request under a known token, whatever the setting for the other services says", async () => {
    const simulator = await simulatedAws({ changedRequestUnderToken: "return-original" });
    const ec2 = ec2For(simulator);
    await purchase(ec2, { HostIdSet: ["h-m5-1"], ClientToken: "t1" });
    const OfferingId = await anOffering(ec2, "NoUpfront");
    for (const changed of [{ HostIdSet: ["h-m5-2"] }, { OfferingId }, { LimitPrice: "99999999" }]) {
      const again = purchase(ec2, { HostIdSet: ["h-m5-1"], ClientToken: "t1", ...changed });
      await expect(again).rejects.toMatchObject({ name: "IdempotentParameterMismatch" });
    }
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it("forgets a token after its window, and then refuses the hosts that have their reservation", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock, clientTokenWindowMs: 5000 });
    const ec2 = ec2For(simulator);
    const request = { HostIdSet: ["h-m5-1"], ClientToken: "t1" };
    const first = await purchase(ec2, request);
    clock.advance(4999);
    expect(await purchase(ec2, request)).toBe(first);
    clock.advance(1);
    await expect(purchase(ec2, request)).rejects.toMatchObject({ name: "HostAlreadyCoveredByReservation" });
    expect(await purchase(ec2, { ...request, HostIdSet: ["h-m5-2"] })).not.toBe(first);
    expect((await simulator.ledger.purchases()).map((row) => row.token)).toEqual(["t1", "t1"]);
  });

  it("covers a host until the term ends or the payment fails, and from before the listing shows it", async () => {
    const clock = new ManualClock();
    const term = YEAR_SECONDS * 1000;
    const simulator = await simulatedAws({
      clock,
      paymentPendingMs: 1000,
      listingLagMs: 5000,
      maxClockSkewMs: 2 * term,
    });
    const ec2 = ec2For(simulator);
    await simulator.faults.add({ operation: "PurchaseHostReservation", kind: "payment-fails" });
    const request = { HostIdSet: ["h-m5-1"] };
    await purchase(ec2, request);
    const refusal = { name: "HostAlreadyCoveredByReservation" };
    await expect(purchase(ec2, request)).rejects.toMatchObject(refusal);
    clock.advance(1000);
    await purchase(ec2, request);
    clock.advance(term - 1);
    await expect(purchase(ec2, request)).rejects.toMatchObject(refusal);
    clock.advance(1);
    await purchase(ec2, request);
    const states = (await simulator.ledger.purchases()).map((row) => row.state);
    expect(states).toEqual(["payment-failed", "retired", "payment-pending"]);
  });

  it("shows a state that a test sets, and keeps the host covered under one nobody knows", async () => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    await simulator.states.set(await purchase(ec2), "under-review");
    expect(await listed(ec2)).toMatchObject([{ State: "under-review" }]);
    expect(await simulator.ledger.purchases()).toMatchObject([{ state: "under-review" }]);
    await expect(purchase(ec2)).rejects.toMatchObject({ name: "HostAlreadyCoveredByReservation" });
  });

  it("takes a limit on the upfront price of all hosts together", async () => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    const HostIdSet = ["h-m5-1", "h-m5-2"];
    const tooLow = purchase(ec2, { HostIdSet, LimitPrice: "52592.61" });
    await expect(tooLow).rejects.toMatchObject({ name: "LimitPriceExceeded" });
    expect(await simulator.ledger.purchases()).toEqual([]);
    await purchase(ec2, { HostIdSet, LimitPrice: "52592.62" });
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it("buys without the tags if the fault says so", async () => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    await simulator.faults.add({ operation: "PurchaseHostReservation", kind: "lost-tag-at-creation" });
    await purchase(ec2, {
      TagSpecifications: [{ ResourceType: "host-reservation", Tags: [{ Key: "k", Value: "v" }] }],
    });
    expect((await listed(ec2))[0]?.Tags).toEqual([]);
    expect(await simulator.ledger.purchases()).toMatchObject([{ tags: {} }]);
  });

  it("keeps the purchase of a call whose answer is lost, and gives it back under the same token", async () => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    await simulator.faults.add({ operation: "PurchaseHostReservation", kind: "reset-after" });
    await expect(purchase(ec2, { ClientToken: "t1" })).rejects.toThrow();
    const [bought] = await simulator.ledger.purchases();
    expect(await purchase(ec2, { ClientToken: "t1" })).toBe(bought?.commitmentId);
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it.each<readonly [string, Partial<PurchaseHostReservationRequest>]>([
    ["MissingParameter", { HostIdSet: undefined }],
    ["InvalidParameterValue", { HostIdSet: ["h-m5-1", "h-m5-1"] }],
    ["InvalidHostID.Malformed", { HostIdSet: ["m5"] }],
    ["InvalidHostID.NotFound", { HostIdSet: ["h-m5"] }],
    ["InvalidInstanceFamily", { HostIdSet: ["h-m5-1", "h-c5-1"] }],
    ["InvalidHostReservationOfferingId.Malformed", { OfferingId: "m5" }],
    ["InvalidHostReservationOfferingId.NotFound", { OfferingId: UNKNOWN_OFFERING }],
    ["InvalidClientToken", { ClientToken: "t".repeat(65) }],
    ["InvalidClientToken", { ClientToken: "ä" }],
    ["InvalidParameterValue", { LimitPrice: "much" }],
    ["InvalidParameterValue", { TagSpecifications: [{ ResourceType: "dedicated-host", Tags: [] }] }],
    ["InvalidParameterValue", { TagSpecifications: hostTags([{ Key: "aws:x", Value: "y" }]) }],
    ["TagLimitExceeded", { TagSpecifications: hostTags(manyTags(51)) }],
  ])("answers %s to %j and buys nothing", async (name, more) => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    const OfferingId = await anOffering(ec2);
    const command = new PurchaseHostReservationCommand({ HostIdSet: ["h-m5-1"], OfferingId, ...more });
    await expect(ec2.send(command)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
    expect(await simulator.ledger.purchases()).toEqual([]);
  });

  it("takes a token of 64 characters and 50 tags", async () => {
    const ec2 = ec2For(await simulatedAws());
    await purchase(ec2, { ClientToken: "f".repeat(64), TagSpecifications: hostTags(manyTags(50)) });
    expect((await listed(ec2))[0]?.Tags).toHaveLength(50);
  });
});

describe("DescribeHostReservations", () => {
  it("filters by field, state and tag, and finds reservations by id", async () => {
    const ec2 = ec2For(await simulatedAws());
    const m5 = await purchase(ec2, { TagSpecifications: hostTags([{ Key: "k", Value: "v" }]) });
    const OfferingId = await anOffering(ec2, "NoUpfront", "r5");
    const r5 = await purchase(ec2, { OfferingId, HostIdSet: ["h-r5-1"] });
    const found = async (request: DescribeHostReservationsRequest) =>
      (await listed(ec2, request)).map((row) => row.HostReservationId);
    const by = (Name: string, ...Values: string[]) => found({ Filter: [{ Name, Values }] });
    expect(await found({})).toEqual([m5, r5]);
    expect(await found({ HostReservationIdSet: [r5] })).toEqual([r5]);
    expect(await by("instance-family", "r5")).toEqual([r5]);
    expect(await by("payment-option", "AllUpfront")).toEqual([m5]);
    expect(await by("state", "retired", "payment-pending")).toEqual([]);
    expect(await by("state", "active")).toEqual([m5, r5]);
    expect(await by("tag:k", "v")).toEqual([m5]);
    expect(await by("tag:k", "w")).toEqual([]);
    expect(await by("tag-key", "k")).toEqual([m5]);
  });

  it("shows a reservation only after the listing lag, and its own tags with it", async () => {
    const clock = new ManualClock();
    const ec2 = ec2For(await simulatedAws({ clock, listingLagMs: 1000, tagLagMs: 60_000 }));
    await purchase(ec2, { TagSpecifications: hostTags([{ Key: "k", Value: "v" }]) });
    expect(await listed(ec2)).toEqual([]);
    clock.advance(1000);
    expect(await listed(ec2)).toMatchObject([{ Tags: [{ Key: "k", Value: "v" }] }]);
  });

  it("answers as of earlier if a stale listing strikes", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock, paymentPendingMs: 1000 });
    const ec2 = ec2For(simulator);
    await purchase(ec2);
    clock.advance(1000);
    for (const ms of [1001, 1]) {
      await simulator.faults.add({ operation: "DescribeHostReservations", kind: "stale-listing", ms });
    }
    expect(await listed(ec2)).toEqual([]);
    expect(await listed(ec2)).toMatchObject([{ State: "payment-pending" }]);
    expect(await listed(ec2)).toMatchObject([{ State: "active" }]);
  });

  it("shows each account and region its own, and none of the reserved instances", async () => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    await buy(ec2);
    await purchase(ec2);
    expect(await listed(ec2)).toHaveLength(1);
    expect(await listed(ec2For(simulator, { account: OTHER_ACCOUNT }))).toEqual([]);
    expect(await listed(ec2For(simulator, { region: "eu-west-1" }))).toEqual([]);
    const services = (await simulator.ledger.purchases()).map((row) => row.service);
    expect(services).toEqual(["aws.ec2", "aws.ec2-dedicated-hosts"]);
  });

  it("pages", async () => {
    const ec2 = ec2For(await simulatedAws());
    const ids: string[] = [];
    for (const number of [1, 2, 3, 4, 5, 6]) ids.push(await purchase(ec2, { HostIdSet: [`h-m5-${number}`] }));
    const first = await ec2.send(new DescribeHostReservationsCommand({ MaxResults: 5 }));
    const rest = await listed(ec2, { MaxResults: 5, NextToken: String(first.NextToken) });
    expect([...(first.HostReservationSet ?? []), ...rest].map((row) => row.HostReservationId)).toEqual(ids);
  });

  it("never ends if the fault says so, and neither do the offerings", async () => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    await purchase(ec2);
    for (const operation of ["DescribeHostReservations", "DescribeHostReservationOfferings"]) {
      await simulator.faults.add({ operation, kind: "repeat-page-token", times: 2 });
    }
    const reservations = async (NextToken?: string) =>
      (await ec2.send(new DescribeHostReservationsCommand({ NextToken }))).NextToken;
    const onSale = async (NextToken?: string) =>
      (await ec2.send(new DescribeHostReservationOfferingsCommand({ NextToken }))).NextToken;
    for (const tokenAfter of [reservations, onSale]) {
      const token = await tokenAfter();
      expect(token).toEqual(expect.any(String));
      expect(await tokenAfter(token)).toBe(token);
    }
  });

  it.each([
    ["InvalidHostReservationId.Malformed", { HostReservationIdSet: ["m5"] }],
    ["InvalidHostReservationId.NotFound", { HostReservationIdSet: [UNKNOWN_RESERVATION] }],
    ["InvalidParameterValue", { Filter: [{ Name: "host-id", Values: ["x"] }] }],
    ["InvalidParameterValue", { MaxResults: 4 }],
    ["InvalidNextToken", { NextToken: "never given out" }],
  ])("answers %s to %j", async (name, request) => {
    await expect(listed(ec2For(await simulatedAws()), request)).rejects.toMatchObject({ name });
  });
});

describe("DescribeHosts", () => {
  it("describes the hosts that are named, with the reservations that the listing shows", async () => {
    const clock = new ManualClock();
    const ec2 = ec2For(await simulatedAws({ clock, listingLagMs: 1000 }));
    const id = await purchase(ec2, { HostIdSet: ["h-m5-1"] });
    const describeHosts = async (more: { Filter?: { Name: string; Values: string[] }[] } = {}) =>
      (await ec2.send(new DescribeHostsCommand({ HostIds: ["h-m5-1", "h-c5-1"], ...more }))).Hosts ?? [];
    expect((await describeHosts()).map((host) => host.HostReservationId)).toEqual([undefined, undefined]);
    clock.advance(1000);
    const shared = { OwnerId: ACCOUNT, State: "available", AvailabilityZone: "us-east-1a" };
    expect(await describeHosts()).toMatchObject([
      { ...shared, HostId: "h-m5-1", HostProperties: { InstanceFamily: "m5" }, HostReservationId: id },
      { ...shared, HostId: "h-c5-1", HostProperties: { InstanceFamily: "c5" } },
    ]);
    const covered = await describeHosts({ Filter: [{ Name: "host-reservation-id", Values: [id] }] });
    expect(covered.map((host) => host.HostId)).toEqual(["h-m5-1"]);
  });

  it.each([
    ["MissingParameter", {}],
    ["InvalidHostID.Malformed", { HostIds: ["m5"] }],
    ["InvalidHostID.NotFound", { HostIds: ["h-m5"] }],
    ["InvalidParameterCombination", { HostIds: ["h-m5-1"], MaxResults: 5 }],
    ["InvalidParameterValue", { HostIds: ["h-m5-1"], Filter: [{ Name: "colour", Values: ["red"] }] }],
  ])("answers %s to %j", async (name, request) => {
    const asked = ec2For(await simulatedAws()).send(new DescribeHostsCommand(request));
    await expect(asked).rejects.toMatchObject({ name });
  });
});

function m5OneYear(more: Partial<HostOffering>): unknown {
  return { OfferingId: expect.stringMatching(OFFERING_ID), InstanceFamily: "m5", Duration: YEAR_SECONDS, ...more };
}

function hostTags(Tags: { readonly Key: string; readonly Value: string }[]) {
  return [{ ResourceType: "host-reservation" as const, Tags }];
}

function manyTags(count: number) {
  return Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: "v" }));
}

async function offerings(ec2: EC2Client, request: DescribeHostReservationOfferingsRequest = {}) {
  const { OfferingSet = [] } = await ec2.send(new DescribeHostReservationOfferingsCommand(request));
  return OfferingSet;
}

/** The id of the one-year offering of a family. */
async function anOffering(ec2: EC2Client, payment: PaymentOption = "AllUpfront", family = "m5"): Promise<string> {
  const [offering, ...more] = await offerings(ec2, {
    MaxDuration: YEAR_SECONDS,
    Filter: [
      { Name: "instance-family", Values: [family] },
      { Name: "payment-option", Values: [payment] },
    ],
  });
  if (offering?.OfferingId === undefined || more.length > 0) throw new Error("not one");
  return offering.OfferingId;
}

async function purchase(ec2: EC2Client, more: Partial<PurchaseHostReservationRequest> = {}): Promise<string> {
  const OfferingId = more.OfferingId ?? (await anOffering(ec2));
  const command = new PurchaseHostReservationCommand({ HostIdSet: ["h-m5-1"], ...more, OfferingId });
  const { Purchase = [] } = await ec2.send(command);
  const [bought, ...others] = Purchase;
  if (bought?.HostReservationId === undefined || others.length > 0) throw new Error("not one");
  return bought.HostReservationId;
}

async function listed(ec2: EC2Client, request: DescribeHostReservationsRequest = {}) {
  const { HostReservationSet = [] } = await ec2.send(new DescribeHostReservationsCommand(request));
  return HostReservationSet;
}
