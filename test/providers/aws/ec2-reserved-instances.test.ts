import {
  CreateTagsCommand,
  DeleteQueuedReservedInstancesCommand,
  ModifyReservedInstancesCommand,
  PurchaseReservedInstancesOfferingCommand,
} from "@aws-sdk/client-ec2";
import type { AwsSimulatorOptions, Fault, ReservedInstancesOffering } from "buyonce/simulator";
import { beforeEach, describe, expect, test } from "vitest";
import type { AwsEc2Request } from "../../../src/domain/commitment-request/aws-ec2.js";
import type { Prepared } from "../../../src/domain/evidence.js";
import { ec2ReservedInstances } from "../../../src/providers/aws/services/ec2-reserved-instances.js";
import { TOKEN_TAG } from "../../../src/providers/aws/token-tag.js";
import type { ProviderContext } from "../../../src/providers/commitment-provider.js";
import { type Answer, changeAnswers } from "./changed-answers.js";
import {
  ACCOUNT,
  context,
  ec2Client,
  ec2Request,
  ignoreFilters,
  OTHER_TOKEN,
  permitFor,
  type Simulated,
  seen,
  simulated,
  TOKEN,
} from "./simulated-line.js";

/** A simulator with a client and a provider of the line's account. */
async function cloudWith(options: AwsSimulatorOptions = {}, settings: { readonly maxPages?: number } = {}) {
  const cloud = await simulated(options);
  const client = ec2Client(cloud);
  const provider = ec2ReservedInstances({ clientFor: () => client, ...settings });
  const now = (more: Partial<ProviderContext> = {}) => context({ now: cloud.clock.now(), ...more });
  return {
    ...cloud,
    client,
    provider,
    fault: (fault: Fault) => cloud.simulator.faults.add(fault),
    lookup: (request = ec2Request(), prepared?: Prepared, lineageAttempt = 1) =>
      provider.lookup(request, TOKEN, now({ lineageAttempt, ...(prepared && { prepared }) })),
    prepare: (request = ec2Request()) => provider.prepare(request, TOKEN, now()),
    inventory: async (request = ec2Request(), prepared?: Prepared) =>
      (await provider.inventory?.(request, TOKEN, now(prepared && { prepared }))) ?? [],
    purchase: (request: AwsEc2Request, prepared: Prepared) =>
      provider.purchase(permitFor(request, prepared, cloud.clock.now()), context()),
    label: (commitmentIds: readonly string[], prepared?: Prepared, request = ec2Request()) =>
      provider.label?.({ commitmentIds, adopted: false }, TOKEN, {
        ...now(),
        request,
        ...(prepared && { prepared }),
      }),
    tag: (id: string, value: string, Key = TOKEN_TAG) =>
      client.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key, Value: value }] })),
  };
}
type Cloud = Awaited<ReturnType<typeof cloudWith>>;

/** Prepares and buys; the id that AWS answered. */
async function bought(cloud: Cloud, request = ec2Request()) {
  const prepared = await cloud.prepare(request);
  const outcome = await cloud.purchase(request, prepared);
  if (outcome.kind !== "committed") throw new Error(`not bought: ${JSON.stringify(outcome)}`);
  return { prepared, id: outcome.commitment.commitmentIds[0] ?? "" };
}

const ledgerIds = async ({ simulator }: Simulated) =>
  (await simulator.ledger.purchases()).map(({ commitmentId }) => commitmentId);

/** An offering like the one of the line. */
const offeringLike = (
  offeringId: string,
  more: Partial<ReservedInstancesOffering> = {},
): ReservedInstancesOffering => ({
  offeringId,
  region: "us-east-1",
  instanceType: "m5.large",
  productDescription: "Linux/UNIX",
  instanceTenancy: "default",
  offeringClass: "standard",
  offeringType: "All Upfront",
  durationSeconds: 31_536_000,
  scope: "Region",
  fixedPrice: 498.02,
  hourlyPrice: 0,
  marketplace: false,
  ...more,
});
const FIRST = "00000000-0000-4000-8000-000000000001";
const SECOND = "00000000-0000-4000-8000-000000000002";

/** What the line's two instances cost at once. */
const charge = { amount: "996.04", currency: "USD" };

