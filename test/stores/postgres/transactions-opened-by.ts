import type { PGlite } from "@electric-sql/pglite";
import { sql as drizzleSql } from "drizzle-orm";
import { drizzle as drizzlePg } from "drizzle-orm/node-postgres";
import { drizzle as drizzlePglite } from "drizzle-orm/pglite";
import { drizzle as drizzlePostgresJs } from "drizzle-orm/postgres-js";
import { Kysely, PGliteDialect, PostgresDialect } from "kysely";
import type pg from "pg";
import type postgres from "postgres";
import {
  fromDrizzle,
  fromKysely,
  fromPglite,
  fromPostgresJs,
  type SqlClient,
} from "../../../src/stores/postgres/index.js";

/** An open transaction of an application. */
export interface AppTransaction {
  /** For the store. */
  readonly sql: SqlClient;
  /** Writes a row of the application's own, with its own driver. */
  order(executionId: string): Promise<unknown>;
}

/** Opens a transaction, commits it where the work ends well and rolls it back where it throws. */
export type InTransaction = <Result>(work: (transaction: AppTransaction) => Promise<Result>) => Promise<Result>;

interface Orders {
  readonly orders: { readonly execution_id: string };
}

const insertOrder = (id: string) => drizzleSql`insert into orders values (${id})`;

/** `begin`, `commit` and `rollback` on one connection of `pg`. */
export const byPg =
  (pool: pg.Pool): InTransaction =>
  async (work) => {
    const client = await pool.connect();
    try {
      await client.query("begin");
      const order = (id: string) => client.query("insert into orders values ($1)", [id]);
      const result = await work({ sql: client, order });
      await client.query("commit");
      return result;
    } catch (error) {
      await client.query("rollback");
      throw error;
    } finally {
      client.release();
    }
  };

/** `sql.begin` of postgres.js. */
export function byPostgresJs(sql: postgres.Sql): InTransaction {
  return async <Result>(work: (transaction: AppTransaction) => Promise<Result>) => {
    const results: Result[] = [];
    await sql.begin(async (tx) => {
      const order = (id: string) => tx`insert into orders values (${id})`;
      results.push(await work({ sql: fromPostgresJs(tx), order }));
    });
    return results[0] as Result;
  };
}

/** `db.transaction()` of Kysely. */
const byKysely =
  (db: Kysely<Orders>): InTransaction =>
  (work) =>
    db.transaction().execute((tx) =>
      work({
        sql: fromKysely(tx),
        order: (id) => tx.insertInto("orders").values({ execution_id: id }).execute(),
      }),
    );

export const byKyselyOverPg = (pool: pg.Pool): InTransaction =>
  byKysely(new Kysely({ dialect: new PostgresDialect({ pool }) }));

export const byKyselyOverPglite = (pglite: PGlite): InTransaction =>
  byKysely(new Kysely({ dialect: new PGliteDialect({ pglite }) }));

/** `db.transaction` of Drizzle. */
export const byDrizzleOverPg =
  (pool: pg.Pool): InTransaction =>
  (work) =>
    drizzlePg(pool).transaction((tx) => work({ sql: fromDrizzle(tx), order: (id) => tx.execute(insertOrder(id)) }));

export const byDrizzleOverPostgresJs =
  (sql: postgres.Sql): InTransaction =>
  (work) =>
    drizzlePostgresJs(sql).transaction((tx) =>
      work({ sql: fromDrizzle(tx), order: async (id) => await tx.execute(insertOrder(id)) }),
    );

export const byDrizzleOverPglite =
  (pglite: PGlite): InTransaction =>
  (work) =>
    drizzlePglite(pglite).transaction((tx) =>
      work({ sql: fromDrizzle(tx), order: async (id) => await tx.execute(insertOrder(id)) }),
    );

/** `pglite.transaction`. */
export const byPglite =
  (pglite: PGlite): InTransaction =>
  (work) =>
    pglite.transaction((tx) =>
      work({ sql: fromPglite(tx), order: (id) => tx.query("insert into orders values ($1)", [id]) }),
    );
