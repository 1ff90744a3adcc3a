import { expect, test } from "vitest";
import { typeErrorsOf } from "../support/type-check.js";

test("a driver is a database whatever its statements take", { timeout: 60_000 }, () => {
  const drivers = `
    import { sqliteStore } from "buyonce/sqlite";
    interface DriverOf<Values extends unknown[]> {
      exec(sql: string): unknown;
      prepare(sql: string): {
        run(...values: Values): unknown;
        get(...values: Values): unknown;
        all(...values: Values): unknown[];
      };
    }
    // What better-sqlite3 is for TypeScript before 6, what it is for TypeScript 6, and node:sqlite.
    declare const older: DriverOf<[{}]>;
    declare const newer: DriverOf<unknown[]>;
    declare const node: DriverOf<(null | number | bigint | string | Uint8Array)[]>;
    sqliteStore(older);
    sqliteStore(newer);
    sqliteStore(node);`;
  expect(typeErrorsOf(drivers)).toEqual([]);
});
