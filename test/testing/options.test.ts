import {
  arbitraries,
  crashingStore,
  crashPlan,
  exploreCrashes,
  type FastCheck,
  manualClock,
  playPurchases,
  purchaseCommands,
} from "buyonce/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryStore } from "../../src/stores/memory/memory-store.js";

const refused = (path: string, problem = "") => ({
  code: "INVALID_REQUEST",
  details: { problems: [{ path, problem: expect.stringContaining(problem) }] },
});
const refusal = (path: string, problem = "") => expect.objectContaining(refused(path, problem));

const world = { work: async () => {}, recover: async () => {}, check: () => {} };

describe("exploreCrashes", () => {
  test.each<readonly [object | null, string, string]>([
    [{ setup: () => world, doubel: false }, "scenario.doubel", 'did you mean "double"?'],
    [{ setup: () => world, replay: "7" }, "scenario.replay", "is not known"],
    [{}, "setup", "must be a function"],
    [{ setup: world }, "setup", "must be a function"],
    [{ setup: () => world, only: "seven" }, "only", "id of a run"],
    [{ setup: () => world, only: "7+" }, "only", "id of a run"],
    [null, "scenario", "must be an object"],
  ])("refuses %o, which would explore nothing", async (scenario, path, problem) => {
    const explored = exploreCrashes(scenario as Parameters<typeof exploreCrashes>[0]);
    await expect(explored).rejects.toMatchObject(refused(path, problem));
  });
});

describe("crash plans", () => {
  test.each([0, -1, 1.5, Number.NaN, "3", null])("cannot be made for point %o", (crashAt) => {
    expect(() => crashPlan(crashAt as number)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
  });

  test.each([undefined, null, {}, { crashAt: 3 }, { hooks: {} }, { hooks: { before: async () => {} } }])(
    "are what crashingStore needs, and %o is none",
    (plan) => {
      expect(() => crashingStore(memoryStore(), plan as never)).toThrow(
        refusal("plan.hooks", "must have the functions"),
      );
    },
  );
});

describe("manualClock", () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, "2026-01-01", { startAt: 0 }, null])(
    "does not start at %o",
    (startAt) => {
      expect(() => manualClock(startAt as number)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
    },
  );

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY, "1000", undefined])("does not advance by %o", (ms) => {
    const clock = manualClock(0);
    expect(() => clock.advance(ms as number)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
    expect(clock.now()).toBe(0);
  });
});

describe("what draws", () => {
  test.each([undefined, null, {}, { integer: fc.integer }, () => 1])("refuses %o, which is no fast-check", (notFc) => {
    expect(() => arbitraries(notFc as FastCheck)).toThrow(refusal("fc", "must have the functions"));
    expect(() => purchaseCommands(notFc as FastCheck)).toThrow(refusal("fc", "must have the functions"));
  });

  test.each<readonly [object | null, string, string]>([
    [{ order: 3 }, "options.order", 'did you mean "orders"?'],
    [{ maxcommands: 3 }, "options.maxcommands", 'did you mean "maxCommands"?'],
    [{ seed: 3 }, "options.seed", "is not known"],
    [null, "options", "must be an object"],
  ])("refuses the options %o", (options, path, problem) => {
    expect(() => purchaseCommands(fc, options as object)).toThrow(refusal(path, problem));
  });

  test.each([
    { orders: 0 },
    { orders: 10 },
    { orders: "2" },
    { maxCommands: 0 },
    { maxCommands: 1.5 },
    { maxCrashPoint: -1 },
    { maxCrashPoint: Number.POSITIVE_INFINITY },
  ])("refuses %o as out of range", (options) => {
    expect(() => purchaseCommands(fc, options as object)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
  });
});

describe("playPurchases", () => {
  const handlers = { submit: async () => {}, approve: async () => {}, tick: async () => {} };
  const play = (wiring: unknown, options?: object) =>
    playPurchases(
      fc
        .sample(purchaseCommands(fc, { maxCommands: 60 }), { numRuns: 20, seed: 1 })
        .flatMap((commands) => [...commands]),
      () => wiring as never,
      options as Parameters<typeof playPurchases>[2],
    );

  test.each<readonly [string, unknown, string, string]>([
    ["a misspelt start", { strat: () => handlers }, "wiring.strat", 'did you mean "start"?'],
    ["no start", {}, "wiring.start", "must be a function"],
    ["a close that is no function", { start: () => handlers, close: true }, "wiring.close", "must be a function"],
    ["a misspelt handler", { start: () => ({ ...handlers, cancle: async () => {} }) }, "handlers.cancle", '"cancel"?'],
    [
      "no handler of ticks",
      { start: () => ({ ...handlers, tick: undefined }) },
      "handlers",
      "must have the functions tick",
    ],
  ])("refuses a wiring with %s, of which a part would never be played", async (_, wiring, path, problem) => {
    await expect(play(wiring)).rejects.toMatchObject(refused(path, problem));
  });

  test("refuses an option that nobody reads", async () => {
    await expect(play({ start: () => handlers }, { contarct: {} })).rejects.toMatchObject(
      refused("options.contarct", 'did you mean "contract"?'),
    );
  });
});
