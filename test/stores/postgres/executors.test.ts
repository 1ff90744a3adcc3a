import { PGlite, type Transaction as PgliteTransaction } from "@electric-sql/pglite";
import { drizzle as drizzlePg } from "drizzle-orm/node-postgres";
import type { PgQueryResultHKT, PgTransaction } from "drizzle-orm/pg-core";
import { drizzle as drizzlePglite } from "drizzle-orm/pglite";
import { drizzle as drizzlePostgresJs } from "drizzle-orm/postgres-js";
import {
  CamelCasePlugin,
  type ControlledTransaction,
  type Dialect,
  Kysely,
  PostgresDialect,
  type Transaction,
} from "kysely";
import type pg from "pg";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import type { RecommendationStore } from "../../../src/store-port/recommendation-store.js";
import {
  fromDrizzle,
  fromKysely,
  fromPglite,
  fromPostgresJs,
  migrate,
  postgresRecommendationStore,
  postgresStore,
  type SqlClient,
  verifySchema,
} from "../../../src/stores/postgres/index.js";
import { ended, started, startOf } from "../../../src/testing/collection-lock-contract/lock-steps.js";
import {
  put,
  sampleRecommendation,
  sourceOf,
  sweepOf,
} from "../../../src/testing/recommendation-store-contract/recommendation-steps.js";
import { committed, unique } from "../../../src/testing/store-contract/samples.js";
import { created, lineChange, moved } from "../../../src/testing/store-contract/steps.js";
import { storeContract } from "../../../src/testing/store-contract.js";
import { oneCaseOf } from "../support/some-cases.js";
import { randomSchema, startDatabase, type TestDatabase } from "../support/test-database.js";

let database: TestDatabase;
let pglite: PGlite;
const closing: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  [database, pglite] = await Promise.all([startDatabase(), PGlite.create()]);
});
afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
  await database.close();
  await pglite.close();
});

/** A `sql` on the server of these tests, as an application might have configured it. */
function postgresJs(options: postgres.Options<Record<string, postgres.PostgresType>> = {}) {
  const sql = postgres(database.url, { max: 16, onnotice: () => {}, ...options });
  closing.push(() => sql.end());
  return sql;
}

/** As an application may have bent it for its own tables, or for a pooler. */
const BENT = { transform: postgres.camel, fetch_types: false, prepare: false };

const kyselyOver = (dialect: Dialect) => new Kysely({ dialect, plugins: [new CamelCasePlugin()] });

const EXECUTORS: readonly (readonly [name: string, open: () => SqlClient])[] = [
  ["postgres.js", () => fromPostgresJs(postgresJs())],
  ["postgres.js with columns in camel case and without array types", () => fromPostgresJs(postgresJs(BENT))],
  ["Kysely", () => fromKysely(kyselyOver(new PostgresDialect({ pool: database.pool })))],
  ["Drizzle over node-postgres", () => fromDrizzle(drizzlePg(database.pool, { casing: "snake_case" }))],
  ["Drizzle over postgres.js", () => fromDrizzle(drizzlePostgresJs(postgresJs(BENT)))],
  ["Drizzle over PGlite", () => fromDrizzle(drizzlePglite(pglite))],
  ["PGlite", () => fromPglite(pglite)],
];

describe.each(EXECUTORS)("%s", (executor, open) => {
  const schema = randomSchema();
  let sql: SqlClient;
  beforeAll(async () => {
    sql = open();
    await migrate(sql, { schema });
  });

  storeContract({
    // Over node-postgres, PGlite and memory the whole contract runs in each run (store-contract.test.ts).
    test: oneCaseOf(
      6,
      EXECUTORS.findIndex(([name]) => name === executor),
    ),
    createStore: async () => ({ store: postgresStore(sql, { schema }) }),
  });

  test.each([
    ["text", "$1::text", 'it\'s \\ "quoted", {1,2} and €'],
    ["text that reads as a number", "$1::text", "0042"],
    ["null", "$1::text", null],
    ["true", "$1::boolean", true],
    ["false", "$1::boolean", false],
    ["a big number", "$1::bigint", Number.MAX_SAFE_INTEGER],
    ["a fraction", "$1::float8", 0.1],
    [
      "a time",
      "to_char($1::text::timestamptz at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')",
      "2026-01-02T03:04:05.678Z",
    ],
    ["no texts", "$1::text[]", []],
    ["texts", "$1::text[]", ["a,b", "", "NULL", '"', "\\", "{}", "it's"]],
    ["whole numbers", "$1::integer[]", [0, 7]],
  ])("takes and gives back %s unchanged", async (_, expression, value) => {
    const text = `select json_build_array(${expression})::text as given_back`;
    const { rows } = await sql.query({ text, values: [value] });
    expect(JSON.parse(String(rows[0]?.["given_back"]))).toEqual([value]);
  });

  test("keeps recommendations", () => collectOnce(postgresRecommendationStore(sql, { schema })));

  test("verifies the schema that it migrated", async () => {
    expect(await verifySchema(sql, { schema })).toMatchObject({ sound: true, differences: [] });
  });

  test("takes and gives back JSON unchanged", async () => {
    const json = '{"lines": [1, null, "\\"\\\\"]}';
    const { rows } = await sql.query({ text: "select $1::text::jsonb::text as given_back", values: [json] });
    expect(rows).toEqual([{ given_back: json }]);
  });

  test("throws what the server says, with its SQLSTATE, and keeps parameters out of the message", async () => {
    const failing = sql.query({ text: "select $1::text::integer", values: ["lineage-key"] });
    const error = await failing.then(
      () => expect.unreachable(),
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: "22P02", message: expect.stringMatching(/^invalid input syntax/) });
  });

  test("names the unique index that refuses a change", async () => {
    const store = postgresStore(sql, { schema });
    const executions = [await created(store), await created(store)] as const;
    const id = unique("ri");
    await moved(store, lineChange(executions[0], committed(id)));
    const again = store.commit(lineChange(executions[1], committed(id)));
    expect(await again).toEqual({ kind: "refused", because: "commitment" });
  });
});

