import { describe, expect, test } from "vitest";
import type { AuditEvent } from "../../src/domain/audit-event.js";
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
