import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frozenCopy } from "../../src/domain/frozen-copy.js";
import { HOSTILE } from "./hostile-values.js";

const isFrozen = (value: unknown): boolean =>
  typeof value !== "object" || value === null || (Object.isFrozen(value) && Object.values(value).every(isFrozen));

describe("frozenCopy", () => {
  test("copies plain objects and arrays, however deep, and freezes them", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const copy = frozenCopy(value);
        expect(copy).toEqual(value);
        expect(isFrozen(copy)).toBe(true);
        if (typeof value === "object" && value !== null) expect(copy).not.toBe(value);
      }),
    );
  });

  test("shares nothing with the value: what is changed there later does not show", () => {
    const ids = ["c-1"];
    const found = { ids };
    const copy = frozenCopy({ found });
    ids.push("c-2");
    Object.assign(found, { more: true });
    expect(copy).toEqual({ found: { ids: ["c-1"] } });
  });

  test("keeps a key __proto__ as a key", () => {
    const copy = frozenCopy(JSON.parse('{"__proto__": {"a": 1}}'));
    expect(Object.keys(Object(copy))).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  });

  test.each([
    ["a large integer", 12n, "12"],
    ["a symbol", Symbol("x"), "Symbol(x)"],
    ["a function", function buy() {}, "(function buy)"],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["a date that is none", new Date(Number.NaN), "(unreadable)"],
    ["an error", new TypeError("no"), "TypeError: no"],
    ["a map", new Map([[1, 2]]), "(Map)"],
    ["an object of a class", new (class Offering {})(), "(Offering)"],
    ["undefined", undefined, undefined],
    ["not a number", Number.NaN, Number.NaN],
  ])("makes of %s what can be shown", (_, value, shown) => {
    expect(frozenCopy({ value })).toEqual({ value: shown });
  });

  test("says where a value refers to itself, and copies what stands in it twice", () => {
    const price = { amount: "1" };
    const line = { price, again: price, self: {} };
    line.self = [line];
    expect(frozenCopy(line)).toEqual({ price, again: price, self: ["(circular)"] });
  });

  test("copies many references to one object in no time", () => {
    let shared: unknown = {};
    for (let level = 0; level < 40; level += 1) shared = { left: shared, right: shared };
    const { left, right } = Object(frozenCopy(shared));
    expect(left).toBe(right);
    expect(Object.isFrozen(left)).toBe(true);
  });

  test("stops where a value is too deep for whoever writes it", () => {
    let deep: unknown = "end";
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(JSON.stringify(frozenCopy(deep))).toContain("(too deep)");
  });

  test("reads around a property that cannot be read", () => {
    const value = Object.defineProperty({ a: 1 }, "b", {
      enumerable: true,
      get() {
        throw new Error("not for you");
      },
    });
    expect(frozenCopy(value)).toEqual({ a: 1, b: "(unreadable)" });
  });

  test.each(HOSTILE)("takes %s", (_, value) => {
    expect(() => JSON.stringify(frozenCopy([{ value }]))).not.toThrow();
  });
});
