import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, test } from "vitest";
import type { Clock } from "../../src/domain/clock.js";
import { migrate, sqliteStore } from "../../src/stores/sqlite/index.js";
import { temporaryFolder } from "../stores/support/test-database.js";
import { checkInvariants } from "./support/invariants.js";
import { play } from "./support/play.js";
import { CONTRACTS, type ContractName, scenarioFor } from "./support/scenario.js";

/** Over 7,000 schedules in a full run, split over the contracts. Each run draws others, by its seed. */
const RUNS_PER_CONTRACT = Number(process.env.BUYONCE_SCHEDULES ?? 1_200);
/** A file waits for its disk at each change. */
const RUNS_ON_DISK = Math.ceil(RUNS_PER_CONTRACT / 10);

describe.each(Object.keys(CONTRACTS) as ContractName[])("under contract %s", (contract) => {
  test(`no schedule of crashes, races, lost replies, ends, odd answers and erring people buys twice or loses a purchase (${RUNS_PER_CONTRACT} schedules)`, {
    timeout: 900_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(scenarioFor(contract), fc.scheduler(), async (scenario, scheduler) => {
        await checkInvariants(await play(scenario, scheduler));
      }),
      { numRuns: RUNS_PER_CONTRACT, endOnFailure: false },
    );
  });
});

test(`the same over SQLite files (${RUNS_ON_DISK} schedules)`, { timeout: 900_000 }, async () => {
  const contracts = Object.keys(CONTRACTS) as ContractName[];
  const scenarioOfAny = fc.constantFrom(...contracts).chain((contract) => scenarioFor(contract));
  const folder = await temporaryFolder();
  const newFile = await migratedFiles(folder.path);
  try {
    await fc.assert(
      fc.asyncProperty(scenarioOfAny, fc.scheduler(), async (scenario, scheduler) => {
        const database = new Database(await newFile());
        const open = (clock: Clock) => sqliteStore(database, { clock });
        await checkInvariants(await play(scenario, scheduler, { open })).finally(() => database.close());
      }),
      { numRuns: RUNS_ON_DISK, endOnFailure: false },
    );
  } finally {
    await folder.remove();
  }
});

/** Makes new migrated files in a folder: copies, because a migration takes longer than most schedules. */
async function migratedFiles(folder: string): Promise<() => Promise<string>> {
  const first = join(folder, "0.db");
  const database = new Database(first);
  await migrate(database);
  database.close();
  let made = 0;
  return async () => {
    made += 1;
    const file = join(folder, `${made}.db`);
    await copyFile(first, file);
    return file;
  };
}
