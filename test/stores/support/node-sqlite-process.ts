// Runs the store contract over node:sqlite and says how each case ended: a folder, and how many cases to run.
import { join } from "node:path";
import { messageOf } from "../../../src/domain/errors.js";
import {
  migrate,
  type SqliteDatabase,
  sqliteStore,
  sqliteTransaction,
  verifySchema,
} from "../../../src/stores/sqlite/index.js";
import { manualClock } from "../../../src/testing/manual-clock.js";
import { unique } from "../../../src/testing/store-contract/samples.js";
import { created } from "../../../src/testing/store-contract/steps.js";
import { storeContract } from "../../../src/testing/store-contract.js";
import { say } from "./say.js";

/** The part of `node:sqlite` that is used here. The types of Node 20 do not know the module. */
interface NodeSqlite {
  readonly DatabaseSync: new (path: string) => SqliteDatabase & { close(): void };
}

const { DatabaseSync } = (await import("node:sqlite" as string)) as NodeSqlite;
const [folder = "", most] = process.argv.slice(2);
const database = new DatabaseSync(join(folder, "store.db"));
await migrate(database);
const { sound } = await verifySchema(database);
say({ version: process.version, sound });

const clock = manualClock();
const cases: (readonly [name: string, body: () => Promise<void>])[] = [];
storeContract({
  test: (name, body) => cases.push([name, body]),
  createStore: async () => ({ store: sqliteStore(database, { clock }), advance: (ms) => clock.advance(ms) }),
});

// Evenly spread, if not all are wanted.
const each = Math.ceil(cases.length / Number(most));
const failed: string[] = [];
const chosen = cases.filter((_, at) => at % each === 0);
for (const [name, body] of chosen) await body().catch((error) => failed.push(`${name}: ${messageOf(error)}`));

const id = unique("exec");
const rolledBack = sqliteTransaction(database, async (store) => {
  await created(store, { id });
  throw new Error("rolled back");
}).catch(messageOf);
say({ ran: chosen.length, failed, rolledBack: await rolledBack, left: (await sqliteStore(database).get(id)) ?? null });
database.close();
