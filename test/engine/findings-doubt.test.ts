import { describe, expect, test } from "vitest";
import type { CustomRequest } from "../../src/domain/commitment-request/custom.js";
import type { PurchaseEngine } from "../../src/engine/purchase-engine.js";
import type { CommitmentProvider, ExistingCommitment, InventoryItem } from "../../src/providers/commitment-provider.js";
import type { ManualClock } from "../../src/testing/manual-clock.js";
import { simulatedCloud } from "../../src/testing/simulated-cloud.js";
import { CONTRACT, purchaseFixture, SETTLE_WAIT_MS, simulatedLine } from "../support/purchase-fixture.js";

type Provider = CommitmentProvider<CustomRequest>;

const LOST_REPLY = { purchases: [{ kind: "lost-reply" }] } as const;
const MINUTE = 60_000;

async function tickFor(engine: PurchaseEngine, clock: ManualClock, rounds: number, stepMs = 5 * MINUTE): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    clock.advance(stepMs);
    await engine.tick();
  }
}

/** The same cloud, with what its lookups find under our control. */
const seenThrough = (
  provider: Provider,
  see: (found: ExistingCommitment | undefined) => ExistingCommitment | undefined,
): Provider => ({
  ...provider,
  lookup: async (request, token, context) => see(await provider.lookup(request, token, context)),
});

/** The same cloud, with what its inventory shows under our control. */
const stockedWith = (
  provider: Provider,
  stock: (items: readonly InventoryItem[]) => readonly InventoryItem[],
): Provider => ({
  ...provider,
  inventory: async (request, token, context) => stock((await provider.inventory?.(request, token, context)) ?? []),
});

describe("a resend", () => {
  const contract = { ...CONTRACT.native, windowMs: 390_000 };
  const patient = { leaseMs: 20 * MINUTE, lineTimeoutMs: 10 * MINUTE, reapAfterMs: 30 * MINUTE };

  test.each([
    ["could land after the cloud has forgotten the token", 50_000],
    ["is written ahead after the cloud has forgotten the token", 400_000],
  ])("that was decided inside the window and %s is not sent", async (_, frozenMs) => {
    const { clock, cloud, another, approved } = purchaseFixture(contract, {
      purchases: [{ kind: "lost-reply" }, { kind: "late-landing", ms: 299_000 }],
      listingLagsMs: [60_000],
    });
    const frozen = { ms: 0 };
    const slow: Provider = {
      ...cloud.provider,
      async lookup(request, token, context) {
        const answer = await cloud.provider.lookup(request, token, context);
        clock.advance(frozen.ms);
        frozen.ms = 0;
        return answer;
      },
    };
    const engine = another({ providers: [slow], ...patient });
    const id = await approved();
    await engine.run(id);
    clock.advance(45_000);
    frozen.ms = frozenMs;
    await engine.run(id);
    await tickFor(engine, clock, 10);
    expect(cloud.requests()).toHaveLength(1);
    expect(cloud.ledger()).toHaveLength(1);
    expect((await engine.explain(id)).status).toBe("completed");
  });

  test("is judged by the window that the first request opened, not by that of a later one", async () => {
    const { clock, cloud, engine, approved } = purchaseFixture(
      { ...CONTRACT.native, windowMs: 340_000 },
      {
        purchases: [{ kind: "lost-reply" }, { kind: "lost-request" }, { kind: "late-landing", ms: 299_000 }],
        listingLagsMs: [60_000],
      },
    );
    const id = await approved();
    for (const pauseMs of [0, 25_000, 25_000]) {
      clock.advance(pauseMs);
      await engine.run(id);
    }
    await tickFor(engine, clock, 10);
    expect(cloud.requests()).toHaveLength(2);
    expect(cloud.ledger()).toHaveLength(1);
  });

  test("under a provider that dedupes since an upgrade is not sent for a request that went out without dedupe", async () => {
    const { clock, cloud, engine, another, approved } = purchaseFixture(CONTRACT.none, LOST_REPLY);
    const id = await approved();
    await engine.run(id);
    const upgraded = another({
      providers: [{ ...cloud.provider, idempotency: { ...CONTRACT.native, windowMs: null } }],
    });
    clock.advance(45_000);
    await upgraded.run(id);
    expect(cloud.requests()).toHaveLength(1);
    expect((await engine.explain(id)).status).toBe("in_doubt");
  });
});