describe("contract", () => {
  test("none: a request lives at most as long as AWS publishes anywhere, and listings may lag", () => {
    const { idempotency, service } = ec2ReservedInstances({ clientFor: () => Promise.reject(new Error("unused")) });
    expect(service).toBe("aws.ec2");
    expect(idempotency).toEqual({
      kind: "none",
      windowMs: 0,
      maxRequestLifetimeMs: 900_000,
      visibilityLagMs: 300_000,
      clockSkewMs: 60_000,
    });
  });

  test("its timings can be overridden one by one", () => {
    const { idempotency } = ec2ReservedInstances({
      clientFor: () => Promise.reject(new Error("unused")),
      timing: { visibilityLagMs: 600_000 },
    });
    expect(idempotency).toMatchObject({ visibilityLagMs: 600_000, maxRequestLifetimeMs: 900_000, windowMs: 0 });
  });

  test.each([
    { timing: { visibilityLagMs: -1 } },
    { timing: { clockSkewMs: Number.NaN } },
    { requestTimeoutMs: 0 },
    { requestTimeoutMs: 2 ** 31 },
    { maxPages: 0 },
    { maxPages: 1.5 },
  ])("refuses %o", (options) => {
    expect(() => ec2ReservedInstances({ clientFor: () => Promise.reject(new Error("unused")), ...options })).toThrow(
      expect.objectContaining({ code: "INVALID_REQUEST" }),
    );
  });
});

describe("prepare", () => {
  test("finds the offering, its price for the whole line, the lane and its snapshot", async () => {
    const cloud = await cloudWith();
    const { id } = await bought(cloud);
    const prepared = await cloud.prepare();
    expect(prepared).toEqual({
      reference: expect.stringMatching(/^[0-9a-f-]{36}$/),
      lane: `aws.ec2/${ACCOUNT}/us-east-1`,
      snapshot: [id],
      price: { amount: "996.04", currency: "USD" },
      detail: { upfront: { amount: "996.04", currency: "USD" }, unitPrice: "498.02" },
    });
  });

  test.each([
    ["1yr", 31_536_000, "526.5"],
    ["3yr", 94_608_000, "1577.7"],
  ] as const)("adds the charges of every hour of %s, exactly", async (term, durationSeconds, total) => {
    // 3 x (0.3 + 0.02 x 8760), where floats would give 526.4999999999999.
    const reservedInstances = [
      offeringLike(FIRST, { offeringType: "Partial Upfront", fixedPrice: 0.3, hourlyPrice: 0.02, durationSeconds }),
    ];
    const cloud = await cloudWith({ offerings: { replace: true, reservedInstances } });
    const expectedPrice = { amount: total, currency: "USD" };
    const request = ec2Request({
      payment: "partial_upfront",
      quantity: 3,
      term,
      expectedPrice,
      priceTolerancePercent: 0,
    });
    expect(await cloud.prepare(request)).toMatchObject({
      price: expectedPrice,
      detail: { upfront: { amount: "0.9", currency: "USD" } },
    });
  });

  test("asks with typed fields, only the scope in Filters, and never for the marketplace", async () => {
    const cloud = await cloudWith();
    await cloud.prepare();
    const [request] = await seen(cloud, "DescribeReservedInstancesOfferings");
    expect(request?.params).toEqual({
      Action: "DescribeReservedInstancesOfferings",
      Version: "2016-11-15",
      InstanceType: "m5.large",
      ProductDescription: "Linux/UNIX",
      InstanceTenancy: "default",
      OfferingClass: "standard",
      OfferingType: "All Upfront",
      MinDuration: "31536000",
      MaxDuration: "31536000",
      IncludeMarketplace: "false",
      MaxResults: "100",
      Filter: [{ Name: "scope", Value: ["Region"] }],
    });
  });

  test("finds the offering of a zone, and only of that zone", async () => {
    const cloud = await cloudWith();
    const zonal = { scope: "availability_zone", availabilityZone: "us-east-1b" } as const;
    const prepared = await cloud.prepare(ec2Request(zonal));
    const offerings = await cloud.simulator.offerings.reservedInstances("us-east-1");
    expect(offerings.find(({ offeringId }) => offeringId === prepared.reference)?.availabilityZone).toBe("us-east-1b");
  });

  test("goes on over empty pages", async () => {
    const cloud = await cloudWith({ emptyPages: true });
    expect((await cloud.prepare()).reference).toMatch(/-/);
    expect((await seen(cloud, "DescribeReservedInstancesOfferings")).length).toBeGreaterThan(1);
  });

  test("gives up at the page cap, which the error names", async () => {
    const cloud = await cloudWith({ emptyPages: true }, { maxPages: 1 });
    await expect(cloud.prepare()).rejects.toMatchObject({
      code: "OFFERING_PAGES_EXCEEDED",
      retryable: false,
      message: expect.stringContaining("1 pages (option maxPages)"),
    });
  });

  test("refuses what AWS does not sell", async () => {
    const cloud = await cloudWith();
    const sold = ec2Request({ instanceType: "x9.mega" });
    await expect(cloud.prepare(sold)).rejects.toMatchObject({ code: "OFFERING_NOT_FOUND", retryable: false });
  });

  describe("does not take an offering that differs in", () => {
    const zonal = { scope: "Availability Zone", availabilityZone: "us-east-1a" } as const;
    const differing: readonly (readonly [string, Partial<ReservedInstancesOffering>])[] = [
      ["the instance type", { instanceType: "m5.xlarge" }],
      ["the duration", { durationSeconds: 94_608_000 }],
      ["the platform", { productDescription: "Linux/UNIX (Amazon VPC)" }],
      ["the class", { offeringClass: "convertible" }],
      ["the payment", { offeringType: "No Upfront" }],
      ["the scope", zonal],
      ["the zone", { availabilityZone: "us-east-1a" }],
      ["the seller", { marketplace: true }],
    ];

    test.each(differing)("%s", async (_what, more) => {
      const cloud = await cloudWith({ offerings: { replace: true, reservedInstances: [offeringLike(FIRST, more)] } });
      await expect(cloud.prepare()).rejects.toMatchObject({ code: "OFFERING_NOT_FOUND" });
    });

    test.each(differing)("%s, though EC2 lists it", async (_what, more) => {
      const cloud = await cloudWith({ offerings: { replace: true, reservedInstances: [offeringLike(FIRST, more)] } });
      ignoreFilters(cloud.client);
      await expect(cloud.prepare()).rejects.toMatchObject({ code: "OFFERING_NOT_FOUND", details: { listed: 1 } });
    });

    test("another zone, though EC2 lists it", async () => {
      const reservedInstances = [offeringLike(FIRST, zonal)];
      const cloud = await cloudWith({ offerings: { replace: true, reservedInstances } });
      ignoreFilters(cloud.client);
      const inZone = (availabilityZone: string) => ec2Request({ scope: "availability_zone", availabilityZone });
      await expect(cloud.prepare(inZone("us-east-1b"))).rejects.toMatchObject({ code: "OFFERING_NOT_FOUND" });
      expect(await cloud.prepare(inZone("us-east-1a"))).toMatchObject({ reference: FIRST });
    });
  });

  test("finds the one among all of them where EC2 ignores what it is asked", async () => {
    const cloud = await cloudWith();
    const { reference } = await cloud.prepare();
    ignoreFilters(cloud.client);
    expect(await cloud.prepare()).toMatchObject({ reference });
  });

  test("does not choose among several", async () => {
    const reservedInstances = [offeringLike(FIRST), offeringLike(SECOND)];
    const cloud = await cloudWith({ offerings: { replace: true, reservedInstances } });
    await expect(cloud.prepare()).rejects.toMatchObject({
      code: "OFFERING_AMBIGUOUS",
      retryable: false,
      details: { offerings: [FIRST, SECOND] },
    });
  });

  test("refuses a price outside the tolerance, above and below", async () => {
    const cloud = await cloudWith();
    for (const amount of ["980.00", "1010.00"]) {
      const request = ec2Request({ expectedPrice: { amount, currency: "USD" } });
      await expect(cloud.prepare(request)).rejects.toMatchObject({
        code: "PRICE_DRIFT",
        retryable: false,
        details: { expected: { amount }, actual: { amount: "996.04", currency: "USD" }, tolerancePercent: 1 },
      });
      expect(await cloud.prepare({ ...request, priceTolerancePercent: 5 })).toMatchObject({
        price: { amount: "996.04" },
      });
    }
  });

  test("refuses a price in another currency", async () => {
    const cloud = await cloudWith();
    const request = ec2Request({ expectedPrice: { amount: "996.04", currency: "EUR" } });
    await expect(cloud.prepare(request)).rejects.toMatchObject({ code: "PRICE_DRIFT" });
  });

  test("sees a price that has changed", async () => {
    const cloud = await cloudWith();
    const { reference } = await cloud.prepare();
    await cloud.simulator.offerings.setPrice({ offeringId: reference, fixedPrice: 700 });
    await expect(cloud.prepare()).rejects.toMatchObject({ code: "PRICE_DRIFT" });
  });

  test.each(["empty-body", "garbage-body"] as const)(
    "tries again later after %s, and refuses nothing for good",
    async (kind) => {
      const cloud = await cloudWith();
      await cloud.fault({ operation: "DescribeReservedInstancesOfferings", kind });
      await expect(cloud.prepare()).rejects.toMatchObject({ code: "PREPARE_FAILED", retryable: true });
      await cloud.fault({ operation: "DescribeReservedInstances", kind });
      await expect(cloud.prepare()).rejects.toMatchObject({ code: "PREPARE_FAILED", retryable: true });
    },
  );
});

