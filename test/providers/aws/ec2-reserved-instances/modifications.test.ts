import { describe, expect, test } from "vitest";
import { becameOf, originsOf } from "../../../../src/providers/aws/services/ec2-reserved-instances/modifications.js";

const modification = (sources: readonly string[], ...results: readonly string[]) => ({ sources, results });

describe("what a commitment was modified into", () => {
  const all = [modification(["a", "b"], "c", "d"), modification(["c"])];

  test("is every result of the modification that names it", () => {
    expect(becameOf("a", all)).toBe("modified into c, d");
    expect(becameOf("b", all)).toBe("modified into c, d");
  });

  test("is not known where EC2 names no result, and is nothing where none names it", () => {
    expect(becameOf("c", all)).toBe("modified");
    expect(becameOf("d", all)).toBeUndefined();
  });
});

describe("what a commitment was made from", () => {
  const all = [modification(["a"], "b"), modification(["b", "x"], "c"), modification(["c"], "d", "e")];

  test("is what was bought, at the far end of every modification", () => {
    expect(originsOf("b", all)).toEqual(["a"]);
    expect([...originsOf("c", all)].sort()).toEqual(["a", "x"]);
    expect([...originsOf("e", all)].sort()).toEqual(["a", "x"]);
  });

  test("is nothing for one that no modification made", () => {
    expect(originsOf("a", all)).toEqual([]);
    expect(originsOf("z", all)).toEqual([]);
  });

  test("ends also where modifications go round in a circle", () => {
    expect(originsOf("p", [modification(["p"], "q"), modification(["q"], "p")])).toEqual([]);
  });
});
