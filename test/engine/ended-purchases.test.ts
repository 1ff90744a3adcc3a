import { describe, expect, test } from "vitest";
import { CONTRACT, purchaseFixture, SETTLE_WAIT_MS, simulatedLine } from "../support/purchase-fixture.js";
import { onEachStore, QUICK } from "./support/on-each-store.js";

const LOST_REPLY = { purchases: [{ kind: "lost-reply" }] } as const;

describe("what became of a purchase whose reply was lost", () => {
  onEachStore((open) => {
    describe.each([
      ["a cloud that dedupes nothing", QUICK.none],
      ["a cloud that dedupes a token", QUICK.native],
    ] as const)("at %s", (_, contract) => {
      const inDoubt = async () => {
        const world = await open(contract, LOST_REPLY);
        const id = await world.approved();
        await world.engine.run(id);
        return { ...world, id };
      };

      test("counts as bought although it has ended", async () => {
        const { cloud, engine, store, settle, id } = await inDoubt();
        cloud.setState("c-1", { meaning: "ended", state: "retired", became: "exchanged into c-9" });
        await settle();
        expect(await store.get(id)).toMatchObject({
          status: "completed",
          lines: [
            {
              state: "committed",
              needsLabel: false,
              commitment: { commitmentIds: ["c-1"], over: { state: "retired", became: "exchanged into c-9" } },
            },
          ],
        });
        expect((await engine.explain(id)).lines[0]?.known).toContain("retired (exchanged into c-9)");
        expect(cloud.requests()).toHaveLength(1);
      });

      test("ends its line where nothing is owed, with the cloud's word, and only a person buys again", async () => {
        const { cloud, engine, store, settle, retried, id } = await inDoubt();
        cloud.setState("c-1", { meaning: "void", state: "payment-failed" });
        await settle();
        await settle();
        expect(await store.get(id)).toMatchObject({
          status: "failed",
          lines: [{ state: "rejected", rejection: { code: "payment-failed" } }],
        });
        expect(cloud.requests()).toHaveLength(1);
        expect(await engine.run(await retried(id))).toMatchObject({ status: "completed" });
        expect(cloud.ledger().filter(({ live }) => live)).toHaveLength(1);
      });

      test("goes to a person where its state stands for both, and waits while the cloud works on it", async () => {
        const { cloud, store, settle, id } = await inDoubt();
        cloud.setState("c-1", { meaning: "pending", state: "creating" });
        await settle();
        expect((await store.get(id))?.lines[0]).toMatchObject({ state: "in_doubt", doubt: { candidates: ["c-1"] } });
        expect((await store.get(id))?.lines[0]?.doubt).not.toHaveProperty("needsPerson");
        cloud.setState("c-1", { meaning: "unclear", state: "cancelled" });
        await settle();
        expect((await store.get(id))?.lines[0]).toMatchObject({
          state: "in_doubt",
          doubt: { candidates: ["c-1"], needsPerson: true },
        });
        expect(cloud.requests()).toHaveLength(1);
      });
    });

    test("a purchase whose ticks stood still for longer than its term is adopted, not bought again", async () => {
      const { cloud, store, approved, engine, settle } = await open(QUICK.none, LOST_REPLY);
      const id = await approved();
      await engine.run(id);
      cloud.setState("c-1", { meaning: "ended", state: "expired" });
      await settle();
      expect((await store.get(id))?.status).toBe("completed");
      expect(cloud.ledger()).toHaveLength(1);
    });

    test("two lines that listings no longer tell apart are never taken for each other", async () => {
      const { cloud, store, approved, engine, settle } = await open(QUICK.none, {
        purchases: [{ kind: "lost-request" }, { kind: "lost-reply" }],
      });
      const first = simulatedLine({ payment: "all_upfront" });
      const second = simulatedLine({ payment: "no_upfront" });
      const id = await approved([first, second]);
      cloud.leaveOut("all", ["payment"]);
      await engine.run(id);
      const waiting = await store.get(id);
      expect(waiting?.lines[1]).toMatchObject({
        state: "planned",
        lastError: { code: "LANE_BUSY", message: expect.stringContaining(`line 0 of ${id}`) },
      });
      for (let round = 0; round < 4; round += 1) await settle();
      const ledger = cloud.ledger();
      expect(new Set(ledger.map(({ token }) => token)).size).toBe(ledger.length);
      const end = await store.get(id);
      for (const line of end?.lines ?? []) {
        if (line.state !== "committed") continue;
        const [bought] = ledger.filter(({ commitmentId }) => line.commitment?.commitmentIds.includes(commitmentId));
        expect(bought?.offering).toBeDefined();
      }
      const asking = end?.lines.filter(({ doubt }) => doubt?.needsPerson) ?? [];
      for (const { doubt } of asking) expect(doubt?.reason).toMatch(/may or may not be the line's/);
    });
  });
});

test("a state that a label finds ends the label's tries", async () => {
  const { cloud, clock, engine, store, approved } = purchaseFixture(CONTRACT.none, { labels: [true, true] });
  const id = await approved();
  await engine.run(id);
  expect((await store.get(id))?.lines[0]?.needsLabel).toBe(true);
  cloud.setState("c-1", { meaning: "ended", state: "returned" });
  for (let round = 0; round < 6; round += 1) {
    clock.advance(SETTLE_WAIT_MS);
    await engine.tick();
  }
  expect((await store.get(id))?.lines[0]).toMatchObject({
    needsLabel: false,
    commitment: { commitmentIds: ["c-1"], over: { state: "returned" } },
  });
});
