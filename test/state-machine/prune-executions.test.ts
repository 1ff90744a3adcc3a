import { describe, expect, test } from "vitest";
import { LONGEST_SPAN_MS } from "../../src/domain/bounds.js";
import { viewOf } from "../../src/idempotency/execution-view.js";
import { MIN_KEEP_MS, type PruneOptions, pruneExecutions } from "../../src/state-machine/prune-executions.js";
import type { PruneReport } from "../../src/state-machine/prune-report.js";
import type { Lineage } from "../../src/state-machine/retention.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { CONTRACT, simulatedLine } from "../support/purchase-fixture.js";
import { DAY, KEEP, keepingLogger, NOTHING_KEPT, pruneFixture, refusals } from "./prune-fixture.js";

describe("pruneExecutions", () => {
  test("removes a failed execution once its last change is old enough, with its trail", async () => {
    const { store, clock, buy, prune } = pruneFixture(CONTRACT.native, refusals(1));
    const { id, status } = await buy("refused");
    expect(status).toBe("failed");
    clock.advance(KEEP);
    expect(await prune()).toMatchObject({ examined: 0, removed: 0 });
    clock.advance(1);
    expect(await prune()).toEqual({
      examined: 1,
      removedLineages: 1,
      removed: 1,
      kept: NOTHING_KEPT,
      examples: [],
      errored: 0,
    });
    expect(await store.get(id)).toBeUndefined();
    expect(await store.events(id)).toEqual([]);
  });

  test("a dry run says what would go, and archives and removes nothing", async () => {
    const { clock, refusedTwice, buy, prune, isStored } = pruneFixture(CONTRACT.native, refusals(2));
    const ids = [...(await refusedTwice("retried")), (await buy("refused")).id];
    clock.advance(KEEP + 1);
    const archived: Lineage[] = [];
    const archive = async (lineage: Lineage) => void archived.push(lineage);
    const dry = await prune({ dryRun: true, archive });
    expect(dry).toMatchObject({ examined: 2, removedLineages: 2, removed: 3 });
    expect(archived).toEqual([]);
    expect(await isStored(...ids)).toEqual([true, true, true]);
    expect(await prune({ archive })).toEqual(dry);
    expect(archived).toHaveLength(2);
  });

  test("hands a lineage with every event to the archive before it removes it, without its key", async () => {
    const { clock, store, refusedTwice, prune } = pruneFixture(CONTRACT.native, refusals(1));
    const [root, retry] = await refusedTwice("retried");
    const executions = [await store.get(root), await store.get(retry)];
    const views = executions.map((execution) => viewOf(execution ?? expect.unreachable()));
    const events = [...(await store.events(root)), ...(await store.events(retry))];
    clock.advance(KEEP + 1);
    const archived: unknown[] = [];
    const archive = async (lineage: Lineage) => {
      archived.push([lineage, await store.get(root), await store.get(retry)]);
    };
    await prune({ archive });
    expect(archived).toEqual([[{ executions: views, events }, ...executions]]);
    expect(JSON.stringify(views)).not.toContain(executions[0]?.lineageKey);
    expect(await store.get(retry)).toBeUndefined();
  });

  test("archives a trail that is longer than one page of it", async () => {
    const { clock, store, buy, prune } = pruneFixture(CONTRACT.native, refusals(1));
    const { id, version } = await buy("noted");
    for (let note = 0; note < 1_200; note += 1)
      await store.commit({
        executionId: id,
        guard: {},
        event: { kind: "attempt_failed", actor: "w", reason: `${note}` },
      });
    clock.advance(KEEP + 1);
    const versions: number[] = [];
    await prune({ archive: async ({ events }) => void versions.push(...events.map((event) => event.version)) });
    expect(versions).toEqual(Array.from({ length: version + 1_200 }, (_, index) => index + 1));
  });

  test("reads no trail of what stays anyway", async () => {
    const { store, clock, buy, prune } = pruneFixture();
    await buy("bought");
    clock.advance(KEEP + 1);
    const without = { ...store, events: () => Promise.reject(new Error("read")) };
    expect(await prune({}, without)).toMatchObject({ examined: 1, errored: 0, kept: { ...NOTHING_KEPT, term: 1 } });
  });

  test("keeps a lineage that could not be archived, says so, and goes on", async () => {
    const { clock, buy, prune, isStored } = pruneFixture(CONTRACT.native, refusals(3));
    const ids = [(await buy("a")).id, (await buy("b")).id, (await buy("c")).id];
    clock.advance(KEEP + 1);
    const logger = keepingLogger();
    const archive = async ({ executions }: Lineage) => {
      if (executions[0]?.id === ids[1]) throw new Error("the bucket is full");
    };
    expect(await prune({ archive, logger, actor: "nightly" })).toMatchObject({
      examined: 3,
      removed: 2,
      errored: 0,
      kept: { ...NOTHING_KEPT, not_archived: 1 },
      examples: [{ executionId: ids[1], reason: "not_archived" }],
    });
    expect(await isStored(...ids)).toEqual([false, true, false]);
    expect(logger.said).toContainEqual([
      expect.stringContaining("Archiving"),
      { executionId: ids[1], error: "Error: the bucket is full" },
    ]);
    expect(logger.said).toContainEqual([expect.any(String), { executionIds: [ids[0]], actor: "nightly" }]);
    expect(await prune()).toMatchObject({ removed: 1 });
  });

  test("goes on where it stopped, while it removes, and reaches every lineage once", async () => {
    const { clock, buy, refusedTwice, engine, prune, isStored } = pruneFixture(CONTRACT.native, refusals(40));
    const ids: string[] = [];
    for (let number = 0; number < 17; number += 1) {
      if (number % 3 === 0) ids.push(...(await refusedTwice(`basket-${number}`)));
      else ids.push((await buy(`basket-${number}`)).id);
      if (number % 4 === 0)
        await engine.submit({ requestKey: `open-${number}`, createdBy: "ann", lines: [simulatedLine()] });
      clock.advance(1);
    }
    clock.advance(KEEP);
    const reports: PruneReport[] = [];
    for (let cursor: string | undefined; reports.length === 0 || cursor !== undefined; ) {
      const report = await prune({ limit: 3, cursor });
      expect(report.examined).toBeLessThanOrEqual(3);
      reports.push(report);
      cursor = report.nextCursor;
    }
    const sum = (count: (report: PruneReport) => number) => reports.reduce((total, one) => total + count(one), 0);
    expect(sum(({ examined }) => examined)).toBe(22);
    expect(sum(({ removedLineages }) => removedLineages)).toBe(17);
    expect(sum(({ removed }) => removed)).toBe(23);
    expect(sum(({ kept }) => kept.open)).toBe(5);
    expect(await isStored(...ids)).toEqual(ids.map(() => false));
    expect(await prune()).toMatchObject({ examined: 5, removed: 0, kept: { open: 5 } });
  });

  test("stops between two lineages when aborted, and goes on in the page that it left", async () => {
    const { clock, buy, prune } = pruneFixture(CONTRACT.native, refusals(4));
    for (const key of ["a", "b", "c", "d"]) await buy(key);
    clock.advance(KEEP + 1);
    expect(await prune({ signal: AbortSignal.abort() })).toMatchObject({ examined: 0, removed: 0 });
    const { nextCursor = "" } = await prune({ limit: 1 });
    const stop = new AbortController();
    const archive = async () => stop.abort();
    const stopped = await prune({ cursor: nextCursor, signal: stop.signal, archive });
    expect(stopped).toMatchObject({ examined: 1, removed: 1, nextCursor });
    expect(await prune({ cursor: nextCursor })).toMatchObject({ examined: 2, removed: 2 });
  });

  test.each<readonly [string, (fixture: ReturnType<typeof pruneFixture>, id: string) => Promise<unknown>]>([
    ["is retried", ({ engine }, id) => engine.retry(id, { requestedBy: "ann" })],
    ["is removed by somebody else", ({ prune }) => prune()],
    [
      "turns out to be bought",
      ({ lateEvidence }, executionId) =>
        lateEvidence({ executionId, commitment: { commitmentIds: ["late"], adopted: false } }),
    ],
  ])("counts a lineage as changed that %s while it is looked at", async (_, act) => {
    const fixture = pruneFixture(CONTRACT.native, refusals(1));
    const { store, clock, buy, prune } = fixture;
    const { id } = await buy("refused");
    clock.advance(KEEP + 1);
    const racing: ExecutionStore = {
      ...store,
      async remove(removal) {
        await act(fixture, id);
        return store.remove(removal);
      },
    };
    expect(await prune({}, racing)).toMatchObject({
      examined: 1,
      removed: 0,
      kept: { ...NOTHING_KEPT, changed: 1 },
      examples: [{ executionId: id, reason: "changed" }],
    });
  });

  test("counts a lineage as changed of which a retry has gone by the time it is read", async () => {
    const { store, clock, refusedTwice, prune } = pruneFixture(CONTRACT.native, refusals(1));
    const [, retry] = await refusedTwice("refused");
    clock.advance(KEEP + 1);
    const without = { ...store, get: async (id: string) => (id === retry ? undefined : store.get(id)) };
    expect(await prune({}, without)).toMatchObject({ removed: 0, kept: { changed: 1 } });
  });

  test("counts a lineage that the store fails on, and goes on", async () => {
    const { store, clock, buy, prune } = pruneFixture(CONTRACT.native, refusals(3));
    const ids = [(await buy("a")).id, (await buy("b")).id, (await buy("c")).id];
    clock.advance(KEEP + 1);
    const rough: ExecutionStore = {
      ...store,
      remove: async (removal) => {
        if (removal.executions[0]?.executionId === ids[0]) throw new Error("permission denied");
        return store.remove(removal);
      },
      events: async (id, page) => (id === ids[1] ? Promise.reject(new Error("down")) : store.events(id, page)),
    };
    const logger = keepingLogger();
    expect(await prune({ logger }, rough)).toMatchObject({ examined: 3, removed: 1, errored: 2, kept: NOTHING_KEPT });
    expect(logger.said).toContainEqual(["Pruning a lineage failed", { executionId: ids[1], error: "Error: down" }]);
    const down = { ...store, history: () => Promise.reject(new Error("down")) };
    await expect(prune({}, down)).rejects.toThrow("down");
  });

  test.each<readonly [string, object]>([
    ["keepMs", { keepMs: MIN_KEEP_MS - 1 }],
    ["keepMs", { keepMs: LONGEST_SPAN_MS + 1 }],
    ["keepMs", { keepMs: Number.NaN }],
    ["keepMs", { keepMs: Number.POSITIVE_INFINITY }],
    ["keepMs", { keepMs: "34560000000" }],
    ["keepMs", { keepMs: null }],
    ["limit", { limit: 0 }],
    ["limit", { limit: 1.5 }],
    ["limit", { limit: "5" }],
    ["dryRun", { dryRun: "true" }],
    ["actor", { actor: " " }],
    ["archive", { archive: "folder" }],
    ["knownState", { knownState: "live" }],
    ["clock", { clock: {} }],
    ["logger", { logger: { error() {} } }],
    ["signal", { signal: new AbortController() }],
  ])("refuses an impossible %s: %o", async (path, options) => {
    await expect(pruneExecutions(memoryStore(), options as PruneOptions)).rejects.toMatchObject({
      code: "INVALID_REQUEST",
      details: { problems: [{ path }] },
    });
  });

  test.each([
    [{ dryrun: true }, "options.dryrun", 'is not known; did you mean "dryRun"?'],
    [{ keep: 1 }, "options.keep", "is not known"],
    [{ maxAgeMs: 1, ["archiv"]: null }, "options.archiv", 'did you mean "archive"?'],
    [null, "options", "must be an object"],
  ])("removes nothing under options that nobody reads: %o", async (options, path, problem) => {
    const { store, clock, buy, isStored } = pruneFixture(CONTRACT.native, refusals(1));
    const { id } = await buy("refused");
    clock.advance(401 * DAY);
    await expect(pruneExecutions(store, options as PruneOptions)).rejects.toMatchObject({
      code: "INVALID_REQUEST",
      details: { problems: expect.arrayContaining([{ path, problem: expect.stringContaining(problem) }]) },
    });
    expect(await isStored(id)).toEqual([true]);
  });

  test("takes 31 days, and 400 where none are stated", async () => {
    const { store, clock, buy } = pruneFixture(CONTRACT.native, refusals(1));
    await buy("refused");
    clock.advance(400 * DAY);
    expect(await pruneExecutions(store, { clock, dryRun: true })).toMatchObject({ removed: 0 });
    clock.advance(1);
    expect(await pruneExecutions(store, { clock, dryRun: true })).toMatchObject({ removed: 1 });
    expect(await pruneExecutions(store, { clock, keepMs: MIN_KEEP_MS })).toMatchObject({ removed: 1 });
  });
});
