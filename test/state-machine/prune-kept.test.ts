import { describe, expect, test } from "vitest";
import { reapStuckExecutions } from "../../src/state-machine/reap-stuck-executions.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { CONTRACT, SETTLE_WAIT_MS, simulatedLine } from "../support/purchase-fixture.js";
import { DAY, KEEP, NOTHING_KEPT, pruneFixture, refusals, YEAR } from "./prune-fixture.js";

describe("pruneExecutions", () => {
  test("keeps a bought line until keepMs after its term, and meanwhile the request key buys nothing", async () => {
    const { cloud, clock, buy, prune, engine } = pruneFixture();
    const first = await buy("basket");
    for (const ms of [KEEP + DAY, YEAR - KEEP - 2 * DAY, DAY, KEEP - DAY]) {
      clock.advance(ms);
      await prune();
      const again = await engine.submit({
        requestKey: "basket",
        createdBy: "ann",
        lines: [simulatedLine({ offering: { requestKey: "basket" } })],
      });
      expect(again.id).toBe(first.id);
      await engine.run(again.id);
    }
    expect(cloud.ledger()).toHaveLength(1);
    clock.advance(DAY);
    expect(await prune()).toMatchObject({ removed: 1 });
    const next = await buy("basket");
    expect(next.id).not.toBe(first.id);
    expect(cloud.ledger()).toHaveLength(2);
  });

  test("keeps or removes a whole lineage, by all its executions", async () => {
    const { clock, buy, engine, another, prune, isStored } = pruneFixture(CONTRACT.native, refusals(3));
    const { id: root } = await buy("retried");
    clock.advance(KEEP);
    const { id: retry } = await another({ approvalWaitMs: null }).retry(root, { requestedBy: "ann" });
    clock.advance(KEEP + 1);
    expect(await prune()).toMatchObject({ kept: { ...NOTHING_KEPT, open: 1 }, examples: [{ executionId: retry }] });
    await engine.approve(retry, { approvedBy: "bob" });
    await engine.run(retry);
    expect(await prune()).toMatchObject({ kept: { ...NOTHING_KEPT, young: 1 }, examples: [{ executionId: retry }] });
    expect(await isStored(root, retry)).toEqual([true, true]);
    clock.advance(KEEP);
    expect(await prune()).toMatchObject({ examined: 1, removedLineages: 1, removed: 2 });
    expect(await isStored(root, retry)).toEqual([false, false]);
  });

  test("keeps what a retry bought for its term, with the refused root", async () => {
    const { clock, buy, engine, prune, isStored } = pruneFixture(CONTRACT.native, refusals(1));
    const { id: root } = await buy("retried");
    const { id: retry } = await engine.retry(root, { requestedBy: "ann" });
    await engine.approve(retry, { approvedBy: "bob" });
    expect((await engine.run(retry)).status).toBe("completed");
    clock.advance(YEAR);
    expect(await prune()).toMatchObject({ kept: { ...NOTHING_KEPT, term: 1 }, examples: [{ executionId: retry }] });
    expect(await isStored(root, retry)).toEqual([true, true]);
  });

  test("says of each lineage why it is kept, and gives the first five examples of each reason", async () => {
    const { store, clock, cloud, engine, another, prune } = pruneFixture(CONTRACT.none, { labels: [true] });
    const submit = (requestKey: string) =>
      engine.submit({ requestKey, createdBy: "ann", lines: [simulatedLine({ offering: { requestKey } })] });
    const paused = await submit("paused");
    await engine.pause(paused.id, { pausedBy: "ann" });
    for (let number = 0; number < 6; number += 1) await submit(`pending-${number}`);
    const unlabeled = await submit("unlabeled");
    await engine.approve(unlabeled.id, { approvedBy: "bob" });
    await engine.run(unlabeled.id);
    const bought = await submit("bought");
    await engine.approve(bought.id, { approvedBy: "bob" });
    await engine.run(bought.id);
    const doubted = await submit("doubted");
    await engine.approve(doubted.id, { approvedBy: "bob" });
    cloud.strike({ kind: "lost-reply" });
    await another().run(doubted.id);
    clock.advance(KEEP + 1);
    const report = await prune();
    expect(report).toMatchObject({
      examined: 10,
      removed: 0,
      errored: 0,
      kept: { ...NOTHING_KEPT, open: 8, unlabeled: 1, term: 1 },
    });
    const until = ((await store.get(bought.id))?.lines[0]?.commitment?.startedAt ?? 0) + YEAR + KEEP;
    expect(report.examples).toContainEqual({ executionId: bought.id, reason: "term", until });
    expect(report.examples).toContainEqual({ executionId: unlabeled.id, reason: "unlabeled" });
    expect(report.examples.filter(({ reason }) => reason === "open")).toHaveLength(5);
    expect(report.examples).toHaveLength(7);
  });

  test("keeps a failed execution with a line in doubt, as news of another line's commitment leaves it", async () => {
    const { clock, store, buy, approved, lateEvidence, prune } = pruneFixture();
    const { lines } = await buy("bought");
    const executionId = await approved();
    clock.advance(DAY);
    await reapStuckExecutions(store);
    const commitment = { commitmentIds: lines[0]?.commitment?.commitmentIds ?? [], adopted: false };
    const late = lateEvidence({ executionId, commitment });
    await expect(late).rejects.toMatchObject({ code: "DUPLICATE_COMMITMENT" });
    expect(await store.get(executionId)).toMatchObject({ status: "failed", lines: [{ state: "in_doubt" }] });
    clock.advance(KEEP + 1);
    expect(await prune()).toMatchObject({
      kept: { ...NOTHING_KEPT, in_doubt: 1, term: 1 },
      examples: expect.arrayContaining([{ executionId, reason: "in_doubt" }]),
    });
  });

  test("keeps a purchase that somebody withdrew because a second one had turned up", async () => {
    const { clock, store, cloud, buy, lateEvidence, prune, isStored } = pruneFixture();
    const line = simulatedLine();
    const { id, version, lines } = await buy("doubled", line);
    const [first] = lines;
    if (!first?.commitment) throw new Error("nothing was bought");
    clock.advance(DAY);
    const commitment = { commitmentIds: [cloud.buyElsewhere(line).commitmentId], adopted: false };
    await expect(lateEvidence({ executionId: id, commitment })).rejects.toMatchObject({ code: "DUPLICATE_COMMITMENT" });
    await store.commit({
      executionId: id,
      guard: { version: version + 1 },
      lines: [{ index: 0, progress: { ...first, commitment: { ...first.commitment, withdrawn: { by: "ann" } } } }],
      event: { kind: "withdrawn", actor: "ann" },
    });
    clock.advance(YEAR + KEEP - 1);
    expect(await prune()).toMatchObject({ kept: { ...NOTHING_KEPT, term: 1 } });
    clock.advance(1);
    expect(await prune()).toMatchObject({ removed: 1 });
    expect(await isStored(id)).toEqual([false]);
  });

  test("takes the caller's word for commitments that outlive their term or ended before", async () => {
    const { clock, buy, prune, isStored } = pruneFixture();
    const { id: extended } = await buy("extended");
    const { id: returned } = await buy("returned");
    clock.advance(YEAR / 2);
    const known =
      (live: boolean) =>
      ({ request: { offering } }: { readonly request: object & { offering?: unknown } }) =>
        JSON.stringify(offering).includes("extended") ? (live ? ("live" as const) : undefined) : ("ended" as const);
    expect(await prune({ knownState: known(true) })).toMatchObject({ removed: 1, kept: { live: 1 } });
    expect(await isStored(extended, returned)).toEqual([true, false]);
    clock.advance(YEAR);
    expect(await prune({ knownState: known(true) })).toMatchObject({ removed: 0, kept: { live: 1 } });
    expect(await prune({ knownState: known(false) })).toMatchObject({ removed: 1 });
  });

  test("keeps a lineage in doubt until the doubt is over", async () => {
    const { clock, engine, buy, prune, isStored } = pruneFixture(CONTRACT.none, {
      purchases: [{ kind: "lost-request" }, { kind: "rejected" }],
    });
    const { id, status } = await buy("doubted");
    expect(status).toBe("in_doubt");
    clock.advance(KEEP + 1);
    expect(await prune()).toMatchObject({ kept: { open: 1 } });
    clock.advance(SETTLE_WAIT_MS + 1);
    // Proved not landed; the approval is too old to send again.
    expect((await engine.run(id)).status).toBe("approved");
    await engine.approve(id, { approvedBy: "bob" });
    expect((await engine.run(id)).status).toBe("failed");
    clock.advance(KEEP);
    expect(await prune()).toMatchObject({ removed: 1 });
    expect(await isStored(id)).toEqual([false]);
  });

  test.each([3 * YEAR, 30 * YEAR])(
    "removes nothing that is live where this machine's clock is %d ms ahead",
    async (ahead) => {
      const { clock, store, buy, approved, prune } = pruneFixture(CONTRACT.native, {
        purchases: [{ kind: "none" }, { kind: "rejected" }],
      });
      const { id: bought } = await buy("bought");
      const { id: refused } = await buy("refused");
      const open = await approved();
      const before = await store.history({});
      const report = await prune({ clock: manualClock(clock.now() + ahead) });
      expect(report).toMatchObject({ examined: 3, removed: 0, kept: { ...NOTHING_KEPT, open: 1, store_clock: 2 } });
      const due = (id: string, until: number) => ({ executionId: id, reason: "store_clock", until });
      expect(report.examples).toContainEqual(due(bought, clock.now() + YEAR + KEEP));
      expect(report.examples).toContainEqual(due(refused, clock.now() + KEEP));
      expect(report.examples).toContainEqual({ executionId: open, reason: "open" });
      expect(await store.history({})).toEqual(before);
    },
  );

  test("removes nothing where this machine's clock is behind", async () => {
    const { clock, buy, prune } = pruneFixture(CONTRACT.native, refusals(1));
    await buy("refused");
    clock.advance(YEAR);
    expect(await prune({ clock: manualClock(clock.now() - YEAR) })).toMatchObject({ examined: 0, removed: 0 });
    expect(await prune()).toMatchObject({ removed: 1 });
  });

  test("keeps for a term what a person said is not bought, and what was withdrawn while in doubt", async () => {
    const { store, clock, engine, buy, prune } = pruneFixture(CONTRACT.none, {
      purchases: [{ kind: "lost-request" }, { kind: "lost-request" }],
    });
    const { id: resolved } = await buy("resolved");
    const { id: withdrawn } = await buy("withdrawn", simulatedLine({ region: "another-lane" }));
    await engine.cancel(withdrawn, { canceledBy: "ann" });
    clock.advance(SETTLE_WAIT_MS + 1);
    const note = "not in the console";
    await engine.resolve(resolved, 0, { resolvedBy: "ann", outcome: "rejected", evidence: { note } });
    await engine.run(withdrawn);
    expect(await Promise.all([resolved, withdrawn].map(async (id) => (await store.get(id))?.status))).toEqual([
      "failed",
      "canceled",
    ]);
    clock.advance(YEAR);
    expect(await prune()).toMatchObject({ examined: 2, removed: 0, kept: { ...NOTHING_KEPT, term: 2 } });
    clock.advance(KEEP);
    expect(await prune()).toMatchObject({ removed: 2 });
  });
});
