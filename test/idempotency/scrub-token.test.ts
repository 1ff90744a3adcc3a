import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import { MAX_LINEAGE_ATTEMPTS } from "../../src/idempotency/derived-forms.js";
import { maskToken } from "../../src/idempotency/mask-token.js";
import { scrubToken } from "../../src/idempotency/scrub-token.js";
import { commitmentName, idempotencyGuid, reservationId, uuidV4Shaped } from "../../src/idempotency/token-formats.js";
import { attemptToken } from "../../src/providers/attempt-token.js";

const token = deriveIdempotencyToken("exec-123", 0);
const MASKED = maskToken(token);

/** The forms that clouds get of a token. */
const FORMS: Readonly<Record<string, (of: string) => string>> = {
  "the whole of it": (of) => of,
  "its 32 digits in an id": (of) => `id-${of.slice(0, 32)}`,
  "its 40 digits in a name": (of) => reservationId("buyonce-", of),
  "a name with a suffix": (of) => `${commitmentName("cud-", of)}-2`,
  "its GUID": idempotencyGuid,
  "its version-4 UUID": uuidV4Shaped,
  "its UUID without dashes": (of) => uuidV4Shaped(of).replaceAll("-", ""),
};
const SPELLINGS: Readonly<Record<string, (form: string) => string>> = {
  "as it is": (form) => form,
  "in upper case": (form) => form.toUpperCase(),
  "in a path": (form) => `/orders/${form}/lines?of=${form}&x=1`,
  "quoted in JSON": (form) => JSON.stringify({ form }),
};
const CASES = Object.entries(FORMS).flatMap(([what, formOf]) =>
  Object.entries(SPELLINGS).map(([how, spell]) => ({ what, how, text: (of: string) => spell(formOf(of)) })),
);

/** Whether a text shows more of a token than its mask, in whatever form: nine digits in a row are never by chance. */
const shows = (text: string, of: string): boolean => {
  const digits = text.replaceAll("-", "").toLowerCase();
  return [of, uuidV4Shaped(of).replaceAll("-", "")].some((form) =>
    Array.from({ length: form.length - 9 }, (_, at) => form.slice(at, at + 10)).some((part) => digits.includes(part)),
  );
};

describe("scrubToken", () => {
  test.each(CASES)("masks $what $how", ({ text }) => {
    const scrubbed = scrubToken({ message: `name ${text(token)} is taken`, deep: [{ form: text(token) }] }, token);
    expect(shows(JSON.stringify(scrubbed), token)).toBe(false);
    expect(scrubbed.message).toContain(MASKED);
    expect(scrubbed.message).toMatch(/^name .* is taken$/);
  });

  test.each(CASES)("masks $what $how of the token of each retry", ({ text }) => {
    for (const lineageAttempt of [2, 3, 57, MAX_LINEAGE_ATTEMPTS]) {
      const ofRetry = attemptToken(token, { lineageAttempt });
      const scrubbed = scrubToken(`name ${text(ofRetry)} is taken`, token);
      expect(shows(scrubbed, ofRetry)).toBe(false);
      expect(scrubbed).toContain(maskToken(ofRetry));
    }
  });

  test("masks forms that stand side by side, each by its own first digits", () => {
    const second = attemptToken(token, { lineageAttempt: 2 });
    expect(scrubToken(`${second}-${token}-${idempotencyGuid(second)}`, token)).toBe(
      `${maskToken(second)}-${MASKED}-${maskToken(second)}`,
    );
    expect(scrubToken(`${token}${token}`, token)).toBe(`${MASKED}${MASKED}`);
    expect(scrubToken(`abc${token}def`, token)).toBe(`abc${MASKED}def`);
  });

  test("keeps the suffix that tells the names of retries apart", () => {
    const first = reservationId("buyonce-", token);
    expect(scrubToken([first, `${first}-2`, `${first}-17`], token)).toEqual(
      ["", "-2", "-17"].map((suffix) => `buyonce-${MASKED}${suffix}`),
    );
  });

  test("masks the names of fields too", () => {
    expect(scrubToken({ [token]: { [idempotencyGuid(token)]: 1 } }, token)).toEqual({ [MASKED]: { [MASKED]: 1 } });
  });

  test("leaves everything else as it is", () => {
    const others = {
      count: 2,
      none: null,
      missing: undefined,
      flag: false,
      offering: randomUUID(),
      otherLine: deriveIdempotencyToken("exec-123", 1),
      short: token.slice(0, 31),
      fingerprint: "bbb8e7667558a86d3622dafcc40ea84605d1835a87b06ee47ea8adac48be8d7a",
    };
    expect(scrubToken(others, token)).toEqual(others);
  });

  test("leaves texts without a token as they are, whatever they are", () => {
    const hexish = fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEF--- x"), maxLength: 200 });
    fc.assert(
      fc.property(fc.oneof(fc.string(), hexish), (text) => {
        expect(scrubToken(text, token)).toBe(text);
      }),
    );
  });

  test("finds a form wherever it stands in any text", () => {
    const around = fc.string({ unit: fc.constantFrom(..."0123456789abcdef-_ .:/Zz"), maxLength: 80 });
    const attempt = fc.integer({ min: 1, max: MAX_LINEAGE_ATTEMPTS });
    fc.assert(
      fc.property(around, around, attempt, fc.constantFrom(...CASES), (before, after, lineageAttempt, { text }) => {
        const sent = attemptToken(token, { lineageAttempt });
        const scrubbed = scrubToken(`${before}${text(sent)}${after}`, token);
        expect(shows(scrubbed, sent)).toBe(false);
        expect(scrubbed.startsWith(before)).toBe(true);
      }),
    );
  });

  test("masks what is no token of the library where it stands as it is", () => {
    expect(scrubToken("under my-own-key", "my-own-key")).toBe("under my-own-k...");
    expect(scrubToken("under nothing", "")).toBe("under nothing");
  });

  test("looks at a long list of foreign ids in no time", () => {
    const ids = Array.from({ length: 20_000 }, () => randomUUID());
    const began = performance.now();
    expect(scrubToken(ids, token)).toEqual(ids);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
