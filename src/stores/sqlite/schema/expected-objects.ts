import type { SchemaObject } from "../../schema/schema-object.js";
import { connectionOf } from "../database/connection.js";
import { checkDatabase, type SqliteDatabase } from "../database/sqlite-database.js";
import { ALL_MIGRATIONS } from "./migrations/all-migrations.js";
import { readObjects } from "./read-objects.js";
import { applyMigration } from "./recorded-migrations.js";

type Driver = new (path: string) => SqliteDatabase & { close(): unknown };

const objectsOfDrivers = new WeakMap<Driver, readonly SchemaObject[]>();

/** The objects that the migrations make, as the SQLite of this driver tells them: made once, in memory. */
export function expectedObjects(database: SqliteDatabase): readonly SchemaObject[] {
  const driver = database.constructor as Driver;
  const known = objectsOfDrivers.get(driver) ?? madeBy(driver);
  objectsOfDrivers.set(driver, known);
  return known;
}

function madeBy(driver: Driver): readonly SchemaObject[] {
  const database = new driver(":memory:");
  checkDatabase(database);
  try {
    const connection = connectionOf(database);
    for (const migration of ALL_MIGRATIONS) applyMigration(connection, migration, 0);
    return readObjects(connection);
  } finally {
    database.close();
  }
}
