import { nonBlankSchema } from "../../domain/text.js";
import type { Arbitrary, FastCheck } from "../fast-check.js";

/** Texts that careless code takes for syntax, a number, a built-in property, or another text. */
const AWKWARD: readonly string[] = [
  "'; drop table executions; --",
  "%_\\",
  "null",
  "0",
  "constructor",
  "$1",
  "{}",
  "Key",
  "key",
  "\u00e9",
  "e\u0301",
  "\u0130",
  "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}",
  "\u202eabc",
  "\ufeffkey",
  "k".repeat(200),
];

/** Texts that PostgreSQL, JSON or UTF-8 cannot carry, or that grow too large. */
const HARD: readonly string[] = [
  "\0",
  "a\0b",
  "\\u0000",
  "\ud800",
  "\udc00\ud800",
  "a\udfff",
  "\r\n",
  "\u001b[31m",
  "\u0085",
  "k".repeat(201),
  "\u{1f4b0}".repeat(100_000),
];

/** Text that every store and every cloud takes, 1 to 200 characters long. */
export const textArbitrary = (fc: FastCheck): Arbitrary<string> =>
  fc
    .oneof(
      { weight: 3, arbitrary: fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 20 }) },
      { weight: 2, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }) },
      { weight: 1, arbitrary: fc.constantFrom(...AWKWARD) },
    )
    .filter((text) => text.length <= 200 && nonBlankSchema().safeParse(text).success);

/** Text to be refused as a whole or given back unchanged: NUL, lone surrogates, control characters, great lengths. */
export const hardTextArbitrary = (fc: FastCheck): Arbitrary<string> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...HARD) },
    {
      weight: 2,
      arbitrary: fc
        .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
        .map((units) => String.fromCharCode(...units)),
    },
  );
