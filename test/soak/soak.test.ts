import { afterAll, beforeAll, expect, test } from "vitest";
import { randomSchema, startDatabase, type TestDatabase } from "../stores/support/test-database.js";
import { playSoak } from "./play-soak.js";

const seed = Number(process.env.BUYONCE_SEED);
let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

test("each line of 100 baskets is bought exactly once while workers are killed and the cloud fails", {
  timeout: 320_000,
}, async () => {
  const soak = { executions: 100, workers: 8, seed, killEveryMs: 350, withinMs: 240_000 };
  const report = await playSoak(database, randomSchema(), soak);
  console.log(report);
  expect(report.wrong).toEqual([]);
  expect(report.orphans).toBe(0);
  expect(report.tickErrors).toEqual({});
  expect(report.kills).toBeGreaterThan(0);
});

test("workers that send a purchase twice are found out", { timeout: 120_000 }, async () => {
  const sabotage = { hedging: true, killEveryMs: 5_000 };
  const soak = { executions: 30, workers: 2, seed, withinMs: 60_000, ...sabotage };
  const { wrong, orphans } = await playSoak(database, randomSchema(), soak);
  const doubled = wrong.filter((problem) => problem.includes("was bought 2 times"));
  expect(doubled).not.toEqual([]);
  expect(doubled.filter((problem) => !problem.includes("custom.none"))).toEqual([]);
  expect(orphans).toBe(0);
});
