import { describe, expect, test } from "vitest";
import type { CustomRequest } from "../../src/domain/commitment-request/custom.js";
import { isBuyonceError } from "../../src/domain/errors.js";
import { silentLogger } from "../../src/domain/logger.js";
import { createPurchaseEngine, type PurchaseEngine } from "../../src/engine/purchase-engine.js";
import type { CommitmentProvider } from "../../src/providers/commitment-provider.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import type { CallFault, PurchaseFault } from "../../src/testing/simulated-cloud.js";
import { CONTRACT, purchaseFixture, SETTLE_WAIT_MS, simulatedLine } from "../support/purchase-fixture.js";
import { onEachStore, QUICK } from "./support/on-each-store.js";

type Provider = CommitmentProvider<CustomRequest>;

const HANGS = { kind: "hangs" } as const;

describe("what a provider answers to a purchase that landed", () => {
  onEachStore((open) => {
    test.each<readonly [string, unknown]>([
      ["an outcome of an unknown kind", { kind: "timeout" }],
      ["a failure of its own kind", { kind: "failed", reason: "no reply" }],
      ["a kind with a blank", { kind: "committed ", commitment: { commitmentIds: ["c-1"] } }],
      ["nothing", undefined],
      ["null", null],
      ["a commitment without an id", { kind: "committed", commitment: { commitmentIds: [] } }],
      ["a commitment with an empty id", { kind: "committed", commitment: { commitmentIds: [""] } }],
      ["an id longer than any index holds", { kind: "committed", commitment: { commitmentIds: ["x".repeat(3_000)] } }],
      ["a commitment that is no object", { kind: "committed", commitment: null }],
      ["a refusal without a code", { kind: "rejected", rejection: { message: "no" } }],
    ])("%s counts as unknown, and the purchase is adopted", async (_, outcome) => {
      const { cloud, store, engine, approved, settle } = await open(QUICK.none, {
        purchases: [{ kind: "odd-answer", outcome, lands: true }],
      });
      const id = await approved();
      expect(await engine.run(id)).toMatchObject({ status: "in_doubt", lines: [{ state: "in_doubt" }] });
      await settle();
      expect(await store.get(id)).toMatchObject({
        status: "completed",
        lines: [{ commitment: { commitmentIds: ["c-1"] } }],
      });
      expect(cloud.ledger()).toHaveLength(1);
    });

    test.each<readonly [string, unknown]>([
      ["an object without a prototype", Object.create(null)],
      ["a text", "boom"],
      ["nothing at all", undefined],
      [
        "an error that looks like one of the library's",
        Object.assign(new Error("x"), { name: "BuyonceError", code: "ODD", retryable: false }),
      ],
      [
        "a proxy whose every use throws",
        new Proxy(
          {},
          {
            get: () => {
              throw new Error("no");
            },
            getPrototypeOf: () => {
              throw new Error("no");
            },
          },
        ),
      ],
    ])("%s that it throws counts as unknown, with a reason", async (_, thrown) => {
      const { store, engine, approved, cloud, settle } = await open(QUICK.none, {
        purchases: [{ kind: "throws", thrown, lands: true }],
      });
      const id = await approved();
      await engine.run(id);
      expect((await store.get(id))?.lines[0]).toMatchObject({
        state: "in_doubt",
        doubt: { reason: expect.stringMatching(/.{20}/) },
      });
      await settle();
      expect((await store.get(id))?.status).toBe("completed");
      expect(cloud.ledger()).toHaveLength(1);
    });
  });
});

