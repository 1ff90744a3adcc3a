import fc from "fast-check";
import { afterAll, beforeAll, describe, test } from "vitest";
import { sqliteFile } from "../../stores/support/sqlite-file.js";
import { startDatabase, type TestDatabase } from "../../stores/support/test-database.js";
import { type Ground, memoryGround, postgresGround, sqliteGround } from "./ground.js";

const TIMEOUT = { timeout: 300_000 };
/** Files and servers take their time for each schedule. */
const ON_DISK = { numRuns: 6, endOnFailure: true };

/** Registers a test for each kind of store: scenarios are drawn, and each is played on a ground of its own. */
export function onEachGround<Scenario>(
  scenarios: fc.Arbitrary<Scenario>,
  runs: number,
  playAndCheck: (scenario: Scenario, ground: Ground) => Promise<void>,
): void {
  test(`over the memory store (${runs} schedules)`, TIMEOUT, async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, fc.scheduler(), (scenario, scheduler) =>
        playAndCheck(scenario, memoryGround(scheduler)),
      ),
      { numRuns: runs, endOnFailure: false },
    );
  });

  test("over SQLite", TIMEOUT, async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, fc.scheduler(), async (scenario, scheduler) => {
        const file = await sqliteFile();
        await playAndCheck(scenario, sqliteGround(file, scheduler)).finally(file.remove);
      }),
      ON_DISK,
    );
  });

  describe("over PostgreSQL", () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await startDatabase();
    });
    afterAll(() => database.close());

    test("all at once", TIMEOUT, async () => {
      await fc.assert(
        fc.asyncProperty(scenarios, async (scenario) => playAndCheck(scenario, await postgresGround(database))),
        ON_DISK,
      );
    });
  });
}