describe("purchase", () => {
  test("buys the quantity once, with the approved upfront total as its limit", async () => {
    const cloud = await cloudWith();
    const request = ec2Request({ priceTolerancePercent: 2 });
    const prepared = await cloud.prepare(request);
    const outcome = await cloud.purchase(request, prepared);
    const [purchase, ...others] = await cloud.simulator.ledger.purchases();
    expect(others).toEqual([]);
    expect(purchase).toMatchObject({
      quantity: 2,
      offeringId: prepared.reference,
      account: ACCOUNT,
      region: "us-east-1",
    });
    expect(outcome).toEqual({ kind: "committed", commitment: { commitmentIds: [purchase?.commitmentId] } });
    const [sent] = await seen(cloud, "PurchaseReservedInstancesOffering");
    expect(sent?.params).toMatchObject({ InstanceCount: "2", LimitPrice: { Amount: "1015.97", CurrencyCode: "USD" } });
  });

  test("sends no limit where nothing is paid upfront", async () => {
    const cloud = await cloudWith();
    const request = ec2Request({ payment: "no_upfront", priceTolerancePercent: 20 });
    await cloud.purchase(request, await cloud.prepare(request));
    const [sent] = await seen(cloud, "PurchaseReservedInstancesOffering");
    expect(sent?.params).not.toHaveProperty("LimitPrice");
  });

  test("sends the same request for the same permit", async () => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    await cloud.purchase(ec2Request(), prepared);
    await cloud.purchase(ec2Request(), JSON.parse(JSON.stringify(prepared)));
    const [first, second] = await seen(cloud, "PurchaseReservedInstancesOffering");
    expect(second?.params).toEqual(first?.params);
  });

  test("sends nothing for a permit that was prepared by something else", async () => {
    const cloud = await cloudWith();
    const outcome = await cloud.purchase(ec2Request(), { reference: FIRST, detail: { upfront: "free" } });
    expect(outcome.kind).toBe("not_sent");
    expect(await seen(cloud, "PurchaseReservedInstancesOffering")).toEqual([]);
  });

  test("is rejected by AWS where the price rose above the limit since", async () => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    await cloud.simulator.offerings.setPrice({ offeringId: prepared.reference, fixedPrice: 600 });
    expect(await cloud.purchase(ec2Request(), prepared)).toMatchObject({
      kind: "rejected",
      rejection: { code: "LimitPriceExceeded" },
    });
    expect(await cloud.simulator.ledger.purchases()).toEqual([]);
  });

  test("is rejected by AWS where the permit is too old to be sent", async () => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    const permit = permitFor(ec2Request(), prepared, cloud.clock.now() - 360_000);
    expect(await cloud.provider.purchase(permit, context())).toMatchObject({ kind: "rejected" });
    expect(await cloud.simulator.ledger.purchases()).toEqual([]);
  });

  test("of a request that is held up lands within its life and not after", async () => {
    const cloud = await cloudWith();
    for (const ms of [200_000, 400_000]) {
      const prepared = await cloud.prepare();
      await cloud.fault({ operation: "PurchaseReservedInstancesOffering", kind: "delay-landing", ms });
      expect((await cloud.purchase(ec2Request(), prepared)).kind).toBe("unknown");
      await cloud.simulator.clock.advance(ms);
      expect(await cloud.simulator.ledger.purchases()).toHaveLength(1);
    }
  });
});

