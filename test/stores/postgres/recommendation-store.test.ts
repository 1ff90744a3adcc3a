import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { RecommendationStore } from "../../../src/store-port/recommendation-store.js";
import { migrate, postgresRecommendationStore, type SqlClient } from "../../../src/stores/postgres/index.js";
import { ended, type StartedRun, started, startOf } from "../../../src/testing/collection-lock-contract/lock-steps.js";
import {
  sampleRecommendation,
  seenIn,
  sourceOf,
  storedBefore,
  subjectsIn,
  sweepOf,
} from "../../../src/testing/recommendation-store-contract/recommendation-steps.js";
import { recommendationStoreContract } from "../../../src/testing/recommendation-store-contract.js";
import { type Child, startChild } from "../support/child.js";
import { type MarkChange, type MarkReport, markProblems, recordedMarks, recordMarks } from "../support/mark-history.js";
import { STATEMENT_MUTANTS, type StatementMutant } from "../support/recommendation-statement-mutants.js";
import { schemaForTest } from "../support/schema-for-test.js";
import { seededRandom } from "../support/seeded-random.js";
import { randomSchema, startDatabase, type TestDatabase } from "../support/test-database.js";

const PROCESSES = 8;
const KILLED = 3;
/** How often a run is taken over in the middle of its sweeps. */
const ROUNDS = 8;
const random = seededRandom(Number(process.env.BUYONCE_SEED));

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

/** All that a process says until it ends. */
async function reportsOf(child: Child): Promise<readonly MarkReport[]> {
  const reports: MarkReport[] = [];
  for (let line = await child.said(); line !== "done"; line = await child.said()) reports.push(line as MarkReport);
  return reports;
}

test("of processes that are late, jump in time and are killed, one at a time has the mark, and none clears another's", async () => {
  const schema = schemaForTest(database.pool);
  await migrate(database.pool, { schema });
  await recordMarks(database.pool, schema);
  const crew = Array.from({ length: PROCESSES }, (_, member) => {
    const seed = String(random.below(1e9));
    // Those that are to be killed would go on for minutes.
    const rounds = member < KILLED ? "10000" : "18";
    return startChild("collecting-crew-process.ts", database.url, schema, "scope", `run-${member}`, seed, rounds);
  });
  onTestFinished(() => {
    for (const { process } of crew) process.kill("SIGKILL");
  });
  await Promise.all(crew.map((child) => child.said()));
  const killing = crew.slice(0, KILLED).map(async (child) => {
    // Its first report says that it has begun.
    await child.said();
    await sleep(random.below(40));
    child.process.kill("SIGKILL");
    return child.ended();
  });
  const reports = (await Promise.all(crew.slice(KILLED).map(reportsOf))).flat();
  expect(new Set(await Promise.all(killing))).toEqual(new Set(["SIGKILL"]));
  const changes = await recordedMarks(database.pool, schema);
  expect(markProblems(changes, reports)).toEqual([]);
  // The history has what it is about.
  const taken = changes.filter(({ before, after }) => before && after && before.owner !== after.owner);
  expect(taken.length).toBeGreaterThan(0);
  expect(reports.filter(({ call, answer }) => call === "finish" && !answer).length).toBeGreaterThan(0);
  expect(reports.filter(({ call, answer }) => call === "renew" && answer).length).toBeGreaterThan(0);
});

