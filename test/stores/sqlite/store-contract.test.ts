import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, test } from "vitest";
import { join } from "node:path";
import { migrate, sqliteStore } from "../../../src/stores/sqlite/index.js";
import { manualClock } from "../../../src/testing/manual-clock.js";
import { storeContract } from "../../../src/testing/store-contract.js";
import { temporaryFolder } from "../support/test-database.js";

describe("SQLite by better-sqlite3", () => {
  const clock = manualClock();
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let database: InstanceType<typeof Database>;
  beforeAll(async () => {
    folder = await temporaryFolder();
    database = new Database(join(folder.path, "store.db"));
    await migrate(database);
  });
  afterAll(async () => {
    database.close();
    await folder.remove();
  });
  storeContract({
    test,
    createStore: async () => ({ store: sqliteStore(database, { clock }), advance: (ms) => clock.advance(ms) }),
  });
});
