import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import vectors from "./token-vectors.json" with { type: "json" };

describe("deriveIdempotencyToken", () => {
  test.each(vectors)(
    "gives the bytes that sha256sum gives for $lineageKey : $lineIndex",
    ({ lineageKey, lineIndex, token }) => {
      expect(deriveIdempotencyToken(lineageKey, lineIndex)).toBe(token);
    },
  );

  test("gives different tokens for different lines", () => {
    const key = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(key, fc.nat(), fc.nat(), (lineageKey, a, b) => {
        fc.pre(a !== b);
        expect(deriveIdempotencyToken(lineageKey, a)).not.toBe(deriveIdempotencyToken(lineageKey, b));
      }),
    );
  });

  test.each([
    ["an empty key", "", 0],
    ["a key over 200 characters", "x".repeat(201), 0],
    ["a key with a newline", "a\nb", 0],
    ["a key with a C1 control character", "a\u0085b", 0],
    ["a key with a lone surrogate, which UTF-8 would fold", "a\ud800", 0],
    ["a negative index", "k", -1],
    ["a fractional index", "k", 0.5],
    ["an index that is not a number", "k", Number.NaN],
    ["an index beyond exact integers", "k", 2 ** 53],
  ])("refuses %s", (_, lineageKey, lineIndex) => {
    expect(() => deriveIdempotencyToken(lineageKey, lineIndex)).toThrow(
      expect.objectContaining({ code: "INVALID_REQUEST" }),
    );
  });

  test("takes 200 characters beyond the basic plane", () => {
    expect(deriveIdempotencyToken("🔑".repeat(200), 0)).toMatch(/^[0-9a-f]{64}$/);
  });
});