describe("the statements of the store", () => {
  const schema = randomSchema();
  beforeAll(() => migrate(database.pool, { schema }));

  /** A store whose statements are changed on the way to the server. */
  function mutated({ part, instead }: Pick<StatementMutant, "part" | "instead">) {
    const seen = { mutated: 0 };
    const sql: SqlClient = {
      query({ text, values }) {
        const mutant = text.replace(part, instead);
        if (mutant !== text) seen.mutated += 1;
        return database.pool.query({ text: mutant, values: [...values] });
      },
    };
    return { store: postgresRecommendationStore(sql, { schema }), seen };
  }

  test.each(STATEMENT_MUTANTS)("are noticed to be broken without $without", async ({ noticedBy, ...mutant }) => {
    const { store, seen } = mutated(mutant);
    const cases = new Map<string, () => Promise<void>>();
    recommendationStoreContract({ test: (name, body) => cases.set(name, body), createStore: async () => ({ store }) });
    const run = cases.get(noticedBy) ?? expect.unreachable(`there is no case "${noticedBy}"`);
    await expect(run()).rejects.toThrow();
    expect(seen.mutated).toBeGreaterThan(0);
  });

  /**
   * A run writes while its mark has run out, and waits for a row that somebody else has locked. Meanwhile another run
   * starts. Answers what readers saw then, and what they see in the end.
   */
  async function takenOverWhileWriting(store: RecommendationStore) {
    const scope = await storedBefore(store, sampleRecommendation("held"));
    const late = await started(store, scope, 1);
    const client = await database.pool.connect();
    try {
      await client.query("begin");
      await client.query(`select from ${schema}.recommendations where scope = $1 for update`, [scope]);
      const written = store.put(sweepOf(late), [sampleRecommendation("held"), sampleRecommendation("new")]);
      await untilWaiting(1);
      const next = store.tryStart(startOf(scope)).then(() => subjectsIn(store, scope));
      await Promise.race([next, untilWaiting(2)]);
      await client.query("rollback");
      return { hasWritten: await written, seen: await next, left: await subjectsIn(store, scope) };
    } finally {
      client.release();
    }
  }

  /** Until so many sessions wait for a lock. */
  async function untilWaiting(sessions: number): Promise<void> {
    const waiting = "select count(distinct pid)::int as waits from pg_locks where not granted";
    while ((await database.pool.query(waiting)).rows[0].waits < sessions) await sleep(5);
  }

  test("let a start wait for a write of the run that it takes over", async () => {
    const { store } = mutated({ part: /^/, instead: "" });
    const { hasWritten, seen, left } = await takenOverWhileWriting(store);
    expect(hasWritten).toBe(true);
    expect(seen.toSorted()).toEqual(["held", "new"]);
    expect(left).toEqual(seen);
  });

  test("are noticed to be broken without the lock of the mark", async () => {
    const { store, seen: statements } = mutated({ part: /(and owner = \$2) for share/, instead: "$1" });
    const { seen, left } = await takenOverWhileWriting(store);
    expect(statements.mutated).toBeGreaterThan(0);
    expect(left).not.toEqual(seen);
  });

  test("let nothing land of a run that is taken over in the middle of its sweeps", async () => {
    const { store } = mutated({ part: /^/, instead: "" });
    for (let round = 0; round < ROUNDS; round += 1) {
      const scope = await storedBefore(store, sampleRecommendation("old"));
      const late = await started(store, scope, 1 + random.below(15));
      const [answers] = await Promise.all([sweptUntilLost(store, late), takenOver(store, scope)]);
      expect(answers.lastIndexOf(true)).toBeLessThan(answers.indexOf(false));
      const { recommendations, freshness } = await seenIn(store, scope);
      expect(recommendations.map(({ recommendation }) => recommendation.title)).toEqual(["by the next run"]);
      expect(freshness).toEqual([{ source: "s1", succeededAt: expect.any(Number), error: null }]);
      expect((await store.state(scope)).running).toBeNull();
    }
  });
});

/** Sweeps until the run has lost its mark, and a little longer. Tells what each call was answered. */
async function sweptUntilLost(store: RecommendationStore, run: StartedRun): Promise<readonly boolean[]> {
  const answers: boolean[] = [];
  for (let lost = 0; lost < 6; ) {
    const subject = random.pick(["a", "b", "both"]);
    const isDone = await random.pick([
      () => store.put(sweepOf(run), [sampleRecommendation(subject, { title: "by the late run" })]),
      () => store.completeAccount(sweepOf(run)),
      () => store.completeSource(sourceOf(run)),
      () => store.failSource(sourceOf(run), { message: "late", failures: 1 }),
      () => store.renew({ ...run, ttlMs: 1 }),
    ])();
    answers.push(isDone);
    if (!isDone) lost += 1;
  }
  answers.push(await ended(store, run));
  return answers;
}

/** Takes a scope over as soon as it can be, and collects it. */
async function takenOver(store: RecommendationStore, scope: string): Promise<void> {
  const next = startOf(scope);
  while ((await store.tryStart(next)).kind === "running") await sleep(1);
  const one = sampleRecommendation("both", { title: "by the next run" });
  expect(await store.put(sweepOf(next), [one])).toBe(true);
  await sleep(random.below(5));
  expect(await store.completeSource(sourceOf(next))).toBe(true);
  await sleep(random.below(5));
  expect(await ended(store, next)).toBe(true);
}

const mark = (owner: string, startedAt: number) => ({ owner, startedAt, expiresAt: startedAt + 10 });
const SOUND: readonly MarkChange[] = [
  { by: "a", before: null, after: mark("a", 0) },
  { by: "b", before: mark("a", 0), after: mark("b", 10) },
  { by: "b", before: mark("b", 10), after: null },
];

describe("a history of marks", () => {
  const told = (owner: string, call: MarkReport["call"], answer: boolean): MarkReport => ({ owner, call, answer });

  test("is sound where each run changes its own mark, or one that has run out", () => {
    const reports = [told("b", "tryStart", true), told("b", "finish", true), told("a", "finish", false)];
    expect(markProblems(SOUND, reports)).toEqual([]);
  });

  test.each<readonly [string, readonly MarkChange[], readonly MarkReport[]]>([
    ["a run clears the mark of another", [...SOUND.slice(0, 2), { by: "a", before: mark("b", 10), after: null }], []],
    ["a live mark is taken", [...SOUND.slice(0, 1), { by: "b", before: mark("a", 0), after: mark("b", 9) }], []],
    [
      "a run renews the mark of another",
      [...SOUND.slice(0, 1), { by: "b", before: mark("a", 0), after: mark("a", 5) }],
      [],
    ],
    ["a change is missing", [...SOUND.slice(0, 1), ...SOUND.slice(2)], []],
    ["a late finish is told that it cleared the mark", SOUND, [told("a", "finish", true)]],
    ["a start is told that it lost, and has won", SOUND, [told("a", "tryStart", false)]],
  ])("is not where %s", (_, changes, reports) => {
    expect(markProblems(changes, reports)).toHaveLength(1);
  });
});
