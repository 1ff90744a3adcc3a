import type { InputProblem } from "../input-problem.js";

/** Deeper than any field of a request. */
const MAX_DEPTH = 10;

/**
 * One problem for each object with an own key `__proto__`, at any depth that a request has. `JSON.parse` makes such
 * objects.
 *
 * A plain copy of such an object sets the prototype of the copy and loses the value of the key, without an error.
 */
export function* protoKeyProblems(value: unknown, path: string, depth = 0): Generator<InputProblem> {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return;
  if (Object.hasOwn(value, "__proto__")) yield { path, problem: 'must not have a key "__proto__"' };
  for (const [key, inner] of Object.entries(value))
    if (key !== "__proto__")
      yield* protoKeyProblems(inner, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, depth + 1);
}
