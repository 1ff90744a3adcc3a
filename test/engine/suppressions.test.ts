import { describe, expect, test } from "vitest";
import type { CustomRequest } from "../../src/domain/commitment-request/custom.js";
import type { PurchaseEngine } from "../../src/index.js";
import { simulatedLine } from "../support/purchase-fixture.js";
import { onEachStore, QUICK } from "./support/on-each-store.js";

const HOUR_MS = 3_600_000;
const WATCHING = { overlapWindowMs: HOUR_MS, approvalWaitMs: HOUR_MS };
const SCOPE = { account: simulatedLine().account, service: simulatedLine().service };

const submit = (engine: PurchaseEngine, requestKey: string, ...lines: readonly CustomRequest[]) =>
  engine.submit({ requestKey, createdBy: "ann", lines });

const small = simulatedLine();
const large = simulatedLine({ offering: { size: "xlarge" } });

/** Which executions take needs now, as "id index status". */
const taking = async (engine: PurchaseEngine, query = {}): Promise<readonly (readonly string[])[]> =>
  (await engine.suppressions(query)).suppressions.map(({ lines }) =>
    lines.map(({ executionId, lineIndex, state }) => `${executionId} ${lineIndex} ${state}`),
  );

onEachStore((open) => {
  describe("suppressions", () => {
    test("tell what is open or freshly bought, with until when, and end with the lines", async () => {
      const { engine } = await open(QUICK.native, {}, WATCHING);
      expect(await engine.suppressions(SCOPE)).toEqual({ suppressions: [] });
      const basket = await submit(engine, "first", small, large);
      const { suppressions } = await engine.suppressions(SCOPE);
      expect(suppressions.map(({ until }) => until)).toEqual([basket.expiresAt, basket.expiresAt]);
      expect(suppressions.flatMap(({ lines }) => lines.map(({ lineIndex }) => lineIndex)).sort()).toEqual([0, 1]);
      expect(suppressions[0]).toMatchObject({ ...SCOPE, region: small.region });
      await engine.approve(basket.id, { approvedBy: "bob" });
      expect((await engine.suppressions()).suppressions.map(({ until }) => until)).toEqual([null, null]);
      const { lines } = await engine.run(basket.id);
      expect(lines.map(({ state }) => state)).toEqual(["committed", "committed"]);
      const bought = await engine.suppressions({ account: SCOPE.account });
      const ends = lines.map(({ submittedAt }) => Number(submittedAt) + HOUR_MS);
      expect(bought.suppressions.map(({ until }) => until).sort()).toEqual(ends.sort());
      expect(await engine.suppressions({ account: "elsewhere" })).toEqual({ suppressions: [] });
      expect(await engine.suppressions({ service: "aws.ec2" })).toEqual({ suppressions: [] });
    });

    test("end when a line is rejected, and a retry takes its need once", async () => {
      const { engine } = await open(QUICK.native, { purchases: [{ kind: "rejected" }] }, WATCHING);
      const first = await submit(engine, "first", small, large);
      await engine.approve(first.id, { approvedBy: "bob" });
      const { lines } = await engine.run(first.id);
      const bought = lines.findIndex(({ state }) => state === "committed");
      const rejected = lines.findIndex(({ state }) => state === "rejected");
      expect(await taking(engine)).toEqual([[`${first.id} ${bought} committed`]]);
      const second = await engine.retry(first.id, { requestedBy: "ann", force: true });
      expect((await taking(engine)).flat().sort()).toEqual(
        [`${first.id} ${bought} committed`, `${second.id} ${rejected} planned`].sort(),
      );
      await engine.cancel(second.id, { canceledBy: "ann" });
      expect(await taking(engine)).toEqual([[`${first.id} ${bought} committed`]]);
    });

    test("come page by page, each need with all of its lines", async () => {
      const { engine } = await open(QUICK.native, {}, WATCHING);
      await submit(engine, "first", small, large);
      await submit(engine, "second", small);
      await submit(engine, "third", large);
      const first = await engine.suppressions({ limit: 1 });
      expect(first.suppressions.map(({ lines }) => lines.length)).toEqual([2]);
      const second = await engine.suppressions({ limit: 1, cursor: first.nextCursor ?? "" });
      expect(second.suppressions.map(({ lines }) => lines.length)).toEqual([2]);
      expect(second).not.toHaveProperty("nextCursor");
      expect(second.suppressions[0]?.needKey).not.toBe(first.suppressions[0]?.needKey);
    });

    test("refuse a query that is misspelt or out of range", async () => {
      const { engine } = await open(QUICK.native, {}, WATCHING);
      for (const query of [{ acount: "a" }, { limit: 0 }, { limit: 201 }, { service: " " }])
        await expect(engine.suppressions(query as never)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    });
  });

  describe("suppressions of lines", () => {
    const { expectedPrice: _, ...unpriced } = small;
    type Line = Parameters<PurchaseEngine["suppressionsOf"]>[0][number]["line"];
    const considered = (...lines: readonly Line[]) => lines.map((line) => ({ line }));

    test("tell in their order what takes the need of each, whatever it costs and however many it buys", async () => {
      const { engine } = await open(QUICK.native, {}, WATCHING);
      const basket = await submit(engine, "first", small);
      const [known] = (await engine.suppressions(SCOPE)).suppressions;
      const dearer = { ...small, quantity: 9, expectedPrice: { amount: "7", currency: "EUR" } };
      expect(await engine.suppressionsOf(considered(large, dearer, unpriced, small))).toEqual([
        null,
        known,
        known,
        known,
      ]);
      expect(known?.lines.map(({ executionId }) => executionId)).toEqual([basket.id]);
      expect(await engine.suppressionsOf(considered())).toEqual([]);
      await submit(engine, "second", small);
      const [both] = await engine.suppressionsOf(considered(unpriced));
      expect(both?.lines).toHaveLength(2);
    });

    test("follow the lines that take the need", async () => {
      const { engine } = await open(QUICK.native, {}, WATCHING);
      const { id } = await submit(engine, "first", small, large);
      const untils = async () => (await engine.suppressionsOf(considered(small, unpriced))).map((one) => one?.until);
      await engine.approve(id, { approvedBy: "bob" });
      expect(await untils()).toEqual([null, null]);
      const [line] = (await engine.run(id)).lines;
      const end = Number(line?.submittedAt) + HOUR_MS;
      expect(await untils()).toEqual([end, end]);
      const canceled = await submit(engine, "second", simulatedLine({ region: "r2" }));
      expect(await engine.suppressionsOf(considered({ ...unpriced, region: "r2" }))).toMatchObject([{ region: "r2" }]);
      await engine.cancel(canceled.id, { canceledBy: "ann" });
      expect(await engine.suppressionsOf(considered({ ...unpriced, region: "r2" }))).toEqual([null]);
    });

    test("tell what was bought since a line was thought of, however long ago", async () => {
      const { engine, pass } = await open(QUICK.native, {}, { ...WATCHING, overlapWindowMs: 200 });
      const { id } = await submit(engine, "first", small);
      await engine.approve(id, { approvedBy: "bob" });
      await engine.run(id);
      const [fresh] = await engine.suppressionsOf([{ line: small, knownForMs: HOUR_MS }]);
      expect(fresh?.until).toEqual(expect.any(Number));
      await pass(300);
      expect(await engine.suppressionsOf([{ line: small }, { line: large, knownForMs: HOUR_MS }])).toEqual([
        null,
        null,
      ]);
      const [known] = await engine.suppressionsOf([{ line: small, knownForMs: HOUR_MS }]);
      expect(known).toMatchObject({ until: null, lines: [{ executionId: id, until: null, state: "committed" }] });
    });

    test("are none for a service that the engine cannot buy, and for an engine that watches over no window", async () => {
      const { engine, another } = await open(QUICK.native, {}, WATCHING);
      await submit(engine, "first", small);
      const foreign = { ...unpriced, service: "custom.foreign" } as const;
      expect(await engine.suppressionsOf(considered(foreign, small))).toMatchObject([null, { region: small.region }]);
      expect(await engine.suppressionsOf(considered(foreign))).toEqual([null]);
      expect(await another({ overlapWindowMs: null }).suppressionsOf(considered(small, large))).toEqual([null, null]);
    });

    test("are told to whom may read, and refused of lines that are none", async () => {
      const { engine, another } = await open(QUICK.native, {}, WATCHING);
      await submit(engine, "first", small);
      const asked: unknown[] = [];
      const authorize = ({ verb, actor }: { readonly verb: string; readonly actor: { readonly id: string } }) => {
        asked.push([verb, actor.id]);
        return actor.id === "bob";
      };
      const guarded = another({ authorize });
      expect(await guarded.suppressionsOf(considered(small), { readBy: "bob" })).toMatchObject([
        { region: small.region },
      ]);
      await expect(guarded.suppressionsOf(considered(small), { readBy: "eve" })).rejects.toMatchObject({
        code: "NOT_AUTHORIZED",
      });
      expect(asked).toEqual([
        ["read", "bob"],
        ["read", "eve"],
      ]);
      const broken = { ...small, quantity: 0 };
      await expect(engine.suppressionsOf(considered(broken))).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    });
  });
});
