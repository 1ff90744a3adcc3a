import type fc from "fast-check";

/** The part of fast-check that the testing kit draws with; hand in the `fc` of your own tests. */
export type FastCheck = Pick<
  typeof fc,
  | "array"
  | "bigInt"
  | "boolean"
  | "commands"
  | "constant"
  | "constantFrom"
  | "dictionary"
  | "double"
  | "integer"
  | "oneof"
  | "record"
  | "string"
  | "stringMatching"
  | "tuple"
  | "uniqueArray"
  | "uuid"
>;

/** What fast-check draws values of one type from. */
export type Arbitrary<T> = fc.Arbitrary<T>;