describe("lookup", () => {
  test("finds nothing in an empty account", async () => {
    expect(await (await cloudWith()).lookup()).toBeUndefined();
  });

  test("finds the commitment that carries the token", async () => {
    const cloud = await cloudWith();
    const { id } = await bought(cloud);
    await cloud.tag(id, TOKEN);
    expect(await cloud.lookup()).toEqual({
      commitmentIds: [id],
      labeled: true,
      sighting: { meaning: "live", state: "active" },
      differences: [],
      startedAt: cloud.clock.now(),
    });
  });

  test("knows what was charged once it knows the price of one instance", async () => {
    const cloud = await cloudWith();
    const { id, prepared } = await bought(cloud);
    await cloud.tag(id, TOKEN);
    expect(await cloud.lookup(ec2Request(), prepared)).toMatchObject({ charge });
    expect(await cloud.inventory(ec2Request(), prepared)).toMatchObject([{ commitmentId: id, charge }]);
    expect(await cloud.lookup()).not.toHaveProperty("charge");
  });

  test("finds nothing that is untagged, tagged with another token, or under another key", async () => {
    const cloud = await cloudWith();
    await bought(cloud);
    await cloud.tag((await bought(cloud)).id, OTHER_TOKEN);
    await cloud.tag((await bought(cloud)).id, TOKEN, "Name");
    expect(await cloud.lookup()).toBeUndefined();
  });

  test("asks without a filter, which could hide a purchase", async () => {
    const cloud = await cloudWith();
    await cloud.lookup();
    const [asked] = await seen(cloud, "DescribeReservedInstances");
    expect(asked?.params).toEqual({ Action: "DescribeReservedInstances", Version: "2016-11-15" });
  });

  test("finds nothing in another region", async () => {
    const cloud = await cloudWith();
    await cloud.tag((await bought(cloud)).id, TOKEN);
    const elsewhere = ec2Client(cloud, { region: "eu-west-1" });
    const provider = ec2ReservedInstances({ clientFor: () => elsewhere });
    expect(await provider.lookup(ec2Request({ region: "eu-west-1" }), TOKEN, context())).toBeUndefined();
  });

  test("takes several that carry the token for one commitment if they make up the quantity", async () => {
    const cloud = await cloudWith();
    const first = await bought(
      cloud,
      ec2Request({ quantity: 1, priceTolerancePercent: 20, expectedPrice: { amount: "498", currency: "USD" } }),
    );
    const second = await bought(cloud);
    await cloud.tag(first.id, TOKEN);
    await cloud.tag(second.id, TOKEN);
    expect(await cloud.lookup(ec2Request({ quantity: 3 }))).toMatchObject({
      commitmentIds: [first.id, second.id],
      differences: [],
    });
    expect(await cloud.lookup()).toMatchObject({ differences: ["quantity: expected 2, found 3"] });
  });

  test("reports every attribute that differs from the line", async () => {
    const cloud = await cloudWith();
    await cloud.tag((await bought(cloud)).id, TOKEN);
    const other = ec2Request({
      instanceType: "c5.xlarge",
      platform: "Windows",
      tenancy: "dedicated",
      offeringClass: "convertible",
      payment: "no_upfront",
      term: "3yr",
      scope: "availability_zone",
      availabilityZone: "us-east-1a",
    });
    expect((await cloud.lookup(other))?.differences).toEqual([
      "InstanceType: expected c5.xlarge, found m5.large",
      "ProductDescription: expected Windows, found Linux/UNIX",
      "InstanceTenancy: expected dedicated, found default",
      "OfferingClass: expected convertible, found standard",
      "OfferingType: expected No Upfront, found All Upfront",
      "Duration: expected 94608000, found 31536000",
      "Scope: expected Availability Zone, found Region",
      "AvailabilityZone: expected us-east-1a, found none",
    ]);
  });

  test("does not tell the two spellings of a platform apart", async () => {
    const cloud = await cloudWith();
    await cloud.tag((await bought(cloud)).id, TOKEN);
    expect(await cloud.lookup(ec2Request({ platform: "Linux/UNIX (Amazon VPC)" }))).toMatchObject({ differences: [] });
  });

  test("finds a commitment that waits for its payment, and says where the payment failed", async () => {
    const cloud = await cloudWith({ paymentPendingMs: 60_000 });
    await cloud.fault({ operation: "PurchaseReservedInstancesOffering", kind: "payment-fails" });
    const { id } = await bought(cloud);
    await cloud.tag(id, TOKEN);
    const sighting = { meaning: "live", state: "payment-pending" };
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id], sighting });
    cloud.clock.advance(60_001);
    const failed = { meaning: "void", state: "payment-failed" };
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id], sighting: failed });
    expect(await cloud.inventory()).toMatchObject([{ commitmentId: id, sighting: failed }]);
  });

  test("finds a queued commitment, and says where its queued purchase was deleted", async () => {
    const cloud = await cloudWith();
    const { reference } = await cloud.prepare();
    const order = {
      ReservedInstancesOfferingId: reference,
      InstanceCount: 2,
      PurchaseTime: new Date(cloud.clock.now() + 3_600_000),
    };
    const { ReservedInstancesId: id = "" } = await cloud.client.send(
      new PurchaseReservedInstancesOfferingCommand(order),
    );
    await cloud.tag(id, TOKEN);
    const queued = { meaning: "live", state: "queued" };
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id], sighting: queued });
    await cloud.client.send(new DeleteQueuedReservedInstancesCommand({ ReservedInstancesIds: [id] }));
    const deleted = { meaning: "void", state: "queued-deleted" };
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id], sighting: deleted });
  });

  test("finds one that has run its term as ended: it was bought", async () => {
    const cloud = await cloudWith();
    const { id } = await bought(cloud);
    await cloud.tag(id, TOKEN);
    cloud.clock.advance(31_536_000_001);
    expect(await cloud.lookup()).toMatchObject({
      commitmentIds: [id],
      sighting: { meaning: "ended", state: "retired" },
    });
    expect(await seen(cloud, "DescribeReservedInstancesModifications")).toEqual([]);
  });

  test("passes over one whose payment failed once a person retries, and not before", async () => {
    const cloud = await cloudWith();
    const first = await bought(cloud);
    await cloud.tag(first.id, TOKEN);
    await cloud.simulator.states.set(first.id, "payment-failed");
    const failed = { sighting: { meaning: "void" } };
    expect(await cloud.lookup()).toMatchObject(failed);
    expect(await cloud.lookup(ec2Request(), undefined, 2)).toBeUndefined();
    // The request in question made it: its write-ahead had not seen it.
    expect(await cloud.lookup(ec2Request(), first.prepared, 2)).toMatchObject(failed);
    const second = await bought(cloud);
    expect(second.prepared.snapshot).toEqual([first.id]);
    expect(await cloud.lookup(ec2Request(), second.prepared, 2)).toBeUndefined();
    await cloud.tag(second.id, TOKEN);
    expect(await cloud.lookup(ec2Request(), second.prepared, 2)).toMatchObject({
      commitmentIds: [second.id],
      differences: [],
      sighting: { meaning: "live" },
    });
    await cloud.simulator.states.set(second.id, "payment-failed");
    expect(await cloud.lookup(ec2Request(), second.prepared, 2)).toMatchObject({
      commitmentIds: [second.id],
      ...failed,
    });
    expect(await cloud.lookup(ec2Request(), undefined, 3)).toBeUndefined();
  });

  test.each([
    ["reset-before"],
    ["error-500-before"],
    ["throttle"],
    ["empty-body"],
    ["garbage-body"],
    ["cut-body"],
  ] as const)("that meets %s throws and is never absent", async (kind) => {
    const cloud = await cloudWith();
    await cloud.fault({ operation: "DescribeReservedInstances", kind, times: 20 });
    await expect(cloud.lookup()).rejects.toMatchObject({ code: "LOOKUP_FAILED", retryable: true, moneyMoved: "no" });
    await expect(cloud.inventory()).rejects.toMatchObject({ code: "LOOKUP_FAILED" });
  });

  test("shows the token in no error", async () => {
    const cloud = await cloudWith();
    const message = `the value ${TOKEN} is not allowed`;
    await cloud.fault({
      operation: "DescribeReservedInstances",
      kind: "error",
      code: "InvalidParameterValue",
      status: 400,
      message,
    });
    const error = await cloud.lookup().catch((thrown: unknown) => thrown);
    expect(`${String(error)} ${String((error as Error).cause)} ${JSON.stringify(error)}`).not.toContain(TOKEN);
  });
});