describe("what a provider answers when it is asked", () => {
  test.each<readonly [string, unknown]>([
    ["null", null],
    ["no ids", { commitmentIds: [], labeled: true, differences: [] }],
    ["an empty id", { commitmentIds: [""], labeled: true, differences: [] }],
    ["an id named twice", { commitmentIds: ["c", "c"], labeled: true, differences: [] }],
    ["no list of differences", { commitmentIds: ["c"], labeled: true }],
    [
      "a meaning that nobody knows",
      { commitmentIds: ["c"], labeled: true, differences: [], sighting: { meaning: "gone" } },
    ],
  ])("%s is no answer to a lookup: nothing is sent and nothing is believed", async (_, answer) => {
    const odd: CallFault = { kind: "odd-answer", answer };
    const { clock, cloud, engine, store, approved } = purchaseFixture(CONTRACT.native, {
      purchases: [{ kind: "lost-reply" }],
      lookups: [odd, false, odd, odd],
    });
    const id = await approved();
    expect(await engine.run(id)).toMatchObject({ lines: [{ state: "planned", lastError: { code: "LOOKUP_FAILED" } }] });
    expect(cloud.requests()).toEqual([]);
    await engine.run(id);
    expect(await engine.run(id)).toMatchObject({
      lines: [{ state: "in_doubt", lastError: { code: "LOOKUP_FAILED" } }],
    });
    clock.advance(SETTLE_WAIT_MS);
    await engine.tick();
    clock.advance(SETTLE_WAIT_MS);
    await engine.tick();
    expect((await store.get(id))?.status).toBe("completed");
    expect(cloud.ledger()).toHaveLength(1);
  });

  test.each<readonly [string, unknown]>([
    ["a lane longer than any index holds", { reference: "r", lane: "x".repeat(3_000), snapshot: [] }],
    ["a lane without a snapshot", { reference: "r", lane: "l" }],
    ["no reference", { lane: "l", snapshot: [] }],
    [
      "a detail that no store can keep",
      { reference: "r", lane: "l", snapshot: [], detail: { at: "x".repeat(200_000) } },
    ],
  ])("%s is no preparation: nothing is announced", async (_, answer) => {
    const { cloud, engine, approved } = purchaseFixture(CONTRACT.none, { prepares: [{ kind: "odd-answer", answer }] });
    const id = await approved();
    expect(await engine.run(id)).toMatchObject({
      status: "approved",
      lines: [{ state: "planned", attempt: 0, lastError: { code: "PREPARE_FAILED" } }],
    });
    expect(cloud.requests()).toEqual([]);
  });

  test("what is decided on is the copy that was checked", async () => {
    const { cloud, another, store, approved } = purchaseFixture(CONTRACT.native);
    const answer = { kind: "committed" as const, commitment: { commitmentIds: ["c-1"] } };
    const provider: Provider = {
      ...cloud.provider,
      async purchase(permit, context) {
        await cloud.provider.purchase(permit, context);
        setImmediate(() => {
          answer.commitment.commitmentIds[0] = "somebody else's";
        });
        return answer;
      },
    };
    const id = await approved();
    await another({ providers: [provider] }).run(id);
    expect((await store.get(id))?.lines[0]?.commitment?.commitmentIds).toEqual(["c-1"]);
  });
});

