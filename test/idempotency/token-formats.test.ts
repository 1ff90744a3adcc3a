import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import { fingerprint } from "../../src/idempotency/fingerprint.js";
import { maskToken } from "../../src/idempotency/mask-token.js";
import { commitmentName, idempotencyGuid, reservationId, uuidV4Shaped } from "../../src/idempotency/token-formats.js";

const token = deriveIdempotencyToken("exec-123", 0);
const anyToken = fc.nat().map((index) => deriveIdempotencyToken("any", index));

describe("token formats", () => {
  test("idempotencyGuid is the first 32 hex digits with dashes", () => {
    expect(idempotencyGuid(token)).toBe(
      `${token.slice(0, 8)}-${token.slice(8, 12)}-${token.slice(12, 16)}-${token.slice(16, 20)}-${token.slice(20, 32)}`,
    );
  });

  test("uuidV4Shaped always passes a version-4 check and keeps 122 bits of the token", () => {
    fc.assert(
      fc.property(anyToken, (one) => {
        const uuid = uuidV4Shaped(one);
        expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        const kept = uuid.replaceAll("-", "");
        for (const position of [...Array(32).keys()].filter((at) => at !== 12 && at !== 16))
          expect(kept[position]).toBe(one[position]);
      }),
    );
  });

  test("reservationId is the prefix and 40 hex digits, in lower case, at most 60 characters", () => {
    expect(reservationId("rds-id-", token)).toBe(`rds-id-${token.slice(0, 40)}`);
    expect(reservationId("RDS-", token)).toBe(`rds-${token.slice(0, 40)}`);
    expect(reservationId("a".repeat(20), token)).toHaveLength(60);
  });

  test.each(["", "1a", "a--", "a_b", "a".repeat(21)])("reservationId refuses the prefix %j", (prefix) => {
    expect(() => reservationId(prefix, token)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
  });

  test("commitmentName is a valid RFC 1035 label", () => {
    expect(commitmentName("cud-", token)).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
  });

  test.each([idempotencyGuid, uuidV4Shaped, (one: string) => reservationId("x", one)])(
    "refuses what is not a token",
    (format) => {
      expect(() => format("ABC")).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
      expect(() => format(token.toUpperCase())).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
    },
  );

  test.each([
    ["", "(none)"],
    ["short", "(redacted)"],
    ["12345678", "(redacted)"],
    ["123456789", "12345678..."],
    [token, `${token.slice(0, 8)}...`],
  ])("maskToken(%j) is %j", (given, masked) => {
    expect(maskToken(given)).toBe(masked);
  });
});

describe("fingerprint", () => {
  test("is the SHA-256 of the RFC 8785 form", () => {
    // printf '{"a":[2,"x"],"b":1}' | sha256sum
    expect(fingerprint({ b: 1, a: [2, "x"] })).toBe("bbb8e7667558a86d3622dafcc40ea84605d1835a87b06ee47ea8adac48be8d7a");
  });

  test("does not depend on the order of keys, and does on every value", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(fingerprint(reversed)).toBe(fingerprint(value));
        expect(fingerprint({ ...value, "": { changed: true } })).not.toBe(fingerprint(value));
      }),
    );
  });
});
