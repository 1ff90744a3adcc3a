import { describe, expect, test } from "vitest";
import type { Clock } from "../../src/domain/clock.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { storeContract } from "../../src/testing/store-contract.js";
import { SABOTAGES } from "./support/sabotaged-stores.js";

/** Runs the cases of the suite, or only one of them, and tells which fail. */
async function failedCases(build: (clock: Clock) => ExecutionStore, only?: string): Promise<readonly string[]> {
  const cases: { readonly name: string; readonly body: () => Promise<void> }[] = [];
  storeContract({
    test: (name, body) => cases.push({ name, body }),
    async createStore() {
      const clock = manualClock();
      return { store: build(clock), advance: (ms) => clock.advance(ms) };
    },
  });
  const failed: string[] = [];
  const chosen = cases.filter(({ name }) => only === undefined || name === only);
  for (const { name, body } of chosen) await body().catch(() => failed.push(name));
  return failed;
}

describe("the store contract", () => {
  test("passes a correct store", async () => {
    expect(await failedCases((clock) => memoryStore({ clock }))).toEqual([]);
  });

  for (const { fault, noticedBy, build } of SABOTAGES)
    test(`notices a store that ${fault}`, async () => {
      expect(await failedCases(build, noticedBy)).toEqual([noticedBy]);
    });
});
