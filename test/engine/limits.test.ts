import { describe, expect, test } from "vitest";
import type { CustomRequest } from "../../src/domain/commitment-request/custom.js";
import type { Limit, PurchaseEngine } from "../../src/index.js";
import { replayLimits, transitionExecutionStatus } from "../../src/index.js";
import { simulatedLine } from "../support/purchase-fixture.js";
import { onEachStore, QUICK } from "./support/on-each-store.js";

const usd = (amount: string) => ({ amount, currency: "USD" });

const cap = (amount: string, parts: Partial<Limit> = {}): Limit => ({
  name: "cap",
  scope: {},
  per: 3_000_000_000_000,
  max: usd(amount),
  ...parts,
});

const costing = (amount: string, parts: Partial<CustomRequest> = {}): CustomRequest =>
  simulatedLine({ expectedPrice: usd(amount), priceTolerancePercent: 0, ...parts });

let submitted = 0;
const submit = (engine: PurchaseEngine, ...lines: readonly CustomRequest[]) => {
  submitted += 1;
  return engine.submit({ requestKey: `limits-${submitted}`, createdBy: "ann", lines });
};
const approve = (engine: PurchaseEngine, { id }: { readonly id: string }) => engine.approve(id, { approvedBy: "bob" });
const counted = async (engine: PurchaseEngine) =>
  (await engine.limits()).map(({ used, held, free, overrun }) => ({ used, held, free, overrun }));

