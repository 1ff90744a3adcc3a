// Approves one execution, then does nothing more. Arguments: url, schema, id, and whether in a transaction that stays open.
import pg from "pg";
import { postgresStore } from "../../../src/stores/postgres/index.js";
import { approval } from "../../../src/testing/store-contract/limit-steps.js";

const [connectionString, schema = "", id = "", transaction = ""] = process.argv.slice(2);
const client = new pg.Client({ connectionString, application_name: "holder" });
await client.connect();
if (transaction === "open") await client.query("begin");
console.log(JSON.stringify("begun"));
const { kind } = await postgresStore(client, { schema }).commit(approval({ id }));
console.log(JSON.stringify(kind));
setInterval(() => {}, 60_000);
