import { describe, expect, test } from "vitest";
import type { CustomRequest } from "../../src/domain/commitment-request/custom.js";
import type { PurchaseEngine } from "../../src/index.js";
import { simulatedLine } from "../support/purchase-fixture.js";
import { onEachStore, QUICK } from "./support/on-each-store.js";

const HOUR_MS = 3_600_000;
const WATCHING = { overlapWindowMs: HOUR_MS };
const REASON = { reason: "two teams need it" };

const submit = (engine: PurchaseEngine, requestKey: string, ...lines: readonly CustomRequest[]) =>
  engine.submit({ requestKey, createdBy: "ann", lines: lines.length > 0 ? lines : [simulatedLine()] });

const approve = (engine: PurchaseEngine, { id }: { readonly id: string }) => engine.approve(id, { approvedBy: "bob" });

onEachStore((open) => {
  describe("two baskets for one need", () => {
    test("the second is reported at submit and refused at approval, and says what covers it", async () => {
      const { engine, cloud } = await open(QUICK.native, {}, WATCHING);
      const first = await submit(engine, "first");
      const second = await submit(engine, "second");
      expect([first.overlaps, second.overlaps]).toEqual([[], [{ lineIndex: 0, executionId: first.id }]]);
      await approve(engine, first);
      await expect(approve(engine, second)).rejects.toMatchObject({
        code: "NEED_ALREADY_COVERED",
        moneyMoved: "no",
        details: { covered: [{ lineIndex: 0, executionId: first.id, status: "approved", until: null }] },
      });
      await engine.run(first.id);
      await expect(approve(engine, second)).rejects.toMatchObject({ code: "NEED_ALREADY_COVERED" });
      await engine.tick();
      expect(cloud.ledger()).toHaveLength(1);
      expect(await engine.events(second.id)).toHaveLength(1);
    });

    test("a third is refused at submit once one of them is approved or bought", async () => {
      const { engine } = await open(QUICK.native, {}, WATCHING);
      const first = await approve(engine, await submit(engine, "first"));
      const code = "NEED_ALREADY_COVERED";
      await expect(submit(engine, "third")).rejects.toMatchObject({ code });
      await engine.run(first.id);
      await expect(submit(engine, "third")).rejects.toMatchObject({ code, message: expect.stringContaining(first.id) });
      expect((await engine.history()).executions).toHaveLength(1);
    });

    test("the same request key gives the same execution, whatever its own purchase covers", async () => {
      const { engine } = await open(QUICK.native, {}, WATCHING);
      const first = await approve(engine, await submit(engine, "first"));
      await engine.run(first.id);
      expect(await submit(engine, "first")).toMatchObject({ id: first.id, status: "completed", overlaps: [] });
    });

    test("both are bought with a reason on the line, and the reason is on record", async () => {
      const { engine, cloud } = await open(QUICK.native, {}, WATCHING);
      await engine.run((await approve(engine, await submit(engine, "first"))).id);
      const second = await submit(engine, "second", simulatedLine({ allowOverlap: REASON }));
      expect(second.lines[0]?.need?.allowOverlap).toBe(REASON.reason);
      await engine.run((await approve(engine, second)).id);
      expect(cloud.ledger()).toHaveLength(2);
    });

    test("how a line is paid for does not make it another need, and what it covers does", async () => {
      const { engine } = await open(QUICK.native, {}, WATCHING);
      await approve(engine, await submit(engine, "first"));
      const same = [
        simulatedLine({ term: "3yr", payment: "all_upfront", quantity: 9 }),
        simulatedLine({ expectedPrice: { amount: "7", currency: "EUR" }, priceTolerancePercent: 5 }),
      ];
      for (const [number, line] of same.entries())
        await expect(submit(engine, `same ${number}`, line)).rejects.toMatchObject({ code: "NEED_ALREADY_COVERED" });
      const others = [
        simulatedLine({ region: "r2" }),
        simulatedLine({ account: "b" }),
        simulatedLine({ offering: { size: "l" } }),
      ];
      for (const [number, line] of others.entries())
        await approve(engine, await submit(engine, `other ${number}`, line));
    });

    test("one basket does not cover one need twice without a reason", async () => {
      const { engine } = await open(QUICK.native, {}, WATCHING);
      const twice = [simulatedLine(), simulatedLine({ term: "3yr" })];
      await expect(submit(engine, "twice", ...twice)).rejects.toMatchObject({
        code: "INVALID_REQUEST",
        details: { problems: [{ path: "lines[1]", problem: expect.stringContaining("lines[0]") }] },
      });
      await submit(engine, "twice", simulatedLine(), simulatedLine({ term: "3yr", allowOverlap: REASON }));
    });

    test("a basket that failed or was canceled is no longer in the way, and its retry is", async () => {
      const { engine, cloud } = await open(QUICK.native, {}, WATCHING);
      const first = await approve(engine, await submit(engine, "first"));
      cloud.strike({ kind: "rejected" });
      expect(await engine.run(first.id)).toMatchObject({ status: "failed" });
      const second = await approve(engine, await submit(engine, "second"));
      const retry = await engine.retry(first.id, { requestedBy: "ann", force: true });
      await expect(approve(engine, retry)).rejects.toMatchObject({ code: "NEED_ALREADY_COVERED" });
      await engine.cancel(second.id, { canceledBy: "bob" });
      await engine.run((await approve(engine, retry)).id);
      expect(cloud.ledger()).toHaveLength(1);
    });

    test("an engine without the guard lets baskets overlap", async () => {
      const { engine, another, cloud } = await open(QUICK.native, {}, { overlapWindowMs: null });
      for (const requestKey of ["first", "second"]) {
        const { id } = await approve(engine, await submit(engine, requestKey));
        await engine.run(id);
      }
      expect(cloud.ledger()).toHaveLength(2);
      expect(() => another({ overlapWindowMs: 0 })).toThrowError(expect.objectContaining({ code: "INVALID_REQUEST" }));
    });
  });

  describe("steps of a plan", () => {
    const stepOf = (
      engine: PurchaseEngine,
      requestKey: string,
      plan: { step: number; skipStep?: { reason: string } },
    ) => engine.submit({ requestKey, createdBy: "ann", plan: { id: "ladder", ...plan }, lines: [simulatedLine()] });

    test("one is bought once, and another one that goes back or leaves steps out is refused", async () => {
      const { engine, cloud } = await open(QUICK.native, {}, { overlapWindowMs: null });
      const [first, again] = [await stepOf(engine, "a", { step: 1 }), await stepOf(engine, "b", { step: 1 })];
      await engine.run((await approve(engine, first)).id);
      const details = { why: "taken", executionId: first.id, step: 1 };
      await expect(approve(engine, again)).rejects.toMatchObject({ code: "PLAN_STEP_TAKEN", details });
      await expect(approve(engine, await stepOf(engine, "c", { step: 3 }))).rejects.toMatchObject({
        details: { why: "skipped" },
      });
      await approve(engine, await stepOf(engine, "d", { step: 3, skipStep: { reason: "bought by hand" } }));
      await expect(approve(engine, await stepOf(engine, "e", { step: 2 }))).rejects.toMatchObject({
        details: { why: "back" },
      });
      expect(cloud.ledger()).toHaveLength(1);
    });
  });

  describe("a freeze", () => {
    const FREEZE = { frozenBy: "dora", reason: "an audit is on" };

    test("stops what is approved in its scope, says so on the line, and lets it go when it is lifted", async () => {
      const { engine, approved, cloud, pass } = await open(QUICK.native, {}, {});
      const id = await approved();
      const freeze = await engine.freeze({ scope: { account: "acct-1" }, ...FREEZE });
      const held = await engine.run(id);
      expect(held).toMatchObject({
        status: "approved",
        lines: [{ state: "planned", submittedAt: null, lastError: { code: "FROZEN" } }],
      });
      expect((await engine.explain(id)).lines[0]?.known).toContain("dora");
      expect([cloud.requests(), await engine.freezes()]).toEqual([[], [freeze]]);
      expect(await engine.unfreeze(freeze.id, { liftedBy: "dora", reason: "it is over" })).toBe(true);
      await pass(50);
      expect(await engine.run(id)).toMatchObject({ status: "completed" });
    });

    test("of another scope stops nothing, and a scope that nothing here can buy is refused", async () => {
      const { engine, approved } = await open(QUICK.native, {}, {});
      await engine.freeze({ scope: { account: "acct-2" }, ...FREEZE });
      expect(await engine.run(await approved())).toMatchObject({ status: "completed" });
      for (const scope of [{ service: "custom.simulatet" }, { cloud: "aws" }, { acount: "a" }, { account: " " }])
        await expect(engine.freeze({ scope, ...FREEZE })).rejects.toMatchObject({ code: "INVALID_REQUEST" });
      await expect(engine.freeze({ scope: {}, frozenBy: "dora", reason: "" })).rejects.toMatchObject({
        code: "INVALID_REQUEST",
      });
    });

    test("lets doubts end, and sends nothing again for them", async () => {
      const { engine, approved, cloud, settle } = await open(QUICK.native, {}, {});
      const id = await approved();
      cloud.strike({ kind: "lost-request" });
      expect(await engine.run(id)).toMatchObject({ status: "in_doubt" });
      await engine.freeze({ scope: {}, ...FREEZE });
      await settle();
      await settle();
      expect(cloud.requests()).toHaveLength(1);
      expect(cloud.ledger()).toEqual([]);
    });
  });

  describe("the breaker", () => {
    const HASTY = { breaker: { unknowns: 2, withinMs: HOUR_MS } };

    test("freezes a cloud in an account after so many unknown outcomes, with its evidence, until a person lifts it", async () => {
      const { engine, approved, cloud } = await open(QUICK.native, {}, HASTY);
      const doubtful: string[] = [];
      for (let purchase = 0; purchase < 2; purchase += 1) {
        expect(await engine.freezes()).toEqual([]);
        const id = await approved();
        cloud.strike({ kind: "lost-reply" });
        await engine.run(id);
        doubtful.push(id);
      }
      const [freeze, ...others] = await engine.freezes();
      expect(others).toEqual([]);
      expect(freeze).toMatchObject({ scope: { cloud: "custom.simulated", account: "acct-1" }, frozenBy: "breaker" });
      for (const id of doubtful) expect(freeze?.reason).toContain(id);
      const next = await approved();
      expect(await engine.run(next)).toMatchObject({ status: "approved", lines: [{ lastError: { code: "FROZEN" } }] });
      const elsewhere = await approved([simulatedLine({ account: "acct-2" })]);
      expect(await engine.run(elsewhere)).toMatchObject({ status: "completed" });
      await engine.unfreeze(freeze?.id ?? "", { liftedBy: "dora", reason: "the network is back" });
      expect(await engine.run(next)).toMatchObject({ status: "completed" });
    });

    test("does not freeze twice, nor for what was settled, and not at all where it is off", async () => {
      const { engine, another, approved, cloud, settle } = await open(QUICK.native, {}, HASTY);
      const strike = async (over: PurchaseEngine) => {
        const id = await approved();
        cloud.strike({ kind: "lost-reply" });
        await over.run(id);
      };
      await strike(engine);
      await settle();
      await strike(engine);
      expect(await engine.freezes()).toEqual([]);
      const off = another({ breaker: null });
      for (let purchase = 0; purchase < 3; purchase += 1) await strike(off);
      expect(await engine.freezes()).toEqual([]);
      for (const breaker of [{ unknowns: 0, withinMs: 1 }, { unknowns: 1, withinMs: 0 }, { unknown: 3 } as never])
        expect(() => another({ breaker })).toThrowError(expect.objectContaining({ code: "INVALID_REQUEST" }));
    });
  });
});
