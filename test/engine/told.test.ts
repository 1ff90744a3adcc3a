import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { AuditEvent } from "../../src/domain/audit-event.js";
import type { PurchaseEngineOptions } from "../../src/engine/engine-options.js";
import { simulatedLine } from "../support/purchase-fixture.js";
import { type EngineWorld, onEachStore, QUICK } from "./support/on-each-store.js";

interface Entry {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

/** A logger that keeps its warnings. */
function kept() {
  const warnings: Entry[] = [];
  const warn = (message: string, fields?: Entry["fields"]) => void warnings.push({ message, fields });
  return { warnings, logger: { info() {}, error() {}, warn } };
}

const denied = new Error("AccessDeniedException: the role may not list what it has bought");
const kindsIn = async ({ engine }: EngineWorld, id: string) =>
  (await engine.feed({ limit: 1_000 })).events.filter((event) => event.executionId === id).map(({ kind }) => kind);

/** Runs an execution by a worker that dies between the purchase and its record. */
function diesInPurchase({ another, cloud, store }: EngineWorld, id: string, times: Partial<PurchaseEngineOptions>) {
  const never = new Promise<never>(() => {});
  let isDead = false;
  return new Promise<void>((died) => {
    const purchase: typeof cloud.provider.purchase = async (...call) => {
      await cloud.provider.purchase(...call);
      isDead = true;
      died();
      return never;
    };
    const commit: typeof store.commit = (change) => (isDead ? never : store.commit(change));
    const worker = { store: { ...store, commit }, providers: [{ ...cloud.provider, purchase }], worker: "dead" };
    void another({ ...times, ...worker }).run(id);
  });
}

onEachStore((open) => {
  describe("what goes wrong shows in the log, in the report, in the feed and in explain:", () => {
    test("a lost reply", async () => {
      const { warnings, logger } = kept();
      const world = await open(QUICK.none, { purchases: [{ kind: "lost-reply" }] }, { logger });
      const id = await world.approved();
      expect(await world.engine.tick()).toMatchObject({ ran: 1, outcomes: { committed: 0, inDoubt: 1, waiting: {} } });
      const about = { executionId: id, lineIndex: 0, service: "custom.simulated", account: "acct-1", region: "r1" };
      expect(warnings).toMatchObject([{ message: "Nobody knows yet whether a line was bought", fields: about }]);
      expect(await kindsIn(world, id)).toContain("put_in_doubt");
      const [line] = (await world.engine.explain(id)).lines;
      expect(line).toMatchObject({ state: "in_doubt", account: "acct-1", region: "r1", commitmentIds: [] });
      await world.settle();
      expect(warnings, "no warning of good news").toHaveLength(1);
      expect((await world.engine.explain(id)).lines[0]).toMatchObject({
        commitmentIds: [world.cloud.ledger()[0]?.commitmentId],
      });
      expect(await kindsIn(world, id)).toContain("adopted");
    });

    test("a worker that died in the purchase", async () => {
      const { warnings, logger } = kept();
      const world = await open(QUICK.none, {}, { logger });
      const id = await world.approved();
      await diesInPurchase(world, id, { leaseMs: 1_000, lineTimeoutMs: 500, sendWithinMs: 250 });
      expect(warnings).toEqual([]);
      await world.pass(1_100);
      expect(await world.engine.tick()).toMatchObject({ outcomes: { inDoubt: 1 } });
      expect(warnings).toMatchObject([
        {
          message: "Nobody knows yet whether a line was bought",
          fields: { executionId: id, reason: expect.stringContaining("the worker that sent the request") },
        },
      ]);
      expect(await kindsIn(world, id)).toContain("put_in_doubt");
      expect((await world.engine.explain(id)).lines[0]).toMatchObject({ state: "in_doubt" });
      await world.engine.tick();
      expect(warnings, "once").toHaveLength(1);
    });

    test("a denied account, once for all rounds", async () => {
      const { warnings, logger } = kept();
      const refusals = Array.from({ length: 3 }, () => ({ kind: "throws", thrown: denied }) as const);
      const world = await open(QUICK.none, { lookups: refusals }, { logger });
      const id = await world.approved();
      for (let round = 0; round < 3; round += 1) {
        expect(await world.engine.tick()).toMatchObject({ outcomes: { committed: 0, waiting: { LOOKUP_FAILED: 1 } } });
        await world.pass(60);
      }
      expect(warnings).toMatchObject([
        {
          message: "A line could not be bought yet; nothing was sent",
          fields: {
            executionId: id,
            lineIndex: 0,
            code: "LOOKUP_FAILED",
            reason: expect.stringContaining(denied.message),
          },
        },
      ]);
      expect(await kindsIn(world, id)).toContain("attempt_failed");
      expect((await world.engine.explain(id)).lines[0]).toMatchObject({ code: "LOOKUP_FAILED", state: "planned" });
      expect(await world.engine.tick()).toMatchObject({ outcomes: { committed: 1, waiting: {} } });
    });

    test("a blocked lane", async () => {
      const { warnings, logger } = kept();
      const world = await open(QUICK.none, { purchases: [{ kind: "lost-request" }] }, { logger, concurrency: 1 });
      const holder = await world.approved();
      await world.engine.run(holder);
      const id = await world.approved();
      expect(await world.engine.run(id)).toMatchObject({ outcomes: { waiting: { LANE_BUSY: 1 } } });
      expect(warnings.at(-1)).toMatchObject({ fields: { executionId: id, code: "LANE_BUSY" } });
      expect(String(warnings.at(-1)?.fields?.["reason"])).toContain(holder);
      expect(await kindsIn(world, id)).toContain("handed_back");
      const [line] = (await world.engine.explain(id)).lines;
      expect(line).toMatchObject({ code: "LANE_BUSY", state: "planned" });
      expect(line?.known).toContain(holder);
    });

    test("a refused purchase", async () => {
      const { warnings, logger } = kept();
      const world = await open(QUICK.none, { purchases: [{ kind: "rejected" }] }, { logger });
      const id = await world.approved();
      expect(await world.engine.tick()).toMatchObject({ outcomes: { rejected: 1, committed: 0 } });
      expect(warnings).toMatchObject([{ message: "A line is not bought: it was refused for good" }]);
      expect(await kindsIn(world, id)).toContain("rejected");
    });
  });

  describe("onEvent", () => {
    test("is told of each change of this process, as the trail has it", async () => {
      const told: AuditEvent[] = [];
      const world = await open(
        QUICK.none,
        { purchases: [{ kind: "lost-reply" }] },
        { onEvent: (event) => void told.push(event) },
      );
      const { engine, store } = world;
      const id = await world.approved();
      await engine.tick();
      await world.settle();
      const late = await engine.submit({
        requestKey: "late",
        createdBy: "ann",
        lines: [simulatedLine()],
        expiresInMs: 1,
      });
      await world.pass(5);
      await engine.tick();
      const trails = await Promise.all([id, late.id].map((one) => store.events(one)));
      const ordered = [id, late.id].flatMap((one) => told.filter(({ executionId }) => executionId === one));
      expect(ordered).toEqual(trails.flat());
    });

    test("hears of a retry and of the execution that is retried", async () => {
      const told: AuditEvent[] = [];
      const world = await open(
        QUICK.none,
        { purchases: [{ kind: "rejected" }] },
        { onEvent: (event) => void told.push(event) },
      );
      const id = await world.approved();
      await world.engine.run(id);
      told.length = 0;
      const retry = await world.engine.retry(id, { requestedBy: "dan", force: true });
      expect(told.map(({ executionId, kind }) => [executionId, kind])).toEqual([
        [retry.id, "submitted"],
        [id, "retried"],
      ]);
    });

    test("can neither stop nor fail a purchase, nor change what is stored", async () => {
      const errors: string[] = [];
      const logger = { info() {}, warn() {}, error: (message: string) => void errors.push(message) };
      let calls = 0;
      const onEvent = (event: AuditEvent) => {
        calls += 1;
        if (calls % 3 === 0) Reflect.set(event, "kind", "rejected");
        if (calls % 3 === 1) throw new Error("metrics are down");
        return Promise.reject(new Error("the chat is down"));
      };
      const world = await open(QUICK.none, {}, { onEvent, logger });
      const id = await world.approved();
      expect((await world.engine.run(id)).status).toBe("completed");
      expect(errors).toContain("onEvent failed");
      expect((await world.store.events(id)).map(({ kind }) => kind)).not.toContain("rejected");
    });

    test("is told of each event as it is stored, in order, also of a charge above what was held", async () => {
      const told: AuditEvent[] = [];
      const usd = (amount: string) => ({ amount, currency: "USD" });
      const world = await open(QUICK.native);
      const { cloud } = world;
      const purchase: typeof cloud.provider.purchase = async (...call) => {
        const outcome = await cloud.provider.purchase(...call);
        if (outcome.kind !== "committed") return outcome;
        return { ...outcome, commitment: { ...outcome.commitment, charge: usd("150") } };
      };
      const prepare: typeof cloud.provider.prepare = async (...call) => ({
        ...(await cloud.provider.prepare(...call)),
        price: usd("150"),
      });
      const engine = world.another({
        providers: [{ ...cloud.provider, prepare, purchase }],
        limits: [{ name: "cap", scope: {}, per: "month", max: usd("200") }],
        onEvent: (event) => void told.push(event),
      });
      const lines = [simulatedLine({ expectedPrice: usd("100"), payment: "all_upfront" })];
      const { id } = await engine.submit({ requestKey: "k", createdBy: "ann", lines });
      await engine.approve(id, { approvedBy: "bob" });
      await engine.run(id);
      const stored = await world.store.events(id);
      await expect.poll(() => told).toEqual(stored);
      expect(stored.find(({ kind }) => kind === "committed")?.data).toMatchObject({
        overruns: [{ limits: ["cap"], overrun: "49" }],
      });
    });

    test("and the logger may both throw: nothing is lost, and no rejection stays unhandled", async () => {
      const bad = () => {
        throw new Error("the disk of the logs is full");
      };
      const onConsole = vi.spyOn(console, "error").mockImplementation(() => {});
      onTestFinished(() => onConsole.mockRestore());
      const world = await open(QUICK.none, {}, { onEvent: bad, logger: { info: bad, warn: bad, error: bad } });
      const id = await world.approved();
      const commit: typeof world.store.commit = async (change) => {
        if (["committed", "late_evidence"].includes(change.event.kind)) throw new Error("the store is away");
        return world.store.commit(change);
      };
      await expect(world.another({ store: { ...world.store, commit } }).run(id)).rejects.toMatchObject({
        code: "PURCHASE_NOT_RECORDED",
        moneyMoved: "yes",
      });
      // What the logger does not take goes to the console.
      expect(onConsole.mock.calls.map(([message]) => String(message)).join()).toContain("did not record it");
    });

    test("keeps what the store can do besides", async () => {
      const world = await open(QUICK.none, {}, { onEvent: () => {} });
      const id = await world.approved();
      expect(await world.engine.history({ account: "acct-1" })).toMatchObject({ executions: [{ id }] });
      await world.pass(100);
      expect(await world.another({ reapAfterMs: 50, retryDelayMs: 1, killSwitch: () => true }).tick()).toMatchObject({
        errors: [],
      });
    });
  });
});
