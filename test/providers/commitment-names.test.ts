import { describe, expect, test } from "vitest";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import { commitmentNames, freeName, nameIn } from "../../src/providers/commitment-names.js";

const TOKEN = deriveIdempotencyToken("lin_test", 0);
const FIRST = `buyonce-${TOKEN.slice(0, 40)}`;
const dead = { isLive: false, state: "payment-failed" };
const live = { isLive: true, state: "payment-pending" };

describe("the names of a line", () => {
  test.each([0, 1])("are one for attempt %i", (attempt) => {
    expect(commitmentNames(TOKEN, attempt)).toEqual([FIRST]);
  });

  test("are one more for each attempt after the first", () => {
    expect(commitmentNames(TOKEN, 3)).toEqual([FIRST, `${FIRST}-2`, `${FIRST}-3`]);
  });

  test("are such as every cloud takes: lower case, 63 characters at most, no double hyphen", () => {
    for (const name of commitmentNames(TOKEN, 100)) expect(name).toMatch(/^(?=.{1,63}$)[a-z](-?[a-z0-9])*$/);
  });

  test("are not those of another line", () => {
    const others = commitmentNames(deriveIdempotencyToken("lin_test", 1), 9);
    expect(new Set([...commitmentNames(TOKEN, 9), ...others]).size).toBe(18);
  });
});

describe("the free name", () => {
  test("is the first that nothing has, also between spent ones", () => {
    const named = [
      { name: "a", holder: dead },
      { name: "b", holder: undefined },
      { name: "c", holder: dead },
      { name: "d", holder: undefined },
    ];
    expect(freeName(named)).toBe("b");
  });

  test("is none while any of them is live, even behind a free one", () => {
    const named = [
      { name: "a", holder: undefined },
      { name: "b", holder: live },
    ];
    expect(() => freeName(named)).toThrow("b has come to exist");
  });

  test("is none where dead ones have them all", () => {
    expect(() => freeName([{ name: "a", holder: dead }])).toThrow(
      expect.objectContaining({ code: "NAME_SPENT", details: { spent: "a is payment-failed" } }),
    );
  });
});

describe("the name of a write-ahead", () => {
  test("is what the preparation kept", () => {
    expect(nameIn({ reference: "x", detail: { name: "a" } })).toBe("a");
  });

  test.each([{ reference: "x" }, { reference: "x", detail: {} }, { reference: "x", detail: { name: 1 } }])(
    "is missing from %o",
    (prepared) => {
      expect(() => nameIn(prepared)).toThrow(TypeError);
    },
  );
});
