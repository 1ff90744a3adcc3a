import type { PGlite } from "@electric-sql/pglite";
import type pg from "pg";
import { describe, expectTypeOf, test } from "vitest";
import type { SqlClient } from "../../../src/stores/postgres/index.js";

describe("SqlClient", () => {
  test("is what pg's pools and clients are, unmodified", () => {
    expectTypeOf<pg.Pool>().toExtend<SqlClient>();
    expectTypeOf<pg.Client>().toExtend<SqlClient>();
    expectTypeOf<pg.PoolClient>().toExtend<SqlClient>();
  });

  test("is not what PGlite is, which needs its adapter", () => {
    expectTypeOf<PGlite>().not.toExtend<SqlClient>();
  });
});
