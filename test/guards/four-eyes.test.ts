import { describe, expect, test } from "vitest";
import { isOwn } from "../../src/guards/actor.js";
import { isOtherPerson, makersOf } from "../../src/guards/four-eyes.js";

describe("the makers of a lineage", () => {
  test("are its creators, and in its trail who submitted, retried or overruled", () => {
    const trail = [
      { kind: "submitted", actor: "a" },
      { kind: "approved", actor: "b" },
      { kind: "retried", actor: "c" },
      { kind: "resolved", actor: "d", data: { commitmentIds: [] } },
      { kind: "transitioned", actor: "e", data: { overruled: [] } },
    ] as const;
    expect([...makersOf([{ createdBy: "x" }, { createdBy: "y" }], trail)]).toEqual(["x", "y", "a", "c", "e"]);
  });
});

describe("another person", () => {
  test.each<readonly [string | null, readonly string[], boolean]>([
    ["bob", ["ann"], true],
    ["bob", ["ann", "bob"], false],
    ["Bob", ["bob"], false],
    [" bob", ["bob"], false],
    ["ｂob", ["bob"], false],
    ["bob\u200b", ["bob"], false],
    ["\u2060 bob", ["bob"], false],
    ["bo", ["bob"], true],
    [null, ["ann"], false],
    ["", ["ann"], false],
    ["unknown", ["ann"], false],
    ["bob", [""], false],
    ["bob", ["ann", "unknown"], false],
    ["bob", ["\u200b"], false],
    ["bob", [], false],
  ])("is %j beside %j: %s", (approver, makers, isOther) => {
    expect(isOtherPerson(approver, new Set(makers))).toBe(isOther);
  });
});

describe("an execution is an actor's own", () => {
  test.each<readonly [string, unknown, boolean]>([
    ["ann", "ann", true],
    ["ann", "Ann", false],
    ["ann", "ann ", false],
    ["ann", undefined, false],
    ["ann", null, false],
    ["", "", false],
    [" ", " ", false],
    ["unknown", "unknown", false],
  ])("if %j asks and %j created it: %s", (id, createdBy, own) => {
    expect(isOwn({ id }, createdBy)).toBe(own);
  });
});
