import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { sqliteStore, verifySchema } from "../../../src/stores/sqlite/index.js";
import { Acknowledgements } from "../support/acknowledgements.js";
import { folderForTest } from "../support/folder-for-test.js";
import { seededRandom } from "../support/seeded-random.js";
import { startWriter } from "../support/start-writer.js";

const random = seededRandom(Number(process.env.BUYONCE_SEED));
const PAIRS = 10;

test("a file that two processes write to loses nothing acknowledged when they are killed, 20 of 20 times", {
  timeout: 240_000,
}, async () => {
  const path = await folderForTest("store.db");
  const acknowledged = new Acknowledgements();
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const writers = await Promise.all([0, 1].map(() => startWriter("sqlite-writer-process.ts", path, acknowledged)));
    // One of them is killed while the other writes; the other one goes on alone.
    for (const writer of writers) {
      await writer.reaches({ acknowledgements: 1 + random.below(60) });
      expect(await writer.ends("SIGKILL")).toBe("SIGKILL");
    }
    const database = new Database(path);
    try {
      expect(await acknowledged.problems(sqliteStore(database)), `after ${2 * pair + 2} kills`).toEqual([]);
      expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
      expect(await verifySchema(database)).toMatchObject({ sound: true, differences: [] });
    } finally {
      database.close();
    }
  }
  expect(acknowledged.count).toBeGreaterThanOrEqual(2 * PAIRS);
});
