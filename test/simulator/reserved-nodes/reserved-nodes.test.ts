import type { AwsSimulatorOptions } from "buyonce/simulator";
import { describe, expect, it } from "vitest";
import { ACCOUNT, ManualClock, OTHER_ACCOUNT, simulatedAws } from "../simulated-aws.js";
import { elastiCacheNodes } from "./elasticache-nodes.js";
import { memoryDbNodes } from "./memorydb-nodes.js";
import type { NodesCase } from "./nodes-case.js";
import { openSearchNodes } from "./opensearch-nodes.js";
import { rdsNodes } from "./rds-nodes.js";
import { redshiftNodes } from "./redshift-nodes.js";

const NODES_CASES = [rdsNodes, elastiCacheNodes, memoryDbNodes, openSearchNodes, redshiftNodes];

const UNKNOWN_ID = "00000000-0000-4000-8000-000000000000";
const TERM_MS = 31_536_000_000;
const isNamed = ({ naming }: NodesCase) => naming !== "none";
const namesTheId = ({ naming }: NodesCase) => naming === "id";

describe.each(NODES_CASES)("$service", (nodes) => {
  it("buys, and the ledger has all of it", async () => {
    const { simulator, client, clock, offering } = await shop(nodes);
    const tags = namesTheId(nodes) ? [{ Key: "k", Value: "v" }] : [];
    const id = await client.buy({ offeringId: offering.offeringId, name: "Line-1", count: 2, tags });
    expect(await simulator.ledger.purchases()).toEqual([
      {
        service: nodes.service,
        account: ACCOUNT,
        region: "us-east-1",
        commitmentId: id,
        purchaseId: "purchase-000001",
        offeringId: offering.offeringId,
        quantity: 2,
        ...(isNamed(nodes) && { token: "Line-1" }),
        tags: namesTheId(nodes) ? { k: "v" } : {},
        state: "active",
        purchasedAt: clock.now(),
        charge: { amount: (2 * offering.fixedPrice).toFixed(2), currency: "USD" },
      },
    ]);
    const row = { id, offeringId: offering.offeringId, count: 2, state: "active", startedAt: new Date(clock.now()) };
    expect(await client.listed()).toEqual({ rows: [row], next: undefined });
    expect(await client.listed({ id })).toEqual({ rows: [row], next: undefined });
  });

  it("buys one unless told how many, and again for the same request without a name", async () => {
    const { simulator, client, offering } = await shop(nodes);
    const ids = [await client.buy(offering), await client.buy(offering)];
    expect(await simulator.ledger.purchases()).toMatchObject(
      ids.map((commitmentId) => ({ commitmentId, quantity: 1 })),
    );
    expect(new Set(ids).size).toBe(2);
  });

  it("logs the parameters by their names on the wire", async () => {
    const { simulator, client, offering } = await shop(nodes);
    await client.buy({ ...offering, name: "line-1" });
    const [request] = await simulator.ledger.requests();
    expect(request).toMatchObject({ service: nodes.service, operation: nodes.operations.purchase, account: ACCOUNT });
    expect(Object.values(request?.params ?? {})).toContain(offering.offeringId);
  });

  it("refuses what is not there in the SDK's words", async () => {
    const { simulator, client } = await shop(nodes);
    const { offeringNotFound, notFound, badToken } = nodes.errors;
    await expect(client.buy({ offeringId: UNKNOWN_ID })).rejects.toMatchObject(sdkError(offeringNotFound));
    await expect(client.offerings({ id: UNKNOWN_ID })).rejects.toMatchObject(sdkError(offeringNotFound));
    await expect(client.listed({ id: UNKNOWN_ID })).rejects.toMatchObject(sdkError(notFound));
    await expect(client.listed({ token: "never given out" })).rejects.toMatchObject(sdkError(badToken));
    await expect(client.offerings({ token: "never given out" })).rejects.toMatchObject(sdkError(badToken));
    await expect(client.offerings({ size: 101 })).rejects.toMatchObject(sdkError(badToken));
    expect(await simulator.ledger.purchases()).toEqual([]);
  });

  it("keeps accounts and regions apart", async () => {
    const { simulator, client, offering } = await shop(nodes);
    const id = await client.buy({ ...offering, name: "line-1" });
    for (const target of [{ account: OTHER_ACCOUNT }, { region: "eu-west-1" }]) {
      const other = nodes.connect(simulator, target);
      expect((await other.listed()).rows).toEqual([]);
      await expect(other.listed({ id })).rejects.toMatchObject(sdkError(nodes.errors.notFound));
      const [there] = (await other.offerings()).rows;
      await other.buy({ offeringId: String(there?.offeringId), name: "line-1" });
    }
    expect(await simulator.ledger.purchases()).toHaveLength(3);
  });

  it("is pending until it is paid, active for its term, and retired then", async () => {
    const { simulator, client, clock, offering } = await shop(nodes, { paymentPendingMs: 1000 });
    const state = async () => (await client.listed()).rows[0]?.state;
    await client.buy(offering);
    expect(await state()).toBe(nodes.pending);
    clock.advance(1000);
    expect(await state()).toBe("active");
    clock.advance(TERM_MS - 1001);
    expect(await state()).toBe("active");
    clock.advance(1);
    expect(await state()).toBe("retired");
    expect(await simulator.ledger.purchases()).toMatchObject([{ state: "retired" }]);
  });

  it("ends as payment-failed if the payment fails", async () => {
    const { simulator, client, clock, offering } = await shop(nodes, { paymentPendingMs: 1000 });
    await simulator.faults.add({ operation: nodes.operations.purchase, kind: "payment-fails" });
    await client.buy(offering);
    expect((await client.listed()).rows).toMatchObject([{ state: nodes.pending }]);
    clock.advance(1000);
    expect((await client.listed()).rows).toMatchObject([{ state: "payment-failed" }]);
  });

  it("takes on any state a test sets, from then on", async () => {
    const { simulator, client, clock, offering } = await shop(nodes);
    const id = await client.buy(offering);
    clock.advance(1000);
    await simulator.states.set(id, "exchanging-with-a-friend");
    expect((await client.listed()).rows).toMatchObject([{ state: "exchanging-with-a-friend" }]);
    expect(await simulator.ledger.purchases()).toMatchObject([{ state: "exchanging-with-a-friend" }]);
    await simulator.faults.add({ operation: nodes.operations.listed, kind: "stale-listing", ms: 1000 });
    expect((await client.listed()).rows).toMatchObject([{ state: "active" }]);
  });

  it("shows a purchase after the listing lag, and a stale listing shows what was before", async () => {
    const { simulator, client, clock, offering } = await shop(nodes, { listingLagMs: 2000 });
    const id = await client.buy(offering);
    clock.advance(1999);
    expect((await client.listed()).rows).toEqual([]);
    await expect(client.listed({ id })).rejects.toMatchObject(sdkError(nodes.errors.notFound));
    clock.advance(1);
    expect((await client.listed()).rows).toMatchObject([{ id }]);
    await simulator.faults.add({ operation: nodes.operations.listed, kind: "stale-listing", ms: 1 });
    expect((await client.listed()).rows).toEqual([]);
    expect((await client.listed()).rows).toMatchObject([{ id }]);
  });

  it.each([false, true])("pages, each row once, with empty pages: %s", async (emptyPages) => {
    const { simulator, client, offering } = await shop(nodes, { emptyPages });
    const onSale = (await simulator.offerings.list(nodes.service, "us-east-1")).map((row) => row.offeringId);
    const sold = await pages((asked) => client.offerings(asked));
    expect(sold.flatMap(({ rows }) => rows.map((row) => row.offeringId))).toEqual(onSale);
    const ids: string[] = [];
    for (let count = 0; count < 21; count++) ids.push(await client.buy(offering));
    const listed = await pages((asked) => client.listed(asked));
    expect(listed.flatMap(({ rows }) => rows.map((row) => row.id))).toEqual(ids);
    expect(listed.map(({ rows }) => rows.length)).toEqual(emptyPages ? [0, 20, 0, 1] : [20, 1]);
  });

  it("repeats a page token for as long as it is struck", async () => {
    const { simulator, client, offering } = await shop(nodes);
    await client.buy(offering);
    for (const listing of ["offerings", "listed"] as const) {
      await simulator.faults.add({ operation: nodes.operations[listing], kind: "repeat-page-token", times: 3 });
      const { next: token } = await client[listing]();
      expect(token).toEqual(expect.any(String));
      expect(await client[listing]({ token })).toMatchObject({ next: token });
      expect(await client[listing]({ token })).toMatchObject({ next: token });
      expect(await client[listing]({ token })).toMatchObject({ next: undefined });
    }
  });

  it("speaks of throttling, trouble and access in its own words", async () => {
    const { simulator, client, offering } = await shop(nodes);
    const { throttled, internal, badSigningTime, unknownAccessKey } = nodes.errors;
    const operation = nodes.operations.purchase;
    await simulator.faults.add({ operation, kind: "throttle" });
    await expect(client.buy(offering)).rejects.toMatchObject(sdkError(throttled));
    await simulator.faults.add({ operation, kind: "error-500-after" });
    await expect(client.buy(offering)).rejects.toMatchObject(sdkError(internal));
    const late = nodes.connect(simulator, { systemClockOffset: -3 * TERM_MS });
    await expect(late.buy(offering)).rejects.toMatchObject(sdkError(badSigningTime));
    const credentials = { accessKeyId: "AKIAUNKNOWN000000000", secretAccessKey: "secret" };
    const foreign = nodes.connect(simulator, { credentials });
    await expect(foreign.buy(offering)).rejects.toMatchObject(sdkError(unknownAccessKey));
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it("sells what a test adds, at the price a test sets", async () => {
    const { simulator, client, clock, offering } = await shop(nodes);
    const { offeringId } = offering;
    await client.buy(offering);
    clock.advance(1000);
    await simulator.offerings.setPrice({ offeringId, fixedPrice: 12.34 });
    await simulator.offerings.add({ reservedNodes: [{ ...offering, offeringId: UNKNOWN_ID, fixedPrice: 56.78 }] });
    const priceOf = async (id: string) => (await client.offerings({ id })).rows[0]?.price;
    expect([await priceOf(offeringId), await priceOf(UNKNOWN_ID)]).toEqual([12.34, 56.78]);
    await simulator.faults.add({ operation: nodes.operations.offerings, kind: "stale-listing", ms: 1, times: 2 });
    expect(await priceOf(offeringId)).toBe(offering.fixedPrice);
    await expect(priceOf(UNKNOWN_ID)).rejects.toMatchObject(sdkError(nodes.errors.offeringNotFound));
    await client.buy(offering);
    const charges = (await simulator.ledger.purchases()).map(({ charge }) => charge?.amount);
    expect(charges).toEqual([offering.fixedPrice.toFixed(2), "12.34"]);
  });

  it("sells nothing but what a test gives", async () => {
    const seeded = await shop(nodes);
    const own = { ...seeded.offering, offeringId: UNKNOWN_ID };
    const simulator = await simulatedAws({ offerings: { replace: true, reservedNodes: [own] } });
    expect((await nodes.connect(simulator).offerings()).rows.map((row) => row.offeringId)).toEqual([UNKNOWN_ID]);
    expect(await simulator.offerings.list(nodes.service, "us-east-1")).toEqual([own]);
    expect(await simulator.offerings.list(nodes.service, "eu-west-1")).toEqual([]);
  });
});

describe.each(NODES_CASES.filter(isNamed))("a name at $service", (nodes) => {
  const taken = sdkError(nodes.errors.alreadyExists);

  it("is refused a second time, and then for ever", async () => {
    const { simulator, client, clock, offering } = await shop(nodes, { listingLagMs: 60_000 });
    const buy = () => client.buy({ ...offering, name: "line-1" });
    await simulator.faults.add({ operation: nodes.operations.purchase, kind: "payment-fails" });
    await buy();
    await expect(buy()).rejects.toMatchObject(taken);
    clock.advance(60_000);
    expect((await client.listed()).rows).toMatchObject([{ state: "payment-failed" }]);
    await expect(buy()).rejects.toMatchObject(taken);
    clock.advance(TERM_MS);
    await expect(buy()).rejects.toMatchObject(taken);
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it("makes a stock client that lost the reply buy once", async () => {
    const { simulator, offering } = await shop(nodes);
    await simulator.faults.add({ operation: nodes.operations.purchase, kind: "reset-after" });
    const buy = nodes.connect(simulator, { maxAttempts: 3 }).buy({ ...offering, name: "line-1" });
    await expect(buy).rejects.toMatchObject(taken);
    expect(await simulator.ledger.purchases()).toMatchObject([{ token: "line-1" }]);
  });
});

describe.each(NODES_CASES.filter(namesTheId))("an id at $service", (nodes) => {
  it("is folded to lower case, and taken in every case", async () => {
    const { simulator, client, offering } = await shop(nodes);
    expect(await client.buy({ ...offering, name: "Line-1" })).toBe("line-1");
    const again = client.buy({ ...offering, name: "LINE-1" });
    await expect(again).rejects.toMatchObject(sdkError(nodes.errors.alreadyExists));
    expect((await client.listed({ id: "LINE-1" })).rows).toMatchObject([{ id: "line-1" }]);
    expect(await simulator.ledger.purchases()).toMatchObject([{ commitmentId: "line-1", token: "Line-1" }]);
  });

  it("is made up if none is sent, so that lost replies buy three", async () => {
    const { simulator, offering } = await shop(nodes);
    await simulator.faults.add({ operation: nodes.operations.purchase, kind: "reset-after", times: 2 });
    const id = await nodes.connect(simulator, { maxAttempts: 3 }).buy(offering);
    expect(id).toMatch(/^ri-\d{4}(-\d+)+$/);
    const rows = await simulator.ledger.purchases();
    expect(new Set(rows.map((row) => row.commitmentId)).size).toBe(3);
    expect(rows.map((row) => row.token)).toEqual([undefined, undefined, undefined]);
  });

  it("comes with tags, unless they are lost", async () => {
    const { simulator, client, offering } = await shop(nodes);
    const tags = [{ Key: "buyonce:token", Value: "abc" }];
    await simulator.faults.add({ operation: nodes.operations.purchase, kind: "lost-tag-at-creation" });
    await client.buy({ ...offering, name: "without", tags });
    await client.buy({ ...offering, name: "with", tags });
    const stored = (await simulator.ledger.purchases()).map((row) => row.tags);
    expect(stored).toEqual([{}, { "buyonce:token": "abc" }]);
  });

  it.each([[{ Key: "aws:k", Value: "v" }], [{ Key: "k".repeat(129), Value: "v" }], [{ Key: "k", Value: "!" }]])(
    "does not come with the tag %j",
    async (tag) => {
      const { simulator, client, offering } = await shop(nodes);
      const buy = client.buy({ ...offering, name: "line-1", tags: [tag] });
      await expect(buy).rejects.toMatchObject(sdkError(nodes.errors.badToken));
      expect(await simulator.ledger.purchases()).toEqual([]);
    },
  );
});

/** A simulator with a standing clock, which believes signing times of other years, and its first one-year All Upfront offering. */
async function shop(nodes: NodesCase, options: AwsSimulatorOptions = {}) {
  const clock = new ManualClock();
  const simulator = await simulatedAws({ clock, maxClockSkewMs: 2 * TERM_MS, ...options });
  const onSale = await simulator.offerings.list(nodes.service, "us-east-1");
  const offering = onSale.find((row) => row.offeringType === "All Upfront" && row.durationSeconds * 1000 === TERM_MS);
  if (offering === undefined) throw new Error("nothing on sale");
  return { simulator, clock, offering, client: nodes.connect(simulator) };
}

/** Every page of a listing, 20 rows each. */
async function pages<Shown extends { readonly next: string | undefined }>(
  list: (asked: { readonly size: number; readonly token: string | undefined }) => Promise<Shown>,
): Promise<Shown[]> {
  const seen: Shown[] = [];
  do {
    seen.push(await list({ size: 20, token: seen.at(-1)?.next }));
  } while (seen.at(-1)?.next !== undefined);
  return seen;
}

function sdkError(error: { readonly name: string; readonly status: number } | undefined) {
  return { name: error?.name, $metadata: { httpStatusCode: error?.status } };
}
