import { describe, expect, test } from "vitest";
import type { Clock } from "../../src/domain/clock.js";
import type { RecommendationStore } from "../../src/store-port/recommendation-store.js";
import { collectionLockContract } from "../../src/testing/collection-lock-contract.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { recommendationStoreContract } from "../../src/testing/recommendation-store-contract.js";
import { correctStore } from "./support/sabotaged-recommendation-stores/sabotage.js";
import { RECOMMENDATION_SABOTAGES } from "./support/sabotaged-recommendation-stores.js";

type Cases = readonly (readonly [name: string, run: () => Promise<void>])[];

/** The cases of the suite over one store each, by name; `advanced` learns how time passes. */
function casesOver(build: (clock: Clock) => RecommendationStore, advanced: (ms: number) => void = () => {}): Cases {
  const cases: [name: string, run: () => Promise<void>][] = [];
  recommendationStoreContract({
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

/** Runs cases at once; returns the names of those that fail. */
async function failedOf(cases: Cases): Promise<readonly string[]> {
  const failed: string[] = [];
  await Promise.all(cases.map(([name, run]) => run().catch(() => void failed.push(name))));
  return failed;
}

const ALL = Object.values(RECOMMENDATION_SABOTAGES).flat();
const NAMES = casesOver(correctStore).map(([name]) => name);

describe("the contract of recommendation stores", () => {
  test("passes a correct store, waiting for less than three seconds", async () => {
    let passedMs = 0;
    const cases = casesOver(correctStore, (ms) => {
      passedMs += ms;
    });
    expect(await failedOf(cases)).toEqual([]);
    expect(passedMs).toBeLessThan(3_000);
  });

  test("calls every case otherwise, and every fault", () => {
    const faults = ALL.map(({ fault }) => fault);
    expect(new Set(NAMES).size).toBe(NAMES.length);
    expect(new Set(faults).size).toBe(faults.length);
  });

  test("has every case of the contract of locks", () => {
    const names: string[] = [];
    collectionLockContract({ test: (name) => names.push(name), createLock: () => expect.unreachable() });
    expect(NAMES.slice(0, names.length)).toEqual(names);
    expect(names.length).toBeLessThan(NAMES.length);
  });

  test("notices a store with a fault in every case", () => {
    expect(NAMES.filter((name) => !ALL.some(({ noticedBy }) => noticedBy === name))).toEqual([]);
  });
});

describe("the contract of recommendation stores notices a store that", () => {
  for (const { fault, noticedBy, build } of ALL)
    test(`${fault}: "${noticedBy}"`, async () => {
      const wanted = casesOver(build).filter(([name]) => name === noticedBy);
      expect(wanted).toHaveLength(1);
      expect(await failedOf(wanted)).toEqual([noticedBy]);
    });
});
