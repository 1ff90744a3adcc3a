import { strict } from "node:assert";
import { isPlainObject } from "../domain/plain-object.js";

/**
 * The strict assertions of Node, of which `deepEqual` compares data by what it holds.
 *
 * Node's own comparison wants the same prototypes. Under jest, tests run in a realm of their own, and what Node's
 * functions make there has the prototypes of another realm. Such data holds the same.
 */
export const assert: typeof strict = Object.assign(
  (value: unknown, message?: string | Error) => strict(value, message),
  strict,
  {
    deepEqual: (actual: unknown, expected: unknown, message?: string | Error) =>
      strict.deepEqual(ofThisRealm(actual), ofThisRealm(expected), message),
  },
);

/** The same data in objects and arrays of this realm. What is no plain data stays as it is. */
function ofThisRealm(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Array.from(value, ofThisRealm);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, content]) => [key, ofThisRealm(content)]));
}
