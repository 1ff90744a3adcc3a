import { describe, expect, test } from "vitest";
import type { Clock } from "../../src/domain/clock.js";
import type { CustomRequest } from "../../src/domain/commitment-request/custom.js";
import type { BuyonceError } from "../../src/domain/errors.js";
import type { PurchaseEngine } from "../../src/engine/purchase-engine.js";
import type { CommitmentProvider, PurchaseContext } from "../../src/providers/commitment-provider.js";
import type { PurchasePermit } from "../../src/providers/purchase-permit.js";
import { reapStuckExecutions } from "../../src/state-machine/reap-stuck-executions.js";
import type { ManualClock } from "../../src/testing/manual-clock.js";
import { signal } from "../../src/testing/signal.js";
import { CONTRACT, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";

type Provider = CommitmentProvider<CustomRequest>;
type Purchase = Provider["purchase"];

const MINUTE = 60_000;

const buyingBy = (provider: Provider, purchase: Purchase): Provider => ({ ...provider, purchase });

async function tickFor(engine: PurchaseEngine, clock: ManualClock, rounds: number, stepMs = 5 * MINUTE): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    clock.advance(stepMs);
    await engine.tick();
  }
}

/** A provider whose first purchase stops where `stop` says until it is let go. */
function stoppable(provider: Provider, stop: "before the wire" | "after the reply") {
  const reached = signal();
  const release = signal();
  const state = { stopped: false };
  const halt = async () => {
    if (state.stopped) return;
    state.stopped = true;
    reached.give();
    await release.given;
  };
  const purchase = async (permit: PurchasePermit<CustomRequest>, context: PurchaseContext) => {
    if (stop === "before the wire") await halt();
    const outcome = await provider.purchase(permit, context);
    if (stop === "after the reply") await halt();
    return outcome;
  };
  return { provider: buyingBy(provider, purchase), reached: reached.given, letGo: release.give };
}

describe("a suspended machine, whose wall clock jumps ahead while its monotonic clock stood still,", () => {
  const suspended = (clock: ManualClock): Clock => ({ ...clock, monotonic: () => 0, timeout: () => NEVER });
  const NEVER = new AbortController().signal;

  test("sends nothing with a permit and a lease that have run out", async () => {
    const { clock, cloud, another, approved } = purchaseFixture(CONTRACT.native);
    const provider = buyingBy(cloud.provider, (permit, context) => {
      clock.advance(60 * MINUTE);
      return cloud.provider.purchase(permit, context);
    });
    await another({ providers: [provider], clock: suspended(clock) }).run(await approved());
    expect(cloud.requests()).toHaveLength(0);
  });

  test("sends nothing after another worker has bought the line", async () => {
    const { clock, cloud, engine, another, approved } = purchaseFixture({
      ...CONTRACT.none,
      maxRequestLifetimeMs: 24 * 60 * MINUTE,
    });
    const { provider, reached, letGo } = stoppable(cloud.provider, "before the wire");
    const id = await approved();
    const run = another({ worker: "w2", providers: [provider], clock: suspended(clock) }).run(id);
    await reached;
    await tickFor(engine, clock, 30, 60 * MINUTE);
    letGo();
    await run;
    expect(cloud.requests()).toHaveLength(1);
    expect((await engine.explain(id)).status).toBe("completed");
  });
});

test('a refusal of the second beforeWire of one purchase is "unknown", never "not sent"', async () => {
  const switches = { kill: false };
  const fixture = purchaseFixture(
    CONTRACT.none,
    { purchases: [{ kind: "lost-reply" }] },
    { killSwitch: () => switches.kill },
  );
  const { clock, cloud, another, approved } = fixture;
  const twice = buyingBy(cloud.provider, async (permit, context) => {
    const outcome = await cloud.provider.purchase(permit, context);
    switches.kill = true;
    context.beforeWire();
    return outcome;
  });
  const id = await approved();
  expect((await another({ providers: [twice] }).run(id)).status).toBe("in_doubt");
  switches.kill = false;
  await tickFor(fixture.engine, clock, 5);
  expect(cloud.ledger()).toHaveLength(1);
  expect((await fixture.engine.explain(id)).status).toBe("completed");
});

test.each([
  ["no id", []],
  ["an empty id", [""]],
])("a success that names %s is doubt, not a commitment", async (_, commitmentIds) => {
  const { cloud, another, approved } = purchaseFixture(CONTRACT.native);
  const provider = buyingBy(cloud.provider, async (_permit, context) => {
    context.beforeWire();
    return { kind: "committed", commitment: { commitmentIds } };
  });
  expect(await another({ providers: [provider] }).run(await approved())).toMatchObject({
    status: "in_doubt",
    lines: [{ state: "in_doubt", commitment: null }],
  });
});

