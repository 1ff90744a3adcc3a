import { afterAll, describe, expect, test } from "vitest";
import type { Clock } from "../../src/domain/clock.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { storeContract } from "../../src/testing/store-contract.js";
import { FAULTLESS, SABOTAGES } from "./support/sabotaged-stores.js";

/** What the cases of the suite say of a store: which fail, and how long they let time pass. */
async function examine(build: (clock: Clock) => ExecutionStore) {
  const names: string[] = [];
  const failed: string[] = [];
  const running: Promise<void>[] = [];
  let passedMs = 0;
  storeContract({
    test(name, body) {
      names.push(name);
      running.push(body().catch(() => void failed.push(name)));
    },
    async createStore() {
      const clock = manualClock();
      const advance = (ms: number) => {
        passedMs += ms;
        clock.advance(ms);
      };
      return { store: build(clock), advance };
    },
  });
  await Promise.all(running);
  return { names, failed, passedMs };
}

/** The first few of a list, and how many more there are. */
const abridged = (names: readonly string[]): string =>
  [...names.slice(0, 4), ...(names.length > 4 ? [`and ${names.length - 4} more`] : [])].join("; ");

const ALL = Object.values(SABOTAGES).flat();

describe("the store contract", () => {
  test("passes a correct store, waiting for less than three seconds", async () => {
    const { failed, passedMs } = await examine((clock) => memoryStore({ clock }));
    expect(failed).toEqual([]);
    expect(passedMs).toBeLessThan(3_000);
  });

  for (const [what, build] of Object.entries(FAULTLESS))
    test(`passes a store ${what}`, async () => {
      expect((await examine(build)).failed).toEqual([]);
    });

  test("calls every case otherwise, and every fault", async () => {
    const { names } = await examine((clock) => memoryStore({ clock }));
    const faults = ALL.map(({ fault }) => fault);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(faults).size).toBe(faults.length);
  });
});

describe("the store contract notices a store that", () => {
  const noticed = new Map<string, readonly string[]>();
  afterAll(() => {
    console.log([...noticed].map(([fault, cases]) => `${fault}: ${abridged(cases)}`).join("\n"));
  });

  for (const { fault, noticedBy, build } of ALL)
    test(`${fault}: "${noticedBy}"`, async () => {
      const { failed } = await examine(build);
      noticed.set(fault, failed);
      expect(failed).toContain(noticedBy);
    });

  test("is one of these, by every single case", async () => {
    const { names } = await examine((clock) => memoryStore({ clock }));
    const useful = new Set([...noticed.values()].flat());
    expect(names.filter((name) => !useful.has(name))).toEqual([]);
  });
});
