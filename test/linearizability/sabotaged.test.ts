import { describe, expect, test } from "vitest";
import { correctStore } from "../stores/support/sabotaged-stores/sabotage.js";
import { SABOTAGES } from "../stores/support/sabotaged-stores.js";
import { checkHistory } from "./check-history.js";
import { FLAWS } from "./flawed-stores.js";
import { type ClientsPlay, playClients } from "./play-clients.js";
import { explain, type Violation } from "./violation.js";

const PLAY = { clients: 8, calls: 200 };
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8] as const;

/** What the first of a few plays that shows anything wrong shows. */
async function firstViolation(build: ClientsPlay["build"]): Promise<Violation | undefined> {
  for (const seed of SEEDS) {
    const [violation] = checkHistory(await playClients({ ...PLAY, build, seed: 100 * seed }));
    if (violation !== undefined) return violation;
  }
  return undefined;
}

test.each(SEEDS)("finds nothing wrong with a correct store (seed %i)", async (seed) => {
  const history = await playClients({ ...PLAY, build: correctStore, seed });
  expect(checkHistory(history).map(explain)).toEqual([]);
});

describe("a store with a flaw is told by the few calls that show it, where it", () => {
  test.each(FLAWS)("$flaw", async ({ breaks, build }) => {
    const violation = await firstViolation(build);
    expect(violation?.rule).toBe(breaks);
    expect(violation?.calls.length).toBeGreaterThan(0);
    expect(violation?.calls.length).toBeLessThanOrEqual(6);
    for (const { id } of violation?.calls ?? []) expect(violation && explain(violation)).toContain(id);
  });
});

/** Those sabotages of the store contract that lose races. */
const LOSE_RACES = [
  "looks for a request key first and inserts later",
  "looks at the predecessor first and inserts its successor later",
  "looks for an open execution of the lineage first and inserts later",
  "answers a used request key with the execution as it was created",
  "does not compare the status",
  "does not compare the version",
  "does not compare the fence",
  "lets a worker go on whose lease has run out",
  "lets a second worker in while a lease is live",
  "moves expired executions",
  "compares in one step and writes in the next",
  "compares the version in one step and writes in the next",
  "raises no fence when a lease is taken again",
  "changes the lines one by one",
  "looks whether a lane is free first and takes it later",
  "looks whether a commitment id is recorded first and records it later",
  "writes the event after the change",
  "writes the lines after the execution",
  "reads executions and their lines one after the other",
  "lets two sweeps move one execution",
  "claims by status, due or not",
  "claims in a batch without a lock",
  "hands out the lines that it read before it took the lock",
  "lets two reapers reap one execution",
];

describe("a store is not linearizable either that", () => {
  test.each(LOSE_RACES)("%s", async (name) => {
    const sabotage = Object.values(SABOTAGES)
      .flat()
      .find(({ fault }) => fault === name);
    expect(sabotage).toBeDefined();
    expect(sabotage && (await firstViolation(sabotage.build))).toBeDefined();
  });
});
