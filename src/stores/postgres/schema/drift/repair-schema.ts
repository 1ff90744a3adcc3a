import { messageOf } from "../../../../domain/errors.js";
import { isSameDefinition, isSameObject } from "../../../schema/schema-object.js";
import type { SchemaDifference, SchemaReport } from "../../../schema/schema-report.js";
import type { SqlClient } from "../../client/sql-client.js";
import { sqlStateOf } from "../../client/sql-state.js";
import { requireWritable, type Server } from "../require-server.js";
import { invalidSchema } from "../schema-errors.js";
import type { SchemaVersion } from "../schema-version.js";
import { underSchemaLock } from "../under-schema-lock.js";
import { inspectSchema } from "./inspect-schema.js";
import { readObjects } from "./read-objects.js";
import { repairStatement } from "./repair-statement.js";

/** The version that a schema must get, and the server that holds the schema. */
export interface Target {
  readonly version: SchemaVersion;
  readonly schema: string;
  readonly server: Server;
}

/**
 * Repairs the objects that drifted and can be repaired safely, each in a transaction of its own.
 *
 * An unsafe repair is not tried. If differences are left, `INVALID_SCHEMA` lists them.
 */
export async function repairSchema(sql: SqlClient, { version, schema, server }: Target): Promise<void> {
  const report = await inspectSchema(version, sql, schema);
  if (report.sound) return;
  const repairs = report.differences.filter(({ repair }) => repair === "migrate");
  if (repairs.length > 0) requireWritable(server, schema);
  const failures: unknown[] = [];
  for (const difference of repairs)
    await repair(sql, schema, difference).catch((error: unknown) => failures.push(leftToReport(error)));
  requireSound(repairs.length > 0 ? await inspectSchema(version, sql, schema) : report, failures[0]);
}

async function repair(sql: SqlClient, schema: string, difference: SchemaDifference): Promise<void> {
  const { object: kind, table, name, expected } = difference;
  const statement = repairStatement(difference);
  if (expected === null || statement === undefined) return;
  const wanted = { kind, table, name, definition: expected };
  const done = async () =>
    (await readObjects(sql, schema)).some(
      (there) => isSameObject(there, wanted) && isSameDefinition(there.definition, expected),
    );
  await underSchemaLock(sql, { schema, statements: `${statement};`, done });
}

/**
 * Returns an error that the report explains, and throws any other. Class 23: rows that were added meanwhile, or that
 * could not be seen before, break a constraint. Class 42 without 42501: an object that is left to a person is needed
 * first.
 */
function leftToReport(error: unknown): unknown {
  const state = sqlStateOf(error) ?? "";
  if (/^(23|42)/.test(state) && state !== "42501") return error;
  throw error;
}

function requireSound({ schema, sound, differences }: SchemaReport, failure: unknown): void {
  if (sound) return;
  const left = differences.filter(({ difference }) => difference !== "unexpected");
  const list = left.map((one) => `- ${one.object} ${one.name} of ${one.table} is ${one.difference}. ${one.advice}`);
  if (failure !== undefined) list.push(`The server refused a repair: ${messageOf(failure)}`);
  throw invalidSchema(schema, `is not what its migrations make:\n${list.join("\n")}`, {
    cause: failure,
    differences: left,
  });
}
