// Approves executions at random, at once or in a transaction that may be rolled back. Arguments: url, schema, seed, ids.
import pg from "pg";
import { postgresStore } from "../../../src/stores/postgres/index.js";
import { approval } from "../../../src/testing/store-contract/limit-steps.js";
import { seededRandom } from "./seeded-random.js";

const [connectionString, schema = "", seed = "", ...ids] = process.argv.slice(2);
const random = seededRandom(Number(seed));
const pool = new pg.Pool({ connectionString, max: 3 });
pool.on("error", () => {});
const options = { schema, preparedStatements: false };

async function approveOne(): Promise<void> {
  const change = approval({ id: ids[random.below(ids.length)] ?? "" });
  if (random.below(2) === 0) return void (await postgresStore(pool, options).commit(change));
  const client = await pool.connect();
  try {
    await client.query("begin");
    await postgresStore(client, options).commit(change);
    await client.query(random.below(2) === 0 ? "commit" : "rollback");
  } finally {
    client.release();
  }
}

console.log(JSON.stringify("begun"));
for (let left = ids.length * 4; left > 0; left -= 3) await Promise.all([approveOne(), approveOne(), approveOne()]);
await pool.end();
console.log(JSON.stringify("done"));