describe("a call that never comes back", () => {
  const calls: readonly (readonly [string, Parameters<typeof purchaseFixture>[1]])[] = [
    ["lookup", { lookups: [HANGS] }],
    ["prepare", { prepares: [HANGS] }],
    ["purchase", { purchases: [{ kind: "hangs", lands: true } satisfies PurchaseFault] }],
    ["label", { labels: [HANGS] }],
  ];
  test.each(calls)("does not keep tick, whose %s hangs and ignores the signal, from ending", async (_, faults) => {
    const { clock, cloud, engine, store, approved } = purchaseFixture(CONTRACT.none, faults);
    const id = await approved();
    let ended = false;
    const ticking = engine.tick().finally(() => {
      ended = true;
    });
    for (let turn = 0; turn < 200 && !ended; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(1_000);
    }
    await ticking;
    for (let round = 0; round < 4; round += 1) {
      clock.advance(SETTLE_WAIT_MS);
      await engine.tick();
    }
    expect(await store.get(id)).toMatchObject({ status: "completed", lines: [{ needsLabel: false }] });
    expect(cloud.ledger()).toHaveLength(1);
  });

  test("is evidence all the same once it comes back", async () => {
    const { clock, cloud, another, store, approved } = purchaseFixture(CONTRACT.none);
    const gate: { open?: () => void } = {};
    const closed = new Promise<void>((resolve) => {
      gate.open = resolve;
    });
    const late: Provider = {
      ...cloud.provider,
      async purchase(permit, context) {
        const outcome = await cloud.provider.purchase(permit, context);
        await closed;
        return outcome;
      },
    };
    const id = await approved();
    const running = another({ providers: [late] }).run(id);
    while (cloud.ledger().length === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(61_000);
    expect((await running).status).toBe("in_doubt");
    gate.open?.();
    await expect.poll(async () => (await store.get(id))?.status).toBe("completed");
    expect((await store.events(id)).at(-1)).toMatchObject({ kind: "late_evidence", data: { commitmentIds: ["c-1"] } });
  });
});

describe("a purchase that could not be recorded", () => {
  onEachStore((open) => {
    test("is recorded as soon as the store works, and the trail says what happened", async () => {
      const { store, cloud, another, approved } = await open(QUICK.none);
      const outage = { isOn: false };
      const failing =
        <Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
        async (...args: Args) => {
          if (outage.isOn) throw new Error("connection refused");
          return call(...args);
        };
      const provider: Provider = {
        ...cloud.provider,
        async purchase(permit, context) {
          const outcome = await cloud.provider.purchase(permit, context);
          outage.isOn = true;
          return outcome;
        },
      };
      const down = { ...store, get: failing(store.get), commit: failing(store.commit), events: failing(store.events) };
      const engine = another({ store: down, providers: [provider] });
      const id = await approved();
      await expect(engine.run(id)).rejects.toMatchObject({ code: "PURCHASE_NOT_RECORDED", moneyMoved: "yes" });
      outage.isOn = false;
      await engine.tick();
      expect((await store.get(id))?.lines[0]).toMatchObject({
        state: "committed",
        commitment: { commitmentIds: ["c-1"] },
      });
      expect(await store.events(id)).toContainEqual(
        expect.objectContaining({
          kind: "persistence_failed",
          data: expect.objectContaining({
            commitmentIds: ["c-1"],
            failure: expect.stringContaining("connection refused"),
          }),
        }),
      );
      expect(cloud.ledger()).toHaveLength(1);
    });
  });
});

describe("an engine is refused", () => {
  const { provider } = purchaseFixture(CONTRACT.none).cloud;
  const store = memoryStore();
  const sound = { store, providers: [provider], logger: silentLogger };
  const withContract = (change: object) => ({
    ...sound,
    providers: [{ ...provider, idempotency: { ...provider.idempotency, ...change } }],
  });
  test.each<readonly [string, object, string]>([
    [
      "with a switch that is misspelt",
      { ...sound, killswitch: () => true },
      'killswitch: is not known; did you mean "killSwitch"?',
    ],
    ["without a store", { providers: [provider] }, "store: must be a store"],
    [
      "over a database client",
      { ...sound, store: { query() {}, connect() {} } },
      "this is a database client: pass postgresStore(client)",
    ],
    [
      "over a file that openSqlite has opened",
      { ...sound, store: { store, recommendations: {}, database: {}, close() {} } },
      "pass its `store`, as in (await openSqlite(file)).store",
    ],
    [
      "over a promise of a file",
      { ...sound, store: Promise.resolve({ store }) },
      "this is a promise: await it, as in (await openSqlite(file)).store",
    ],
    ["over a SQLite database", { ...sound, store: { exec() {}, prepare() {} } }, "pass sqliteStore(database)"],
    ["without providers", { store }, "providers: must be a list of providers"],
    ["with a provider that is none", { ...sound, providers: [{}] }, "service must name what the provider buys"],
    ["with a contract of an unknown kind", withContract({ kind: "None" }), "custom.simulated: idempotency.kind"],
    ["with a contract without a kind", withContract({ kind: undefined }), "custom.simulated: idempotency.kind"],
    [
      "with a span that no date can hold",
      withContract({ visibilityLagMs: Number.MAX_SAFE_INTEGER }),
      "idempotency.visibilityLagMs",
    ],
    ["with a span that is no number", withContract({ clockSkewMs: "60" }), "idempotency.clockSkewMs"],
    [
      "with a timer that no machine has",
      { ...sound, leaseMs: 2 ** 34, lineTimeoutMs: 2 ** 32 },
      "lineTimeoutMs: must be a positive number of milliseconds",
    ],
    [
      "with a lease in seconds",
      { ...sound, leaseMs: 120 },
      "leaseMs: is in milliseconds, and must be at least 1000; got 120",
    ],
    [
      "with a time for a line in seconds",
      { ...sound, lineTimeoutMs: 60 },
      "lineTimeoutMs: is in milliseconds, and must be at least 500; got 60",
    ],
    ["with a kill switch that is no function", { ...sound, killSwitch: true }, "killSwitch: must be a function"],
    ["with nothing", {}, "store: must be a store"],
  ])("%s", (_, options, problem) => {
    expect(() => createPurchaseEngine(options as Parameters<typeof createPurchaseEngine>[0])).toThrowError(
      expect.objectContaining({ code: "INVALID_REQUEST", message: expect.stringContaining(problem) }),
    );
  });

  test("a kill switch that throws, or answers something else than false, is on", async () => {
    const throwing = (): boolean => {
      throw new Error("no config");
    };
    const answering = (answer: unknown) => () => answer as boolean;
    for (const killSwitch of [throwing, answering(Promise.resolve(false)), answering(0), answering(undefined)]) {
      const { cloud, another, approved } = purchaseFixture(CONTRACT.none);
      const id = await approved();
      await another({ killSwitch }).run(id);
      expect(cloud.requests()).toEqual([]);
    }
  });
});

describe("a verb refuses what nobody reads", () => {
  const submission = { requestKey: "k", createdBy: "ann", lines: [simulatedLine()] };
  test.each<readonly [string, (engine: PurchaseEngine, id: string) => Promise<unknown>, string]>([
    [
      "a time for a span",
      (engine) => engine.submit({ ...submission, requestKey: "k2", expiresInMs: Date.now() + 3_600_000 }),
      "expiresInMs",
    ],
    ["a blank name", (engine) => engine.submit({ ...submission, requestKey: "k2", createdBy: " " }), "createdBy"],
    ["a span for a deadline", (engine) => engine.tick({ deadline: 5_000 }), "deadline"],
    ["an unknown option of tick", (engine) => engine.tick({ limits: 5 } as object), 'did you mean "limit"?'],
    ["an unknown option of run", (engine, id) => engine.run(id, { abortSignal: undefined } as object), "abortSignal"],
    [
      "an unknown filter of history",
      (engine) => engine.history({ createdby: "ann" } as object),
      'did you mean "createdBy"?',
    ],
    [
      "an unknown field of an approval",
      (engine, id) => engine.approve(id, { approvedBy: "bob", force: true } as { approvedBy: string }),
      "force",
    ],
    [
      "an unknown field of a cancellation",
      (engine, id) => engine.cancel(id, { canceledBy: "bob", note: "x" } as { canceledBy: string }),
      "note",
    ],
    [
      "an unknown field of a retry",
      (engine, id) => engine.retry(id, { requestedBy: "bob", forced: true } as { requestedBy: string }),
      'did you mean "force"?',
    ],
    ["an unknown field of a batch", (engine) => engine.reconcile({ limit: 5, max: 2 } as { limit: number }), "max"],
  ])("%s", async (_, call, problem) => {
    const { engine, store } = purchaseFixture(CONTRACT.none);
    const { id } = await engine.submit(submission);
    const before = await store.get(id);
    const thrown = await call(engine, id).catch((error: unknown) => error);
    expect(isBuyonceError(thrown, "INVALID_REQUEST")).toBe(true);
    expect(String(thrown)).toContain(problem);
    expect(await store.get(id)).toEqual(before);
  });
});
