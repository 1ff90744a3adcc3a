import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { sqliteStore } from "../../src/stores/sqlite/index.js";
import { type Child, startChild } from "../stores/support/child.js";
import { seededRandom } from "../stores/support/seeded-random.js";
import { sqliteFileForTest } from "../stores/support/sqlite-file.js";
import { temporaryFolder } from "../stores/support/test-database.js";
import { checkHistory } from "./check-history.js";
import { endOf, type History } from "./history.js";
import { callsIn } from "./record-calls.js";
import { explain } from "./violation.js";

const seed = Number(process.env.BUYONCE_SEED);
const PROCESSES = 8;
const VICTIMS = 2;
const CALLS = 100;

/** Plays are repeated until all of this has happened: without it they would have shown nothing. */
const MUST_HAPPEN = [
  "create created",
  "create existing",
  "commit moved",
  "commit refused guard",
  "claimDue",
  "moveDue",
  "reap",
];

test("what eight processes see that race on one file, while two of them are killed, is one correct store", {
  timeout: 300_000,
}, async () => {
  const outcomes = new Set<string>();
  for (let play = 0; play < 5 && !MUST_HAPPEN.every((outcome) => outcomes.has(outcome)); play += 1) {
    const history = await playOnFile(seed + 100 * play);
    expect(checkHistory(history).map(explain)).toEqual([]);
    for (const { operation, returned, threw } of history.calls) {
      expect(threw).toBeUndefined();
      const { kind, because } = Object(returned?.answer) as { readonly kind?: string; readonly because?: string };
      outcomes.add([operation, kind, because].filter((part) => part !== undefined).join(" "));
    }
  }
  expect([...outcomes]).toEqual(expect.arrayContaining(MUST_HAPPEN));
});

async function playOnFile(playSeed: number): Promise<History> {
  const { path, database } = await sqliteFileForTest();
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  const gate = join(folder.path, "gate");
  const random = seededRandom(playSeed);
  const players = Array.from({ length: PROCESSES }, (_, at) => {
    const isVictim = at < VICTIMS;
    const notes = join(folder.path, `p${at}`);
    const script = { name: `p${at}`, seed: playSeed + at, calls: isVictim ? Number.MAX_SAFE_INTEGER : CALLS };
    const child = startChild(
      "../../linearizability/sqlite-client-process.ts",
      path,
      gate,
      notes,
      JSON.stringify(script),
    );
    onTestFinished(() => void child.process.kill("SIGKILL"));
    return { child, notes, isVictim };
  });
  for (const { child } of players) await child.said();
  await writeFile(gate, "");
  const ends = players.map(({ child, notes, isVictim }) =>
    isVictim ? killedAfter(child, notes, 1 + random.below(CALLS)) : child.ended(),
  );
  expect(await Promise.all(ends)).toEqual(players.map(({ isVictim }) => (isVictim ? "SIGKILL" : 0)));
  const noted = await Promise.all(players.map(({ notes }) => readFile(notes, "utf8")));
  return { calls: callsIn(noted.join("")), end: await endOf(sqliteStore(database)) };
}

/** Kills a process once it has begun so many calls, wherever it is then. */
async function killedAfter(child: Child, notes: string, calls: number): Promise<number | string> {
  const begun = async () => (await readFile(notes, "utf8").catch(() => "")).split('"invoked"').length - 1;
  while ((await begun()) < calls) await sleep(5);
  child.process.kill("SIGKILL");
  return await child.ended();
}