describe("inventory", () => {
  test("shows what may be the line's, labeled or not, and nothing that says otherwise", async () => {
    const cloud = await cloudWith();
    const unlabeled = await bought(cloud);
    const labeled = await bought(cloud);
    await cloud.tag(labeled.id, OTHER_TOKEN);
    const loose = { priceTolerancePercent: 20, expectedPrice: { amount: "1100", currency: "USD" } } as const;
    await bought(cloud, ec2Request({ payment: "no_upfront", ...loose }));
    await bought(cloud, ec2Request({ offeringClass: "convertible", ...loose }));
    await bought(cloud, ec2Request({ scope: "availability_zone", availabilityZone: "us-east-1a" }));
    const startedAt = cloud.clock.now();
    const sighting = { meaning: "live", state: "active" };
    expect(await cloud.inventory()).toEqual([
      { commitmentId: unlabeled.id, quantity: 2, startedAt, sighting },
      { commitmentId: labeled.id, quantity: 2, startedAt, token: OTHER_TOKEN, sighting },
    ]);
  });

  test("shows a divided purchase as its parts", async () => {
    const cloud = await cloudWith();
    await cloud.fault({ operation: "PurchaseReservedInstancesOffering", kind: "split" });
    await bought(cloud);
    expect((await cloud.inventory()).map(({ quantity }) => quantity)).toEqual([1, 1]);
  });
});