describe("an id that the cloud confirmed", () => {
  test("is told apart from the same id of another custom service", async () => {
    const { clock, another } = purchaseFixture(CONTRACT.none);
    const services = ["custom.a", "custom.b"] as const;
    const clouds = services.map((service) => simulatedCloud({ contract: CONTRACT.none, clock, service }));
    const engine = another({ providers: clouds.map((cloud) => cloud.provider) });
    for (const service of services) {
      const { id } = await engine.submit({
        requestKey: service,
        createdBy: "ann",
        lines: [simulatedLine({ service })],
      });
      await engine.approve(id, { approvedBy: "bob" });
      expect(await engine.run(id)).toMatchObject({
        status: "completed",
        lines: [{ commitment: { commitmentIds: ["c-1"] } }],
      });
    }
    expect(clouds.map((cloud) => cloud.ledger().length)).toEqual([1, 1]);
  });

  test("and that another line has by a person's word is taken back from that line, and is not bought again", async () => {
    const { clock, cloud, engine, another, approved } = purchaseFixture(CONTRACT.none, {
      purchases: [{ kind: "lost-request" }],
    });
    const wrong = await approved([simulatedLine({ offering: { size: "s" } })]);
    const right = await approved([simulatedLine({ region: "r2" })]);
    await engine.run(wrong);
    const evidence = { commitmentIds: ["c-1"], note: "taken for ours" };
    const hasty: Provider = {
      ...cloud.provider,
      async purchase(permit, context) {
        const outcome = await cloud.provider.purchase(permit, context);
        await engine.resolve(wrong, 0, { outcome: "committed", evidence, resolvedBy: "carol" });
        return outcome;
      },
    };
    expect(await another({ providers: [hasty] }).run(right)).toMatchObject({
      status: "completed",
      lines: [{ commitment: { commitmentIds: ["c-1"] } }],
    });
    await tickFor(engine, clock, 10);
    expect(cloud.ledger()).toHaveLength(1);
    const explained = await engine.explain(wrong);
    expect(explained).toMatchObject({
      status: "completed",
      lines: [{ state: "in_doubt", known: expect.stringContaining("c-1"), next: expect.stringMatching(/^A person/) }],
    });
    expect(explained.summary).toContain("carol said that it was bought as c-1");
    expect(await engine.events(wrong)).toContainEqual(
      expect.objectContaining({
        kind: "claim_released",
        data: { before: expect.objectContaining({ commitmentIds: ["c-1"], resolvedBy: "carol" }) },
      }),
    );
  });
});

