import fc from "fast-check";
import parseDuration from "parse-duration";
import { describe, expect, test } from "vitest";
import { LONGEST_SPAN_MS } from "../../src/domain/bounds.js";
import { createPurchaseEngine } from "../../src/engine/purchase-engine.js";
import { reapAfterFromEnv } from "../../src/state-machine/reap-after-from-env.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";

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
    ["31s", 31_000],
    ["30001ms", 30_001],
    ["36500d", LONGEST_SPAN_MS],
  ])("reads %s", (text, ms) => {
    expect(read(text)).toEqual({ ms, warned: 0 });
  });

  test.each([[undefined], [""]])("is 10 minutes without a warning for %j", (text) => {
    expect(read(text)).toEqual({ ms: DEFAULT, warned: 0 });
  });

  test.each(["0m", "-5m", "soon", "10", "5m and more", "NaN", "1e3m", "10 min maybe", " ", "m", "10m;"])(
    "falls back with a warning for %j, which is no duration",
    (text) => {
      expect(read(text)).toEqual({ ms: DEFAULT, warned: 1 });
    },
  );

  test.each(["250ms", "20s", "30s", "0.5m", "36501d", "9999999999h", `${"9".repeat(400)}h`, "36500d1ms"])(
    "falls back with a warning for %j, which an engine with default options refuses",
    (text) => {
      expect(read(text)).toEqual({ ms: DEFAULT, warned: 1 });
      const reapAfterMs = parseDuration(text) ?? 0;
      expect(() => createPurchaseEngine({ store: memoryStore(), providers: [], reapAfterMs })).toThrow(/reapAfterMs/);
    },
  );

  test("gives nothing that an engine with default options refuses, whatever stands there", () => {
    const amount = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.nat(), fc.constant(1e300));
    const unit = fc.constantFrom("ms", "s", "m", "h", "d", "y", "");
    const duration = fc.array(fc.tuple(amount, unit), { maxLength: 3 }).map((parts) => parts.flat().join(""));
    fc.assert(
      fc.property(fc.oneof(duration, fc.string()), (text) => {
        const reapAfterMs = read(text).ms;
        createPurchaseEngine({ store: memoryStore(), providers: [], reapAfterMs });
      }),
    );
  });
});
