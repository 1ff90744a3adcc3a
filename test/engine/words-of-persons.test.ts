import { describe, expect, test } from "vitest";
import { isBuyonceError } from "../../src/domain/errors.js";
import { simulatedLine } from "../support/purchase-fixture.js";
import { onEachStore, QUICK } from "./support/on-each-store.js";

const bought = (...commitmentIds: string[]) =>
  ({ outcome: "committed", evidence: { commitmentIds, note: "seen in the console" }, resolvedBy: "carol" }) as const;
const NOT_BOUGHT = { outcome: "rejected", evidence: { note: "not in the console" }, resolvedBy: "carol" } as const;

const LOST_REPLY = { kind: "lost-reply" } as const;
const LOST_REQUEST = { kind: "lost-request" } as const;

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (thrown: unknown) => (isBuyonceError(thrown) ? thrown : undefined),
  );

onEachStore((open) => {
  describe("a line that is settled with the commitment of another one", () => {
    /** A is bought and its reply lost; B is lost on its way, and carol takes A's commitment for B's. */
    const mistaken = async () => {
      const world = await open(QUICK.none, { purchases: [LOST_REPLY, LOST_REQUEST] });
      const a = await world.approved([simulatedLine({ region: "r1" })]);
      await world.engine.run(a);
      const b = await world.approved([simulatedLine({ region: "r2" })]);
      await world.engine.run(b);
      await world.engine.resolve(b, 0, bought("c-1"));
      return { ...world, a, b };
    };

    test("does not make the other one bought again: a person is asked, and corrects the word", async () => {
      const { cloud, engine, store, settle, a, b } = await mistaken();
      await settle();
      expect((await store.get(a))?.lines[0]).toMatchObject({
        state: "in_doubt",
        doubt: { needsPerson: true, candidates: ["c-1"], reason: expect.stringContaining(`line 0 of ${b}`) },
      });
      const refused = await refusal(engine.resolve(a, 0, bought("c-1")));
      expect(refused).toMatchObject({ code: "RESOLUTION_REFUSED", moneyMoved: "maybe" });
      expect(refused?.message).toContain("a person's word, which resolve can correct");
      expect((await store.get(a))?.lines[0]?.doubt?.needsPerson).toBe(true);
      await engine.resolve(b, 0, NOT_BOUGHT);
      expect((await engine.events(b)).at(-1)).toMatchObject({
        kind: "resolution_corrected",
        actor: "carol",
        data: { before: { commitmentIds: ["c-1"], resolvedBy: "carol" }, rejection: { code: "RESOLVED_NOT_BOUGHT" } },
      });
      expect(await engine.resolve(a, 0, bought("c-1"))).toMatchObject({ status: "completed" });
      expect(cloud.requests()).toHaveLength(2);
      expect(cloud.ledger()).toHaveLength(1);
    });

    test("gives it back where the cloud says whose it is", async () => {
      const { engine, store, cloud, another, approved } = await open(QUICK.native, {
        purchases: [LOST_REPLY, LOST_REQUEST],
      });
      const a = await approved([simulatedLine({ region: "r1" })]);
      await engine.run(a);
      const b = await approved([simulatedLine({ region: "r2" })]);
      await engine.run(b);
      await engine.resolve(b, 0, bought("c-1"));
      expect(await another().run(a)).toMatchObject({ status: "completed" });
      expect((await store.get(b))?.lines[0]).toMatchObject({
        state: "in_doubt",
        commitment: null,
        doubt: { needsPerson: true },
      });
      expect(await engine.resolve(b, 0, bought("c-7"))).toMatchObject({
        lines: [{ commitment: { commitmentIds: ["c-7"] } }],
      });
      expect(cloud.ledger()).toHaveLength(1);
    });
  });

  test("a wrong word that nothing was bought is compared with the cloud before the retry buys, and the person is asked once more", async () => {
    const { cloud, engine, store, settle, pass, approved, retried } = await open(QUICK.none, {
      purchases: [LOST_REPLY],
    });
    const id = await approved();
    await engine.run(id);
    await pass(2_100);
    await engine.resolve(id, 0, NOT_BOUGHT);
    const second = await retried(id);
    await engine.run(second);
    await settle();
    expect((await store.get(second))?.lines[0]).toMatchObject({
      state: "in_doubt",
      attempt: 0,
      doubt: {
        needsPerson: true,
        candidates: ["c-1"],
        reason: expect.stringContaining("carol said that nothing was bought"),
      },
    });
    expect(cloud.requests()).toHaveLength(1);
    expect(await engine.resolve(second, 0, bought("c-1"))).toMatchObject({ status: "completed" });
    expect(cloud.ledger()).toHaveLength(1);
  });

  test("a right word that nothing was bought lets the retry buy once somebody has judged what came into the lane", async () => {
    const { cloud, engine, store, pass, approved, retried } = await open(QUICK.none, { purchases: [LOST_REQUEST] });
    const id = await approved();
    await engine.run(id);
    cloud.buyElsewhere(simulatedLine());
    await pass(2_100);
    await engine.resolve(id, 0, NOT_BOUGHT);
    const second = await engine.run(await retried(id));
    expect(second).toMatchObject({ status: "in_doubt", lines: [{ doubt: { candidates: ["c-1"] } }] });
    await engine.resolve(second.id, 0, NOT_BOUGHT);
    expect(await engine.run(await retried(second.id))).toMatchObject({
      status: "completed",
      lines: [{ commitment: { commitmentIds: ["c-2"] } }],
    });
    expect((await store.get(second.id))?.lines[0]?.saidAbsent?.dismissed).toEqual(["c-1"]);
  });

  // Found by the properties: seed 11, path 1249, theme "words", contract none.
  test("a retry whose predecessor is corrected to bought gives its line up, whatever else came into the lane", async () => {
    const { cloud, engine, store, pass, approved, retried } = await open(QUICK.none, { purchases: [LOST_REPLY] });
    const id = await approved();
    await engine.run(id);
    cloud.buyElsewhere(simulatedLine());
    await pass(2_100);
    await engine.resolve(id, 0, NOT_BOUGHT);
    const next = await retried(id);
    await engine.resolve(id, 0, bought("c-1"));
    expect(await engine.run(next)).toMatchObject({ lines: [{ state: "skipped" }] });
    expect((await store.get(id))?.status).toBe("completed");
    expect(cloud.requests()).toHaveLength(1);
  });

  test("a line in doubt of an execution that has ended is resolved, and nobody says two opposite things of it", async () => {
    const { engine, store, approved } = await open(QUICK.native, { purchases: [{ kind: "rejected" }] });
    const id = await approved();
    await engine.run(id);
    const failed = await store.get(id);
    const line = failed?.lines[0];
    if (failed === undefined || line === undefined) throw new Error("no line");
    const doubt = {
      reason: "bought as c-5, which is recorded for another line",
      candidates: ["c-5"],
      needsPerson: true,
    } as const;
    await store.commit({
      executionId: id,
      guard: { version: failed.version },
      lines: [{ index: 0, progress: { ...line, state: "in_doubt", rejection: null, doubt } }],
      event: { kind: "duplicate_found", actor: "w9", lineIndex: 0 },
    });
    const explained = await engine.explain(id);
    expect(explained).toMatchObject({ status: "failed", summary: expect.stringContaining("may have been bought") });
    expect(explained.next).toContain("A person must resolve that line");
    const retried = await refusal(engine.retry(id, { requestedBy: "dan" }));
    expect(retried).toMatchObject({ code: "RETRY_REFUSED", moneyMoved: "maybe", details: { gate: "in_doubt" } });
    expect(await engine.resolve(id, 0, bought("c-5"))).toMatchObject({
      status: "completed",
      reason: "1 of 1 lines are committed, 0 rejected, 0 skipped.",
    });
  });

  test("a resolution stores the checked copy of what was said, and refuses ids that are named twice", async () => {
    const { engine, store, approved } = await open(QUICK.none, { purchases: [LOST_REPLY] });
    const id = await approved();
    await engine.run(id);
    expect(await refusal(engine.resolve(id, 0, bought("c-1", "c-1")))).toMatchObject({ code: "RESOLUTION_REFUSED" });
    const commitmentIds = ["c-1"];
    const resolving = engine.resolve(id, 0, { ...bought(), evidence: { commitmentIds } });
    commitmentIds.push("c-2");
    await resolving;
    expect((await store.get(id))?.lines[0]).toMatchObject({
      needsLabel: false,
      commitment: { commitmentIds: ["c-1"], resolvedBy: "carol" },
    });
  });
});