describe("doubt that needs a person", () => {
  test.each([
    ["a long memory", CONTRACT.native],
    ["a memory shorter than the settle wait", { ...CONTRACT.native, windowMs: 390_000 }],
  ])("is not ended by a conflict that is no longer shown, under %s", async (_, contract) => {
    const { clock, cloud, another, approved } = purchaseFixture(contract, LOST_REPLY);
    const sight = { shows: "different" };
    const provider = seenThrough(
      cloud.provider,
      (found) =>
        found && (sight.shows === "nothing" ? undefined : { ...found, differences: ["term: expected 1yr, found 3yr"] }),
    );
    const engine = another({ providers: [provider] });
    const id = await approved();
    await engine.run(id);
    await tickFor(engine, clock, 2);
    sight.shows = "nothing";
    await tickFor(engine, clock, 12, 20 * MINUTE);
    expect(cloud.requests()).toHaveLength(1);
    expect(await engine.run(id)).toMatchObject({
      status: "in_doubt",
      lines: [{ state: "in_doubt", doubt: { needsPerson: true, candidates: ["c-1"] } }],
    });
  });

  test("is not ended by an inventory that shows its candidates no longer", async () => {
    const { clock, cloud, another, approved } = purchaseFixture(CONTRACT.none, LOST_REPLY);
    const sight = { shows: "too many" };
    const provider = stockedWith(cloud.provider, (items) =>
      sight.shows === "nothing" ? [] : [...items, { commitmentId: "foreign", quantity: 2, startedAt: clock.now() }],
    );
    const engine = another({ providers: [provider] });
    const id = await approved();
    await engine.run(id);
    await tickFor(engine, clock, 2);
    sight.shows = "nothing";
    await tickFor(engine, clock, 12, 20 * MINUTE);
    expect(cloud.ledger()).toHaveLength(1);
    expect(await engine.run(id)).toMatchObject({
      status: "in_doubt",
      lines: [{ state: "in_doubt", doubt: { needsPerson: true, candidates: ["c-1", "foreign"] } }],
    });
  });

  test("is looked at in growing pauses, so that its trail stays short", async () => {
    const { clock, cloud, another, approved } = purchaseFixture(CONTRACT.none, LOST_REPLY);
    const provider = stockedWith(cloud.provider, (items) => [
      ...items,
      { commitmentId: "foreign", quantity: 2, startedAt: clock.now() },
    ]);
    const engine = another({ providers: [provider] });
    const id = await approved();
    await engine.run(id);
    await tickFor(engine, clock, 24 * 60, MINUTE);
    const versions = (await engine.events(id)).length;
    await tickFor(engine, clock, 60, MINUTE);
    expect(versions).toBeLessThan(500);
    expect((await engine.events(id)).length - versions).toBeLessThanOrEqual(3 * 4);
  });
});

test("a new commitment that started too early for the line goes to a person rather than count as absent", async () => {
  const { clock, cloud, another, approved } = purchaseFixture(CONTRACT.none, LOST_REPLY);
  const early = stockedWith(cloud.provider, (items) =>
    items.map((item) => ({ ...item, startedAt: (item.startedAt ?? 0) - MINUTE })),
  );
  const engine = another({ providers: [early] });
  const id = await approved();
  await engine.run(id);
  clock.advance(SETTLE_WAIT_MS + 1);
  expect(await engine.run(id)).toMatchObject({
    status: "in_doubt",
    lines: [{ state: "in_doubt", doubt: { needsPerson: true, candidates: ["c-1"] } }],
  });
  expect(cloud.ledger()).toHaveLength(1);
});

describe("a commitment under a caller's name that differs from the line", () => {
  const differing = (provider: Provider) =>
    seenThrough(provider, (found) => found && { ...found, differences: ["platform: expected linux, found windows"] });

  test("leaves the line in doubt where something was sent under that name", async () => {
    const { clock, cloud, another, approved } = purchaseFixture(CONTRACT.named, LOST_REPLY);
    const engine = another({ providers: [differing(cloud.provider)] });
    const id = await approved();
    await engine.run(id);
    await tickFor(engine, clock, 3);
    expect(await engine.run(id)).toMatchObject({
      status: "in_doubt",
      lines: [{ state: "in_doubt", doubt: { needsPerson: true, candidates: ["c-1"] } }],
    });
  });

  test("rejects the line where nothing was ever sent under that name", async () => {
    const { cloud, another, approved } = purchaseFixture(CONTRACT.named);
    const existing = { commitmentIds: ["theirs"], labeled: true, differences: ["quantity: expected 2, found 9"] };
    const engine = another({ providers: [seenThrough(cloud.provider, () => existing)] });
    expect(await engine.run(await approved())).toMatchObject({
      status: "failed",
      lines: [{ state: "rejected", rejection: { code: "COMMITMENT_CONFLICT", details: { found: ["theirs"] } } }],
    });
    expect(cloud.requests()).toHaveLength(0);
  });
});
