import { describe, expect, test } from "vitest";
import {
  checkKeys,
  didYouMean,
  functionProblems,
  type KeysOf,
  keyProblems,
  lackingProblems,
  nameProblems,
  refuse,
} from "../../src/domain/options.js";

interface Options {
  readonly killSwitch?: () => boolean;
  readonly leaseMs?: number;
}
const KNOWN: KeysOf<Options> = { killSwitch: true, leaseMs: true };

const refusal = (...problems: readonly object[]) =>
  expect.objectContaining({ code: "INVALID_REQUEST", moneyMoved: "no", details: { problems } });

describe("checkKeys", () => {
  test("takes what is known, also where it is left out or undefined", () => {
    for (const options of [{}, { leaseMs: 1 }, { killSwitch: undefined }])
      expect(() => checkKeys<object>("options", options, KNOWN)).not.toThrow();
  });

  test.each<readonly [unknown, string, string]>([
    [{ killswitch: () => true }, "options.killswitch", 'is not known; did you mean "killSwitch"?'],
    [{ leaseMS: 1 }, "options.leaseMS", 'is not known; did you mean "leaseMs"?'],
    [{ colour: "red" }, "options.colour", "is not known"],
    [JSON.parse('{"__proto__": {}}'), "options.__proto__", "is not known"],
    [{ constructor: 1 }, "options.constructor", "is not known"],
    [null, "options", "must be an object"],
    [undefined, "options", "is missing; must be an object"],
    ["fast", "options", "must be an object"],
    [() => true, "options", "must be an object"],
  ])("refuses %o", (options, path, problem) => {
    expect(() => checkKeys("options", options as object, KNOWN)).toThrow(refusal({ path, problem }));
  });

  test("names every name that nobody reads", () => {
    const check = () => checkKeys<object>("options.timing", { killSwich: 1, lease: 2 }, KNOWN);
    expect(check).toThrow(
      refusal(
        { path: "options.timing.killSwich", problem: 'is not known; did you mean "killSwitch"?' },
        { path: "options.timing.lease", problem: 'is not known; did you mean "leaseMs"?' },
      ),
    );
  });
});

describe("the checks of options", () => {
  test("find one problem for each name", () => {
    expect(keyProblems({ a: 1, leaseMs: 1, b: 2 }, KNOWN).map(({ path }) => path)).toEqual(["a", "b"]);
  });

  test("say what was probably meant only where it is near", () => {
    expect(didYouMean("killswitch", ["killSwitch"])).toBe('; did you mean "killSwitch"?');
    expect(didYouMean("colour", ["killSwitch"])).toBe("");
    expect(didYouMean("x", [])).toBe("");
  });

  test("refuse where there are problems, and only there", () => {
    expect(() => refuse([])).not.toThrow();
    expect(() => refuse([{ path: "a", problem: "is b" }])).toThrow(refusal({ path: "a", problem: "is b" }));
  });

  test.each(["", " ", "\u200b", 7, null, {}, "a\0"])("take %j for no name", (value) => {
    expect(nameProblems("actor", value).map(({ path }) => path)).toEqual(["actor"]);
  });

  test.each([null, {}, 1, "f", [() => 1]])("take %j for no function", (value) => {
    expect(functionProblems("archive", value)).toEqual([{ path: "archive", problem: "must be a function" }]);
  });

  test.each([
    [null, "now, timeout"],
    [7, "now, timeout"],
    [{ now: 1 }, "now, timeout"],
    [{ now: () => 1 }, "timeout"],
  ])("say which functions %o lacks", (value, missing) => {
    expect(lackingProblems("clock", value, ["now", "timeout"])).toEqual([
      { path: "clock", problem: `must have the functions ${missing}` },
    ]);
  });

  test("take whatever is left out, and whatever has all functions, of a class or not", () => {
    class Clock {
      now = () => 1;
      timeout() {}
    }
    expect(lackingProblems("clock", new Clock(), ["now", "timeout"])).toEqual([]);
    for (const problemsOf of [nameProblems, functionProblems]) expect(problemsOf("x", undefined)).toEqual([]);
    expect(lackingProblems("clock", undefined, ["now"])).toEqual([]);
  });
});