describe("a commitment that is retired before its term is over", () => {
  const MODIFICATIONS = "DescribeReservedInstancesModifications";

  /** The line's commitment, modified ten days after its purchase, and what EC2 is made to say of the modification. */
  async function modified(stated: Answer = {}) {
    const cloud = await cloudWith();
    const { id, prepared } = await bought(cloud);
    await cloud.tag(id, TOKEN);
    cloud.clock.advance(10 * 86_400_000);
    const TargetConfigurations = [{ InstanceCount: 1 }, { InstanceCount: 1, InstanceType: "m5.xlarge" as const }];
    await cloud.client.send(new ModifyReservedInstancesCommand({ ReservedInstancesIds: [id], TargetConfigurations }));
    changeAnswers(cloud.client, MODIFICATIONS, (output) => {
      for (const one of output["ReservedInstancesModifications"] as Answer[]) Object.assign(one, stated);
    });
    const [, ...made] = await ledgerIds(cloud);
    return { cloud, prepared, id, made };
  }

  test("was modified where EC2 says so, and what it was modified into is that purchase once more", async () => {
    const { cloud, prepared, id, made } = await modified();
    const sighting = { meaning: "ended", state: "retired", became: `modified into ${made.join(", ")}` };
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id], differences: [], sighting });
    const startedAt = cloud.clock.now() - 10 * 86_400_000;
    expect(await cloud.inventory(ec2Request(), prepared)).toMatchObject([
      { commitmentId: id, quantity: 2, startedAt, sighting },
      { commitmentId: made[0], quantity: 1, startedAt, sighting: { meaning: "live" }, madeFrom: [id] },
    ]);
    expect(await cloud.label([id], prepared)).toEqual({ commitmentIds: [id], sighting });
  });

  test.each(["processing", "failed", "being-invented", undefined])(
    "is unclear where its modification is %s, and what has no whole term may be anything",
    async (Status) => {
      const { cloud, prepared, id, made } = await modified({ Status });
      expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id], sighting: { meaning: "unclear" } });
      expect(await cloud.inventory(ec2Request(), prepared)).toMatchObject([
        { commitmentId: id, sighting: { meaning: "unclear" } },
        { commitmentId: made[0], maybe: expect.stringContaining("it ends before a whole term is over") },
      ]);
    },
  );

  test("is asked about by no lookup or inventory that does not depend on it", async () => {
    const { cloud, prepared, id, made } = await modified();
    const other = ec2Request({ instanceType: "c5.xlarge" });
    expect(await cloud.provider.lookup(ec2Request(), OTHER_TOKEN, context({ now: cloud.clock.now() }))).toBeUndefined();
    expect(await cloud.inventory(other, prepared)).toEqual([]);
    await cloud.inventory(ec2Request(), { ...prepared, snapshot: [id, ...made] });
    expect(await seen(cloud, MODIFICATIONS)).toEqual([]);
  });

  test("is asked about by the inventory of a line for which it may have made something", async () => {
    const { cloud, prepared } = await modified();
    const large = ec2Request({ instanceType: "m5.xlarge" });
    // The original is of another size, so what it was modified into cannot be what this line bought.
    expect(await cloud.inventory(large, prepared)).toEqual([]);
    expect(await seen(cloud, MODIFICATIONS)).toHaveLength(1);
  });

  test("is not known where EC2 does not answer, or not to the end", async () => {
    const { cloud, prepared } = await modified();
    for (const kind of ["empty-body", "garbage-body", "repeat-page-token"] as const) {
      await cloud.fault({ operation: MODIFICATIONS, kind, times: 20 });
      await expect(cloud.inventory(ec2Request(), prepared)).rejects.toThrow();
      await expect(cloud.lookup()).rejects.toThrow();
      await cloud.simulator.faults.clear();
    }
  });
});

