import type fc from "fast-check";
import { lackingProblems, refuse } from "../domain/options.js";

/** The functions of fast-check that the testing kit calls. */
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

/** Throws `INVALID_REQUEST` if the value is not fast-check. */
export const checkFastCheck = (fastCheck: unknown): void => refuse(lackingProblems("fc", fastCheck ?? null, CALLED));

/** A source from which fast-check draws values of one type. */
export type Arbitrary<T> = fc.Arbitrary<T>;
