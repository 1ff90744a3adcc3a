import { describe, expect, test } from "vitest";
import { reapAfterFromEnv } from "../../src/state-machine/reap-after-from-env.js";

const DEFAULT = 600_000;

describe("reapAfterFromEnv", () => {
  const read = (text: string | undefined) => {
    const warnings: string[] = [];
    const ms = reapAfterFromEnv({ PURCHASE_APPROVED_REAP_AFTER: text }, { warn: (message) => warnings.push(message) });
    return { ms, warned: warnings.length };
  };

  test.each([
    ["10m", 600_000],
    ["2h30m", 9_000_000],
    ["1.5h", 5_400_000],
    ["90s", 90_000],
    ["250ms", 250],
  ])("reads %s", (text, ms) => {
    expect(read(text)).toEqual({ ms, warned: 0 });
  });

  test.each([[undefined], [""]])("is 10 minutes without a warning for %j", (text) => {
    expect(read(text)).toEqual({ ms: DEFAULT, warned: 0 });
  });

  test.each(["0m", "-5m", "soon", "10", "5m and more", "NaN", "1e3m", "10 min maybe"])(
    "falls back with a warning for %j",
    (text) => {
      expect(read(text)).toEqual({ ms: DEFAULT, warned: 1 });
    },
  );
});
