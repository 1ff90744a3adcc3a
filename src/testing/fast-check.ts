import type fc from "fast-check";
import { lackingProblems, refuse } from "../domain/options.js";

/** What the testing kit calls of fast-check. */
const CALLED = [
  "array",
  "bigInt",
  "boolean",
  "commands",
  "constant",
  "constantFrom",
  "dictionary",
  "double",
  "integer",
  "oneof",
  "record",
  "string",
  "stringMatching",
  "tuple",
  "uniqueArray",
  "uuid",
] as const satisfies readonly (keyof typeof fc)[];

/** The part of fast-check that the testing kit draws with; hand in the `fc` of your own tests. */
export type FastCheck = Pick<typeof fc, (typeof CALLED)[number]>;

/** Refuses what is no fast-check: `INVALID_REQUEST`. */
export const checkFastCheck = (fastCheck: unknown): void => refuse(lackingProblems("fc", fastCheck ?? null, CALLED));

/** What fast-check draws values of one type from. */
export type Arbitrary<T> = fc.Arbitrary<T>;
