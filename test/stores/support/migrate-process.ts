// Migrates the schema named by its arguments: url, schema.
import pg from "pg";
import { migrate } from "../../../src/stores/postgres/index.js";

const [connectionString, schema = ""] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString, max: 4 });
await migrate(pool, { schema });
console.log(JSON.stringify("migrated"));
await pool.end();
