import { closestMatch } from "leven";
import { type InputProblem, invalidRequest } from "./commitment-request/commitment-request.js";

/** The names that an object of this type may have; listing them is checked by the compiler. */
export type KeysOf<Options> = Readonly<Record<keyof Options & string, true>>;

/**
 * Refuses an options object with a name that nobody reads: `INVALID_REQUEST`, with the name that was probably meant.
 *
 * A switch that is misspelt is a switch that is off, and `killswitch` must not buy.
 */
export function checkKeys<Options extends object>(what: string, options: Options, known: KeysOf<Options>): void {
  const problems = keyProblems(options, known);
  if (problems.length > 0) throw invalidRequest(problems.map(({ path, problem }) => ({ path: `${what}.${path}`, problem })));
}

/** What is wrong with the names of an options object: one problem for each that nobody reads. */
export function keyProblems(options: unknown, known: Readonly<Record<string, true>>): readonly InputProblem[] {
  if (typeof options !== "object" || options === null) return [{ path: "", problem: "must be an object" }];
  return Object.keys(options)
    .filter((key) => !Object.hasOwn(known, key))
    .map((key) => ({ path: key, problem: `is not known${didYouMean(key, Object.keys(known))}` }));
}

/** `; did you mean "killSwitch"?` where one of the known names is near, else nothing. */
export function didYouMean(found: string, known: readonly string[]): string {
  const nearest = closestMatch(found, known, { maxDistance: Math.max(2, Math.floor(found.length / 3)) });
  return nearest === undefined ? "" : `; did you mean "${nearest}"?`;
}