test("every purchase that could not be recorded is in the error, also where several failed at once", async () => {
  const { store, cloud, another, approved } = purchaseFixture(CONTRACT.none);
  const bothSent = signal();
  const provider = buyingBy(cloud.provider, async (permit, context) => {
    const outcome = await cloud.provider.purchase(permit, context);
    if (cloud.requests().length === 2) bothSent.give();
    await bothSent.given;
    return outcome;
  });
  const down =
    <Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      if (cloud.requests().length === 2) throw new Error("connection refused");
      return call(...args);
    };
  const id = await approved([simulatedLine({ region: "r1" }), simulatedLine({ region: "r2" })]);
  const error = await another({
    providers: [provider],
    store: { ...store, get: down(store.get), commit: down(store.commit) },
  })
    .run(id)
    .catch((thrown: BuyonceError) => thrown);
  expect(error).toMatchObject({ code: "PURCHASE_NOT_RECORDED", moneyMoved: "yes" });
  for (const { commitmentId } of cloud.ledger()) expect(JSON.stringify(error)).toContain(commitmentId);
});

describe("late evidence", () => {
  test("leaves the successor of a line that turns out to be bought skipped", async () => {
    const { clock, store, cloud, engine, another, approved } = purchaseFixture(CONTRACT.none);
    const { provider, reached, letGo } = stoppable(cloud.provider, "after the reply");
    const id = await approved();
    const late = another({ worker: "w2", providers: [provider] }).run(id);
    await reached;
    clock.advance(20 * MINUTE);
    await reapStuckExecutions(store);
    await engine.resolve(id, 0, { outcome: "rejected", evidence: { note: "not in the console" }, resolvedBy: "carol" });
    const successor = await engine.retry(id, { requestedBy: "dan" });
    await engine.approve(successor.id, { approvedBy: "bob" });
    letGo();
    await late;
    await tickFor(engine, clock, 10);
    expect(await store.get(id)).toMatchObject({ status: "completed", lines: [{ state: "committed" }] });
    expect(await store.get(successor.id)).toMatchObject({ status: "canceled", lines: [{ state: "skipped" }] });
    expect(cloud.ledger()).toHaveLength(1);
  });

  test("of the id that a commitment had before the cloud split it is no second purchase", async () => {
    const { clock, store, cloud, another, approved } = purchaseFixture(CONTRACT.none);
    const splitting: Provider = {
      ...cloud.provider,
      async label(commitment, token, context) {
        await cloud.provider.label?.(commitment, token, context);
        return { commitmentIds: ["part-1", "part-2"] };
      },
    };
    const { provider, reached, letGo } = stoppable(splitting, "after the reply");
    const id = await approved();
    const late = another({ worker: "w2", providers: [provider] }).run(id);
    await reached;
    await tickFor(another({ providers: [splitting] }), clock, 5);
    letGo();
    await late;
    expect(await store.get(id)).toMatchObject({
      status: "completed",
      lines: [{ commitment: { commitmentIds: ["part-1", "part-2"], formerIds: ["c-1"] } }],
    });
  });
});

test("a label that never holds does not keep others from being labeled", async () => {
  const { clock, store, cloud, another, approved } = purchaseFixture(CONTRACT.none);
  const cloudLabels = { down: true };
  const provider: Provider = {
    ...cloud.provider,
    async label(commitment, token, context) {
      if (cloudLabels.down || commitment.commitmentIds[0] === "c-1") throw new Error("InvalidID");
      await cloud.provider.label?.(commitment, token, context);
      return undefined;
    },
  };
  const engine = another({ providers: [provider] });
  for (const size of ["s", "l"]) {
    await engine.run(await approved([simulatedLine({ offering: { size } })]));
    clock.advance(1_000);
  }
  cloudLabels.down = false;
  for (let round = 0; round < 10; round += 1) {
    clock.advance(MINUTE);
    await engine.tick({ limit: 1 });
  }
  clock.advance(60 * MINUTE);
  const unlabeled = (await store.unlabeled({ limit: 9 })).map((ref) => store.get(ref.executionId));
  expect((await Promise.all(unlabeled)).map((one) => one?.lines[0]?.commitment?.commitmentIds)).toEqual([["c-1"]]);
});

test("lookups that together take longer than the lease keep it, and the execution is settled", async () => {
  const { clock, store, cloud, another, approved } = purchaseFixture(
    { ...CONTRACT.native, windowMs: 0, maxRequestLifetimeMs: 60 * MINUTE },
    { purchases: Array.from({ length: 8 }, () => ({ kind: "lost-request" }) as const) },
  );
  const provider: Provider = {
    ...cloud.provider,
    async lookup(request, token, context) {
      clock.advance(cloud.requests().length < 8 ? 0 : 50_000);
      return cloud.provider.lookup(request, token, context);
    },
  };
  const engine = another({ providers: [provider], concurrency: 1 });
  const id = await approved(Array.from({ length: 8 }, (_, size) => simulatedLine({ offering: { size } })));
  expect((await engine.run(id)).status).toBe("in_doubt");
  await engine.reconcile(id);
  expect(await store.get(id)).toMatchObject({ status: "in_doubt", lease: null, fence: 2 });
});
