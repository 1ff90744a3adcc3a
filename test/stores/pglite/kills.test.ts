import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { pgliteStore } from "../../../src/stores/pglite/index.js";
import { created } from "../../../src/testing/store-contract/steps.js";
import { Acknowledgements } from "../support/acknowledgements.js";
import { folderForTest, usedPgliteFolder } from "../support/folder-for-test.js";
import { seededRandom } from "../support/seeded-random.js";
import { type Moment, startWriter } from "../support/start-writer.js";

const random = seededRandom(Number(process.env.BUYONCE_SEED));

/** Lets a child write and be killed; says what the folder lacks afterwards. */
async function killedAt(dataDir: string, moment: Moment, acknowledged: Acknowledgements): Promise<readonly string[]> {
  const writer = await startWriter("pglite-writer-process.ts", dataDir, acknowledged);
  await writer.reaches(moment);
  await writer.ends("SIGKILL");
  const store = await pgliteStore({ dataDir, acceptLossOnPowerFailure: true });
  try {
    return await acknowledged.problems(store);
  } finally {
    await store.close();
  }
}

test("a folder whose process is killed 4 times while it writes or opens loses nothing acknowledged", {
  timeout: 240_000,
}, async () => {
  const dataDir = await usedPgliteFolder();
  const acknowledged = new Acknowledgements();
  for (let round = 0; round < 4; round += 1) {
    const whileOpening = round === 2;
    const moment = whileOpening ? { msAfterOpening: random.below(400) } : { acknowledgements: 1 + random.below(400) };
    expect(await killedAt(dataDir, moment, acknowledged), `after ${JSON.stringify(moment)}`).toEqual([]);
  }
  expect(acknowledged.count).toBeGreaterThanOrEqual(3);
});

const WHILE_CREATING: readonly (readonly [when: string, moment: (dataDir: string) => Moment])[] = [
  ["before it has made anything", () => ({ msAfterOpening: random.below(1_000) })],
  ["when it begins to copy the database", (dataDir) => ({ fileAppears: join(dataDir, "data.new", "PG_VERSION") })],
  ["when it has copied most of it", (dataDir) => ({ fileAppears: join(dataDir, "data.new", "pg_wal") })],
  ["when the database gets its name", (dataDir) => ({ fileAppears: join(dataDir, "data") })],
];
/** Half of them in each run, by its seed. */
const CHOSEN = WHILE_CREATING.filter((_, index) => index % 2 === Number(process.env.BUYONCE_SEED) % 2);
for (const [when, moment] of CHOSEN)
  test(`a folder whose process is killed ${when} opens all the same`, { timeout: 240_000 }, async () => {
    const dataDir = await folderForTest("store");
    expect(await killedAt(dataDir, moment(dataDir), new Acknowledgements())).toEqual([]);
  });

test("an acknowledged version that is not stored is noticed", async () => {
  const store = await pgliteStore();
  onTestFinished(() => store.close());
  const { id, version } = await created(store);
  const acknowledged = new Acknowledgements();
  acknowledged.add({ id, version });
  expect(await acknowledged.problems(store)).toEqual([]);
  acknowledged.add({ id, version: version + 1 });
  acknowledged.add({ id: "exec-lost", version: 1 });
  expect(await acknowledged.problems(store)).toEqual([
    `${id} has version 1; 2 was acknowledged`,
    "exec-lost is gone; version 1 was acknowledged",
  ]);
});