/** Calls each statement of the recommendation store at least once. */
async function collectOnce(store: RecommendationStore): Promise<void> {
  const run = await started(store);
  await put(store, run, sampleRecommendation("a"), sampleRecommendation("b"));
  expect(await store.renew(run)).toBe(true);
  expect(await store.tryStart(startOf(run.scope))).toMatchObject({ kind: "running", owner: run.owner });
  const { scope } = run;
  const [first] = await store.list({ scope, sources: ["s1"], service: "custom.contract", account: "a1", limit: 1 });
  expect(first?.recommendation).toMatchObject({ evidence: sampleRecommendation("a").evidence });
  expect(await store.list({ scope, after: first?.position ?? "", limit: 5 })).toHaveLength(1);
  await store.failSource(sourceOf(run), { message: 'odd "text"', failures: 2 });
  expect(await store.completeAccount(sweepOf(run))).toBe(true);
  expect(await store.completeSource(sourceOf(run, "s2"))).toBe(true);
  expect(await store.freshness(scope)).toEqual([
    { source: "s1", succeededAt: null, error: { message: 'odd "text"', failures: 2, at: expect.any(Number) } },
    { source: "s2", succeededAt: expect.any(Number), error: null },
  ]);
  expect(await ended(store, run)).toBe(true);
  const { running, lastCollectedAt } = await store.state(scope);
  expect([running, Number.isInteger(lastCollectedAt)]).toEqual([null, true]);
}

describe("columns that a driver renamed", () => {
  test.each([
    ["camel", postgres.camel],
    ["Pascal", postgres.pascal],
    ["kebab", postgres.kebab],
  ])("have their own names again (%s case)", async (_, transform) => {
    const sql = fromPostgresJs(postgresJs({ transform }));
    const { rows } = await sql.query({ text: "select 1 as line_index, 'x' as id where $1", values: [true] });
    expect(rows).toEqual([{ line_index: 1, id: "x" }]);
  });

  test("are refused where their own names cannot be told", async () => {
    const transform = { column: { from: (name: string) => `my_${name}` } };
    const sql = fromPostgresJs(postgresJs({ transform }));
    await expect(sql.query({ text: "select 1 as id", values: [] })).rejects.toThrow(TypeError);
  });
});

describe("the executors' types", () => {
  test("take what their drivers hand out, transactions included, and nothing of another kind", () => {
    expectTypeOf<postgres.Sql>().toExtend<Parameters<typeof fromPostgresJs>[0]>();
    expectTypeOf<postgres.TransactionSql>().toExtend<Parameters<typeof fromPostgresJs>[0]>();
    expectTypeOf<postgres.ReservedSql>().toExtend<Parameters<typeof fromPostgresJs>[0]>();
    expectTypeOf<pg.Pool>().not.toExtend<Parameters<typeof fromPostgresJs>[0]>();
    expectTypeOf<Kysely<{ readonly t: { readonly a: string } }>>().toExtend<Parameters<typeof fromKysely>[0]>();
    expectTypeOf<Transaction<unknown>>().toExtend<Parameters<typeof fromKysely>[0]>();
    expectTypeOf<ControlledTransaction<unknown>>().toExtend<Parameters<typeof fromKysely>[0]>();
    expectTypeOf<pg.Pool>().not.toExtend<Parameters<typeof fromKysely>[0]>();
    expectTypeOf<PgTransaction<PgQueryResultHKT>>().toExtend<Parameters<typeof fromDrizzle>[0]>();
    expectTypeOf<pg.Pool>().not.toExtend<Parameters<typeof fromDrizzle>[0]>();
    expectTypeOf<PgliteTransaction>().toExtend<Parameters<typeof fromPglite>[0]>();
  });
});
