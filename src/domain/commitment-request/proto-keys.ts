import type { InputProblem } from "../input-problem.js";

/** Deeper than any field of a request. */
const MAX_DEPTH = 10;

/**
 * One problem for each object that has a key `__proto__` of its own, as `JSON.parse` makes it, at any depth that a request has.
 *
 * Copying such an object the usual way sets its prototype and loses what stood under the key, without an error.
 */
export function* protoKeyProblems(value: unknown, path: string, depth = 0): Generator<InputProblem> {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return;
  if (Object.hasOwn(value, "__proto__")) yield { path, problem: 'must not have a key "__proto__"' };
  for (const [key, inner] of Object.entries(value))
    if (key !== "__proto__")
      yield* protoKeyProblems(inner, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, depth + 1);
}
