// Ticks until it is killed: database URL, schema, cloud URL, "hedging" or nothing. Says when it begins, and after each
// tick what went wrong in it.
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { isBuyonceError, messageOf } from "../../src/domain/errors.js";
import { postgresStore } from "../../src/stores/postgres/postgres-store.js";
import { endWithParent } from "./end-with-parent.js";
import { soakEngine } from "./soak-engine.js";

const [connectionString, schema = "", cloudUrl = "", hedging] = process.argv.slice(2);
endWithParent();
const store = postgresStore(new pg.Pool({ connectionString, max: 6 }), { schema });
const engine = soakEngine(store, cloudUrl, hedging === "hedging");
console.log(JSON.stringify("ready"));
for (;;) {
  const { errors, more } = await engine.tick({ limit: 12 });
  console.log(JSON.stringify(errors.map(({ error }) => (isBuyonceError(error) ? error.code : messageOf(error)))));
  if (!more) await sleep(50);
}
