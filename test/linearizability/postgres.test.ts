import { expect, onTestFinished, test } from "vitest";
import { migrate, postgresStore, type SqlClient } from "../../src/stores/postgres/index.js";
import { sampleLine } from "../../src/testing/store-contract/samples.js";
import { changeOf, created, lineChange, moved } from "../../src/testing/store-contract/steps.js";
import { onEachServer } from "../stores/support/on-each-server.js";
import { schemaForTest } from "../stores/support/schema-for-test.js";
import { checkHistory } from "./check-history.js";
import type { Call } from "./history.js";
import { playProcesses } from "./play-processes.js";
import { explain } from "./violation.js";

const rejected = (message: string) => ({
  ...sampleLine(),
  state: "rejected" as const,
  rejection: { code: "Refused", message },
});

const seed = Number(process.env.BUYONCE_SEED);
const PLAY = { survivors: 7, victims: 3, calls: 140, cutEveryMs: 30 };

/** Plays are repeated until all of this has happened: without it they would have shown nothing. */
const MUST_HAPPEN = [
  "create created",
  "create existing",
  "create refused lineage",
  "create refused predecessor",
  "commit moved",
  "commit refused guard",
  "commit refused lineage",
  "claimDue",
  "moveDue",
  "reap",
];

function outcomeOf({ operation, returned, threw }: Call): string {
  if (threw !== undefined) return `${operation} threw ${threw}`;
  if (returned === undefined) return `${operation} killed`;
  const { kind, because } = Object(returned.answer) as { readonly kind?: string; readonly because?: string };
  return [operation, kind, because].filter((part) => part !== undefined).join(" ");
}

onEachServer((database) => {
  test("what racing processes see while some are killed and connections are cut is one correct store", {
    timeout: 300_000,
  }, async () => {
    const outcomes = new Set<string>();
    for (let play = 0; play < 5 && !MUST_HAPPEN.every((outcome) => outcomes.has(outcome)); play += 1) {
      const history = await playProcesses(database, schemaForTest(database.pool), { ...PLAY, seed: seed + 100 * play });
      expect(checkHistory(history).map(explain)).toEqual([]);
      for (const call of history.calls) outcomes.add(outcomeOf(call));
    }
    expect([...outcomes]).toEqual(expect.arrayContaining(MUST_HAPPEN));
    const thrown = [...outcomes].filter((outcome) => outcome.includes("threw"));
    for (const outcome of thrown) expect(outcome).toMatch(/terminat|ECONNRESET/);
  });

  for (const [variant, part] of [
    ["plain", {}],
    ["full", { wakeAt: null }],
  ] as const)
    test(`a change that waited for another one shows the lines of its own version, not of a later one (${variant})`, async () => {
      const { pool } = database;
      const schema = schemaForTest(pool);
      await migrate(pool, { schema });
      const store = postgresStore(pool, { schema });
      const execution = await created(store, { lines: [sampleLine(0), sampleLine(1)] });
      // Somebody changes a line as soon as each statement of the waiting change has ended.
      const followed: SqlClient = {
        async query(statement) {
          const result = await pool.query(statement);
          const now = await store.get(execution.id);
          if (now?.version === 3) await moved(store, lineChange(now, rejected("after it")));
          return result;
        },
      };
      const waiting = postgresStore(followed, { schema });
      await waiting.get(execution.id);
      const first = await pool.connect();
      onTestFinished(() => first.release(true));
      await first.query("begin");
      await moved(postgresStore(first, { schema }), lineChange(execution, rejected("before it")));
      const result = moved(waiting, changeOf(execution, { reason: "waits", ...part }));
      while ((await pool.query("select from pg_locks where not granted")).rows.length === 0);
      await first.query("commit");
      const { version, lines } = await result;
      expect(version).toBe(3);
      expect(lines.map(({ rejection }) => rejection?.message)).toEqual(["before it", undefined]);
      expect((await store.get(execution.id))?.version).toBe(4);
    });
});