onEachStore((open) => {
  describe("spending limits", () => {
    test("hold what is approved, use what is bought, and free what is not", async () => {
      const { engine } = await open(QUICK.native, {}, { limits: [cap("100")] });
      expect(await counted(engine)).toEqual([{ used: "0", held: "0", free: "100", overrun: "0" }]);
      const first = await approve(engine, await submit(engine, costing("60")));
      expect(await counted(engine)).toEqual([{ used: "0", held: "60", free: "40", overrun: "0" }]);
      await engine.run(first.id);
      expect(await counted(engine)).toEqual([{ used: "60", held: "0", free: "40", overrun: "0" }]);
      const second = await approve(engine, await submit(engine, costing("40")));
      expect(await counted(engine)).toMatchObject([{ used: "60", held: "40", free: "0" }]);
      await engine.cancel(second.id, { canceledBy: "bob" });
      expect(await counted(engine)).toMatchObject([{ used: "60", held: "0", free: "40" }]);
    });

    test("refuse what does not fit, on every path to an approval", async () => {
      const { engine, store } = await open(QUICK.native, {}, { limits: [cap("100")] });
      await approve(engine, await submit(engine, costing("60")));
      const { id } = await submit(engine, costing("40.01"));
      const refused = {
        code: "LIMIT_EXCEEDED",
        moneyMoved: "no",
        details: {
          exceeded: [{ limit: "cap", period: "0", max: "100", currency: "USD", used: "0", held: "60", asked: "40.01" }],
        },
      };
      const runAt = Date.now() + 3_600_000;
      await expect(engine.approve(id, { approvedBy: "bob" })).rejects.toMatchObject(refused);
      await expect(engine.schedule(id, { approvedBy: "bob", runAt })).rejects.toMatchObject(refused);
      const move = { executionId: id, from: ["pending"], approvedBy: "bob" } as const;
      await expect(transitionExecutionStatus(store, { ...move, to: "approved" })).rejects.toMatchObject(refused);
      await expect(transitionExecutionStatus(store, { ...move, to: "scheduled", wakeAt: runAt })).rejects.toMatchObject(
        refused,
      );
      expect(await engine.events(id)).toHaveLength(1);
    });

    test("refuse a line in another currency", async () => {
      const { engine } = await open(QUICK.native, {}, { limits: [cap("100")] });
      const line = costing("1", { expectedPrice: { amount: "1", currency: "EUR" } });
      await expect(approve(engine, await submit(engine, line))).rejects.toMatchObject({
        code: "LIMIT_UNKNOWN_AMOUNT",
        details: { uncounted: [{ limit: "cap", lineIndex: 0 }] },
      });
    });

    test("hold a retry anew", async () => {
      const { engine, cloud, retried } = await open(QUICK.native, {}, { limits: [cap("100")] });
      cloud.strike({ kind: "rejected" });
      const first = await approve(engine, await submit(engine, costing("60")));
      expect((await engine.run(first.id)).status).toBe("failed");
      expect(await counted(engine)).toMatchObject([{ used: "0", held: "0" }]);
      const retry = await retried(first.id);
      expect(await counted(engine)).toMatchObject([{ used: "0", held: "60" }]);
      await engine.run(retry);
      expect(await counted(engine)).toMatchObject([{ used: "60", held: "0" }]);
    });

    test("are those of all processes, and change only by an explicit call", async () => {
      const { engine, another } = await open(QUICK.native, {}, { limits: [cap("100")] });
      const execution = await submit(engine, costing("60"));
      await approve(engine, execution);
      const raised = another({ limits: [cap("200")] });
      const waiting = await submit(raised, costing("120"));
      const code = "LIMIT_DEFINITION_DIFFERS";
      await expect(approve(raised, waiting)).rejects.toMatchObject({ code });
      await expect(raised.limits()).rejects.toMatchObject({ code });
      const decision = { changedBy: "carol", reason: "a new budget" };
      expect(await raised.changeLimits(decision)).toMatchObject([{ used: "0", held: "60", free: "140" }]);
      await expect(approve(engine, waiting)).rejects.toMatchObject({ code });
      await approve(raised, waiting);
      const silent = another({ limits: undefined } as object);
      expect(await silent.limits()).toMatchObject([{ held: "180", free: "20" }]);
      await expect(approve(silent, await submit(silent, costing("21")))).rejects.toMatchObject({
        code: "LIMIT_EXCEEDED",
      });
      await approve(silent, await submit(silent, costing("20")));
    });

    test("are refused at the engine's making, and a change needs who and why", async () => {
      const { engine, another } = await open(QUICK.native);
      expect(() => another({ limits: [cap("1", { per: "week" as "day" })] })).toThrow(/limits\[0\]\.per/);
      await expect(engine.changeLimits({ changedBy: "carol", reason: "more" })).rejects.toThrow(/limits/);
      const limited = another({ limits: [] });
      await expect(limited.changeLimits({ changedBy: " ", reason: "more" })).rejects.toThrow(/changedBy/);
      expect(await limited.changeLimits({ changedBy: "carol", reason: "none" })).toEqual([]);
      expect(await engine.limits()).toEqual([]);
    });

    test("are replayed over what was approved, without changing anything", async () => {
      const { engine, store, pass } = await open(QUICK.native);
      const first = await approve(engine, await submit(engine, costing("60")));
      await pass(5);
      await engine.run(first.id);
      await pass(5);
      const second = await approve(engine, await submit(engine, costing("50")));
      await pass(5);
      const third = await approve(engine, await submit(engine, costing("40")));
      await submit(engine, costing("1"));
      const range = { from: first.createdAt, to: third.updatedAt + 1 };
      const { approvals, refused } = await replayLimits(store, [cap("100")], range);
      expect(approvals).toBe(3);
      expect(refused).toMatchObject([
        { executionId: second.id, exceeded: [{ used: "60", held: "0", asked: "50" }], uncounted: [] },
      ]);
      expect(await replayLimits(store, [cap("150")], range)).toEqual({ approvals: 3, refused: [] });
      expect((await replayLimits(store, [cap("100")], { ...range, to: third.updatedAt })).approvals).toBe(2);
      expect(await engine.limits()).toEqual([]);
      await expect(replayLimits(store, [cap("-1")], range)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    });
  });
});