describe("label", () => {
  test("tags the purchase and reads the tag back", async () => {
    const cloud = await cloudWith();
    const { id, prepared } = await bought(cloud);
    expect(await cloud.label([id], prepared)).toEqual({ commitmentIds: [id], charge });
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id] });
  });

  test("does nothing more where the tag is there", async () => {
    const cloud = await cloudWith();
    const { id, prepared } = await bought(cloud);
    await cloud.label([id], prepared);
    await cloud.label([id], prepared);
    expect(await seen(cloud, "CreateTags")).toHaveLength(1);
  });

  test("is tried again until the purchase is listed", async () => {
    const cloud = await cloudWith({ listingLagMs: 60_000 });
    const { id, prepared } = await bought(cloud);
    await expect(cloud.label([id], prepared)).rejects.toMatchObject({
      message: expect.stringMatching(/is not listed yet/),
      retryable: true,
    });
    expect(await seen(cloud, "CreateTags")).toEqual([]);
    cloud.clock.advance(60_000);
    expect(await cloud.label([id], prepared)).toEqual({ commitmentIds: [id], charge });
  });

  test("is tried again until the tag is listed", async () => {
    const cloud = await cloudWith({ tagLagMs: 60_000 });
    const { id, prepared } = await bought(cloud);
    await expect(cloud.label([id], prepared)).rejects.toThrow("is not listed yet on");
    cloud.clock.advance(60_000);
    expect(await cloud.label([id], prepared)).toEqual({ commitmentIds: [id], charge });
    expect(await seen(cloud, "CreateTags")).toHaveLength(1);
  });

  test("is tried again where the tag was accepted and lost", async () => {
    const cloud = await cloudWith();
    const { id, prepared } = await bought(cloud);
    await cloud.fault({ operation: "CreateTags", kind: "lost-tag" });
    await expect(cloud.label([id], prepared)).rejects.toThrow("is not listed yet on");
    expect(await cloud.label([id], prepared)).toEqual({ commitmentIds: [id], charge });
  });

  test.each([
    "InvalidReservedInstancesId",
    "InvalidReservedInstancesId.NotFound",
    "InvalidID",
    "UnauthorizedOperation",
  ])("is tried again where tagging answers %s", async (code) => {
    const cloud = await cloudWith();
    const { id, prepared } = await bought(cloud);
    await cloud.fault({ operation: "CreateTags", kind: "error", code, status: 400 });
    await expect(cloud.label([id], prepared)).rejects.toMatchObject({
      retryable: true,
      message: expect.stringContaining(code),
    });
    expect(await cloud.label([id], prepared)).toEqual({ commitmentIds: [id], charge });
  });

  test.each([1, 2, 5])("tags the parts of a divided purchase of %i and returns their ids", async (quantity) => {
    const cloud = await cloudWith();
    await cloud.fault({ operation: "PurchaseReservedInstancesOffering", kind: "split" });
    const expectedPrice = { amount: String(498.02 * quantity), currency: "USD" };
    const request = ec2Request({ quantity, expectedPrice });
    const { id, prepared } = await bought(cloud, request);
    const commitmentIds = await ledgerIds(cloud);
    const label = await cloud.label([id], prepared, request);
    expect(label).toEqual({ commitmentIds, charge: expectedPrice });
    expect(commitmentIds).not.toContain(id);
    expect(await cloud.lookup(request, prepared)).toMatchObject({ ...label, differences: [] });
    // A crash before the ids were recorded: the next label finds them by the token.
    expect(await cloud.label([id], prepared, request)).toEqual(label);
  });

  describe("of a divided purchase", () => {
    let cloud: Cloud;
    let divided: Awaited<ReturnType<typeof bought>>;
    beforeEach(async () => {
      cloud = await cloudWith();
      await cloud.fault({ operation: "PurchaseReservedInstancesOffering", kind: "split" });
      divided = await bought(cloud);
    });

    test("takes nothing that another line has labeled", async () => {
      const parts = await ledgerIds(cloud);
      const { id } = await bought(cloud);
      await cloud.tag(id, OTHER_TOKEN);
      expect(await cloud.label([divided.id], divided.prepared)).toEqual({ commitmentIds: parts, charge });
    });

    test("takes nothing where the newcomers do not make up the quantity", async () => {
      await bought(cloud);
      await expect(cloud.label([divided.id], divided.prepared)).rejects.toThrow(
        "is not listed yet with all 2 instances",
      );
      expect(await seen(cloud, "CreateTags")).toEqual([]);
    });

    test("takes nothing that was there before", async () => {
      const parts = await ledgerIds(cloud);
      await cloud.fault({ operation: "PurchaseReservedInstancesOffering", kind: "split" });
      const later = await bought(cloud);
      const others = (await ledgerIds(cloud)).filter((id) => !parts.includes(id));
      expect(later.prepared.snapshot).toEqual(parts);
      expect(await cloud.label([later.id], later.prepared)).toEqual({ commitmentIds: others, charge });
    });

    test("takes nothing without a snapshot", async () => {
      await expect(cloud.label([divided.id])).rejects.toThrow("is not listed yet with all 2 instances");
    });
  });

  test("takes over no commitment that carries another line's token", async () => {
    const cloud = await cloudWith();
    const { id, prepared } = await bought(cloud);
    await cloud.tag(id, OTHER_TOKEN);
    await expect(cloud.label([id], prepared)).rejects.toThrow("carries the token of another line");
    expect((await cloud.simulator.ledger.purchases())[0]?.tags).toEqual({ [TOKEN_TAG]: OTHER_TOKEN });
  });

  test.each([
    ["payment-failed", "void"],
    ["queued-deleted", "void"],
    ["retired", "unclear"],
  ])("tells that a purchase is %s, which has nothing to label, instead of trying for ever", async (state, meaning) => {
    const cloud = await cloudWith();
    const { id, prepared } = await bought(cloud);
    await cloud.simulator.states.set(id, state);
    expect(await cloud.label([id], prepared)).toEqual({ commitmentIds: [id], sighting: { meaning, state } });
    expect(await seen(cloud, "CreateTags")).toEqual([]);
  });

  test("tells that the term of a purchase is over", async () => {
    const cloud = await cloudWith();
    const { id, prepared } = await bought(cloud);
    cloud.clock.advance(31_536_000_000);
    expect(await cloud.label([id], prepared)).toEqual({
      commitmentIds: [id],
      sighting: { meaning: "ended", state: "retired" },
    });
  });

  test("tells that a divided purchase is void in all its parts", async () => {
    const cloud = await cloudWith();
    await cloud.fault({ operation: "PurchaseReservedInstancesOffering", kind: "split" });
    const { id, prepared } = await bought(cloud);
    const parts = await ledgerIds(cloud);
    for (const part of parts) await cloud.simulator.states.set(part, "payment-failed");
    expect(await cloud.label([id], prepared)).toMatchObject({ commitmentIds: parts, sighting: { meaning: "void" } });
    expect(await seen(cloud, "CreateTags")).toEqual([]);
  });

  test("tags what still runs of a divided purchase of which a part is over", async () => {
    const cloud = await cloudWith();
    await cloud.fault({ operation: "PurchaseReservedInstancesOffering", kind: "split" });
    const { prepared } = await bought(cloud);
    const [over = "", runs = ""] = await ledgerIds(cloud);
    await cloud.simulator.states.set(over, "retired");
    expect(await cloud.label([over, runs], prepared)).toEqual({ commitmentIds: [over, runs], charge });
    expect((await cloud.simulator.ledger.purchases()).map(({ tags }) => tags)).toEqual([{}, { [TOKEN_TAG]: TOKEN }]);
  });

  test("does not take the purchase of an earlier attempt, whose payment failed, for this one", async () => {
    const cloud = await cloudWith();
    const first = await bought(cloud);
    await cloud.tag(first.id, TOKEN);
    await cloud.simulator.states.set(first.id, "payment-failed");
    const { id, prepared } = await bought(cloud);
    expect(await cloud.label([id], prepared)).toEqual({ commitmentIds: [id], charge });
  });
});
