import { describe, expect, test } from "vitest";
import type { Clock } from "../../src/domain/clock.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { storeContract } from "../../src/testing/store-contract.js";
import type { Sabotage } from "./support/sabotaged-stores/sabotage.js";
import { FAULTLESS, SABOTAGES } from "./support/sabotaged-stores.js";

/** The cases of the suite over one store each, by name; `advance` lets time pass for the clock of that store. */
function casesOver(build: (clock: Clock) => ExecutionStore, advanced: (ms: number) => void = () => {}): Cases {
  const cases: [name: string, run: () => Promise<void>][] = [];
  storeContract({
    test: (name, body) => cases.push([name, body]),
    async createStore() {
      const clock = manualClock();
      const advance = (ms: number) => {
        advanced(ms);
        clock.advance(ms);
      };
      return { store: build(clock), advance };
    },
  });
  return cases;
}

type Cases = readonly (readonly [name: string, run: () => Promise<void>])[];

/** Whether a case of the suite fails over a store. */
async function fails(name: string, build: Sabotage["build"]): Promise<boolean> {
  const wanted = casesOver(build).find(([each]) => each === name);
  if (wanted === undefined) throw new Error(`no case is called "${name}"`);
  return (await failedOf([wanted])).length > 0;
}

/** Runs cases at once; returns the names of those that fail. */
async function failedOf(cases: Cases): Promise<readonly string[]> {
  const failed: string[] = [];
  await Promise.all(cases.map(([name, run]) => run().catch(() => void failed.push(name))));
  return failed;
}

const ALL = Object.values(SABOTAGES).flat();
const CORRECT = (clock: Clock) => memoryStore({ clock });
const NAMES = casesOver(CORRECT).map(([name]) => name);

describe("the store contract", () => {
  test("passes a correct store, waiting for less than three seconds", async () => {
    let passedMs = 0;
    const cases = casesOver(CORRECT, (ms) => {
      passedMs += ms;
    });
    expect(await failedOf(cases)).toEqual([]);
    expect(passedMs).toBeLessThan(3_000);
  });

  for (const [what, build] of Object.entries(FAULTLESS))
    test(`passes a store ${what}`, async () => {
      expect(await failedOf(casesOver(build))).toEqual([]);
    });

  test("calls every case otherwise, and every fault", () => {
    const faults = ALL.map(({ fault }) => fault);
    expect(new Set(NAMES).size).toBe(NAMES.length);
    expect(new Set(faults).size).toBe(faults.length);
  });
});

describe("the store contract notices a store that", () => {
  for (const { fault, noticedBy, build } of ALL)
    test(`${fault}: "${noticedBy}"`, async () => {
      expect(await fails(noticedBy, build)).toBe(true);
    });

  // The cases that are named above are tried there.
  const named = new Set(ALL.map(({ noticedBy }) => noticedBy));
  const others = NAMES.filter((name) => !named.has(name));
  test.each(others)("is one of these, by the case: %s", { timeout: 120_000 }, async (name) => {
    for (const { build } of ALL) if (await fails(name, build)) return;
    expect.unreachable(`no store is noticed by "${name}"`);
  });
});
