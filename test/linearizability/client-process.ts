// Plays one client against a schema: url, schema, file for what it does, script as JSON. It starts when the lock that
// is named as the schema is free, so that all start at once, and ends when its script is done or it is killed.
import { openSync, writeSync } from "node:fs";
import pg from "pg";
import { postgresStore } from "../../src/stores/postgres/index.js";
import { type ClientScript, playClient } from "./client.js";
import { moment } from "./history.js";

const [connectionString, schema = "", file = "", script = ""] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString, max: 1, application_name: schema });
// A connection that is cut while nothing asks over it; what asks over one throws.
pool.on("error", () => {});
await pool.query("select pg_advisory_xact_lock_shared(hashtextextended($1, 0))", [schema]);
const notes = openSync(file, "a");
const { name, seed, calls } = JSON.parse(script) as ClientScript;
// Written at once and not buffered, so that a kill leaves everything noted before it.
const note = (part: object) => void writeSync(notes, `${JSON.stringify(part)}\n`);
await playClient(postgresStore(pool, { schema }), { name, seed, calls }, { now: moment, note });
await pool.end();
