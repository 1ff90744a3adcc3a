import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fromPglite, migrate, postgresStore, type SqlClient } from "../../../src/stores/postgres/index.js";
import { changeOf, created, moved, read } from "../../../src/testing/store-contract/steps.js";

let pglite: PGlite;
beforeAll(async () => {
  pglite = await PGlite.create();
});
afterAll(() => pglite.close());

/** As often as `pglite.query` parses it otherwise. */
async function timesRun(name: string): Promise<readonly number[]> {
  const { rows } = await pglite.query<{ readonly runs: string }>(
    "select generic_plans + custom_plans as runs from pg_prepared_statements where name = $1",
    [name],
  );
  return rows.map(({ runs }) => Number(runs));
}

const twice = (sql: SqlClient, name: string, value: unknown) =>
  sql.query({ name, text: "select $1::integer * 2 as twice", values: [value] });

test("a statement with a name is parsed once, one without a name each time", async () => {
  const sql = fromPglite(pglite);
  for (const value of [1, 2, 3])
    expect(await twice(sql, "parsed_once", value)).toEqual({ rows: [{ twice: value * 2 }], rowCount: 1 });
  expect(await timesRun("parsed_once")).toEqual([3]);
  expect((await sql.query({ text: "select 1 as one", values: [] })).rows).toEqual([{ one: 1 }]);
  expect(await timesRun("")).toEqual([]);
});

test("clients of one PGlite may use the same names", async () => {
  const [first, second] = [fromPglite(pglite), fromPglite(pglite)];
  for (const sql of [first, second, first]) expect((await twice(sql, "shared", 4)).rows).toEqual([{ twice: 8 }]);
});

test("a statement that fails leaves the next one to succeed", async () => {
  const sql = fromPglite(pglite);
  const failing = twice(sql, "may_fail", "no number");
  await expect(failing).rejects.toMatchObject({ code: "22P02" });
  expect((await twice(sql, "may_fail", 5)).rows).toEqual([{ twice: 10 }]);
  await expect(twice(sql, "may_fail", "no number")).rejects.toMatchObject({ code: "22P02" });
  expect((await twice(sql, "may_fail", 6)).rows).toEqual([{ twice: 12 }]);
});

test("a statement that cannot be parsed fails each time and changes nothing", async () => {
  const sql = fromPglite(pglite);
  const unknown = () => sql.query({ name: "unknown_table", text: "select from nowhere", values: [] });
  await expect(unknown()).rejects.toMatchObject({ code: "42P01" });
  await expect(unknown()).rejects.toMatchObject({ code: "42P01" });
});

test("statements are parsed again after `deallocate all`", async () => {
  const sql = fromPglite(pglite);
  await twice(sql, "deallocated", 1);
  await pglite.exec("deallocate all");
  expect((await twice(sql, "deallocated", 7)).rows).toEqual([{ twice: 14 }]);
  expect(await timesRun("deallocated")).toEqual([1]);
});

test("nulls, every row and the number of changed rows come back", async () => {
  const sql = fromPglite(pglite);
  await pglite.exec("create table things (a text, b integer, c bigint)");
  const insert = { name: "insert_things", text: "insert into things values ($1, $2, 9007199254740993), ('', 2, 1)" };
  expect(await sql.query({ ...insert, values: [null, 1] })).toEqual({ rows: [], rowCount: 2 });
  const { rows } = await sql.query({ name: "things", text: "select a, b from things order by b", values: [] });
  expect(rows).toEqual([
    { a: null, b: 1 },
    { a: "", b: 2 },
  ]);
});

test("what the store does beside an application's transaction waits for its end and is not part of it", async () => {
  const sql = fromPglite(pglite);
  await migrate(sql);
  const store = postgresStore(sql);
  const execution = await created(store, { status: "pending" });
  let change: Promise<unknown> | undefined;
  const rolledBack = pglite.transaction(async (tx) => {
    await tx.query("select 1");
    change = moved(store, changeOf(execution, { status: "paused" }));
    await tx.query("select 1");
    expect((await tx.query("select status from buyonce.executions where id = $1", [execution.id])).rows).toEqual([
      { status: "pending" },
    ]);
    await tx.rollback();
  });
  await rolledBack;
  await change;
  expect(await read(store, execution.id)).toMatchObject({ status: "paused", version: 2 });
});

test("a PGlite that is not ready yet is waited for, and a closed one is told", async () => {
  const early = new PGlite();
  const sql = fromPglite(early);
  expect((await twice(sql, "early", 1)).rows).toEqual([{ twice: 2 }]);
  await early.close();
  await expect(twice(sql, "early", 1)).rejects.toThrow("PGlite is closed");
});
