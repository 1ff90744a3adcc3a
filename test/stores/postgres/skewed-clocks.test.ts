import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../../src/domain/clock.js";
import type { Limit } from "../../../src/domain/limit.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine, type PurchaseEngine } from "../../../src/engine/purchase-engine.js";
import { migrate, postgresStore } from "../../../src/stores/postgres/index.js";
import { simulatedCloud } from "../../../src/testing/simulated-cloud.js";
import { QUICK } from "../../engine/support/on-each-store.js";
import { simulatedLine } from "../../support/purchase-fixture.js";
import { schemaForTest } from "../support/schema-for-test.js";
import { startDatabase, type TestDatabase } from "../support/test-database.js";

/*
 * Two processes whose clocks are days apart, and whose sessions are in the first and in the last time zone of the world.
 * Guards are judged by the clock of the database, and by the time zone of the limit.
 */

const DAY_MS = 86_400_000;
const BOB = { approvedBy: "bob" };
const PROCESSES = [
  { behindMs: 3 * DAY_MS, timeZone: "Pacific/Kiritimati" },
  { behindMs: -3 * DAY_MS, timeZone: "Pacific/Pago_Pago" },
] as const;
const LIMITS: readonly Limit[] = (["day", "month", "year", 3_600_000] as const).map((per) => ({
  name: `each ${per}`,
  scope: { account: "capped" },
  per,
  max: { amount: "150", currency: "USD" },
  timeZone: "Asia/Kathmandu",
}));

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

test("processes with other clocks and time zones agree on what guards refuse", async () => {
  const schema = schemaForTest(database.pool);
  await migrate(database.pool, { schema });
  const cloud = simulatedCloud({ contract: QUICK.native, clock: systemClock });
  const [late, early] = PROCESSES.map(({ behindMs, timeZone }) => {
    const pool = new pg.Pool({ connectionString: database.url, max: 2, options: `-c TimeZone=${timeZone}` });
    onTestFinished(() => pool.end());
    return createPurchaseEngine({
      store: postgresStore(pool, { schema }),
      providers: [cloud.provider],
      clock: { ...systemClock, now: () => Date.now() - behindMs },
      logger: silentLogger,
      limits: LIMITS,
    });
  }) as [PurchaseEngine, PurchaseEngine];
  let baskets = 0;
  const waiting = async (engine: PurchaseEngine, account: string, size?: string): Promise<string> => {
    baskets += 1;
    const lines = [simulatedLine({ account, offering: { size: size ?? `size ${baskets}` } })];
    return (await engine.submit({ requestKey: `basket ${baskets}`, createdBy: "ann", lines })).id;
  };

  // The period of a limit.
  const [first, second] = [await waiting(late, "capped"), await waiting(early, "capped")];
  await late.approve(first, BOB);
  await expect(early.approve(second, BOB)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  expect(await early.limits()).toEqual(await late.limits());
  expect(new Set((await late.limits()).map(({ held }) => held))).toEqual(new Set(["101"]));

  // The window of a need.
  const [one, other] = [await waiting(late, "acct-1", "m"), await waiting(early, "acct-1", "m")];
  await late.approve(one, BOB);
  expect(await late.run(one)).toMatchObject({ status: "completed" });
  await expect(early.approve(other, BOB)).rejects.toMatchObject({ code: "NEED_ALREADY_COVERED" });
  await early.cancel(other, { canceledBy: "bob" });
  await expect(waiting(early, "acct-1", "m")).rejects.toMatchObject({ code: "NEED_ALREADY_COVERED" });

  // A freeze.
  const held = await waiting(early, "frozen");
  await early.approve(held, BOB);
  const freeze = await late.freeze({ scope: { account: "frozen" }, frozenBy: "dora", reason: "an audit" });
  expect(await early.freezes()).toEqual([freeze]);
  expect(Math.abs(freeze.frozenAt - Date.now())).toBeLessThan(DAY_MS);
  await early.run(held);
  expect(cloud.ledger()).toHaveLength(1);
  await early.unfreeze(freeze.id, { liftedBy: "dora", reason: "it is over" });
  await early.tick();
  expect(cloud.ledger()).toHaveLength(2);
});
