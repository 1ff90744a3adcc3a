import { describe, expect, test } from "vitest";
import {
  difference,
  differing,
  mayBe,
  statedOtherwise,
  unstated,
} from "../../../../src/providers/aws/reservations/attributes.js";

const wanted = { Size: "large", Duration: 31_536_000, MultiAZ: false };

describe("what is stated", () => {
  test.each<readonly [object, readonly string[]]>([
    [{ ...wanted, FixedPrice: 1 }, []],
    [{ ...wanted, Size: "Large" }, ["Size"]],
    [{ ...wanted, Duration: "31536000" }, ["Duration"]],
    [{ ...wanted, MultiAZ: undefined }, ["MultiAZ"]],
    [{}, ["Size", "Duration", "MultiAZ"]],
  ])("%o differs in %o", (stated, names) => {
    expect(differing(wanted, stated)).toEqual(names);
  });

  test.each<readonly [object, boolean]>([
    [wanted, true],
    [{}, true],
    [{ Size: "large" }, true],
    [{ MultiAZ: true }, false],
    [{ ...wanted, Duration: 0 }, false],
    [{ ...wanted, Size: "" }, false],
    [{ ...wanted, Size: null }, false],
  ])("%o may be what is wanted: %o", (stated, may) => {
    expect(mayBe(wanted, stated)).toBe(may);
  });

  test("otherwise is told from what is not stated at all", () => {
    const stated = { Size: "small", MultiAZ: undefined, Duration: 31_536_000 };
    expect(statedOtherwise(wanted, stated)).toEqual(["Size"]);
    expect(unstated(wanted, stated)).toEqual(["MultiAZ"]);
  });

  test("is shown beside what was expected", () => {
    expect(difference("MultiAZ", false, true)).toBe("MultiAZ: expected false, found true");
    expect(difference("quantity", 0, undefined)).toBe("quantity: expected 0, found none");
  });
});
