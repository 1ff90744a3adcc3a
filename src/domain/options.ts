import { closestMatch } from "leven";
import { type InputProblem, invalidRequest } from "./input-problem.js";
import { nonBlankSchema } from "./text.js";

/** The names that an object of this type may have. The compiler checks that the list is complete. */
export type KeysOf<Options> = Readonly<Record<keyof Options & string, true>>;

/**
 * Refuses an options object with an unknown name. `INVALID_REQUEST` says which name was probably meant.
 *
 * An ignored name would turn a misspelt option off: an engine with `killswitch` in place of `killSwitch` would buy.
 */
export function checkKeys<Options extends object>(what: string, options: Options, known: KeysOf<Options>): void {
  refuse(
    keyProblems(options, known).map(({ path, problem }) => ({ path: [what, path].filter(Boolean).join("."), problem })),
  );
}

/** Throws `INVALID_REQUEST` with all problems, if there are any. */
export function refuse(problems: readonly InputProblem[]): void {
  if (problems.length > 0) throw invalidRequest(problems);
}

/** The problems with the names of an options object: one for each unknown name. */
export function keyProblems(options: unknown, known: Readonly<Record<string, true>>): readonly InputProblem[] {
  if (typeof options !== "object" || options === null)
    return [{ path: "", problem: `${options === undefined ? "is missing; " : ""}must be an object` }];
  return Object.keys(options)
    .filter((key) => !Object.hasOwn(known, key))
    .map((key) => ({ path: key, problem: `is not known${didYouMean(key, Object.keys(known))}` }));
}

/** A hint such as `; did you mean "killSwitch"?` if a known name is near, else an empty text. */
export function didYouMean(found: string, known: readonly string[]): string {
  const nearest = closestMatch(found, known, { maxDistance: Math.max(2, Math.floor(found.length / 3)) });
  return nearest === undefined ? "" : `; did you mean "${nearest}"?`;
}

/** A hint for a promise that stands where its answer belongs, else an empty text. */
export const promiseHint = (found: unknown): string =>
  typeof found === "object" && found !== null && "then" in found ? "; this is a promise: did you forget await?" : "";

/** The problem with an option that names a person or a thing: it must be a text with a visible character. */
export const nameProblems = (path: string, value: unknown): readonly InputProblem[] =>
  value === undefined || nonBlankSchema().safeParse(value).success
    ? []
    : [{ path, problem: "must be a text that is not blank, without control characters" }];

/** The problem with an option that is called: it must be a function. */
export const functionProblems = (path: string, value: unknown): readonly InputProblem[] =>
  value === undefined || typeof value === "function" ? [] : [{ path, problem: "must be a function" }];

/** The problem with an option that ends a call: it must be an `AbortSignal`. A controller is what is given by mistake. */
export function signalProblems(path: string, value: unknown): readonly InputProblem[] {
  if (value === undefined) return [];
  const found: Partial<AbortSignal & AbortController> = Object(value);
  if (typeof found.aborted === "boolean" && typeof found.addEventListener === "function") return [];
  const hint = found.signal === undefined ? "" : "; this is a controller: pass its `signal`";
  return [{ path, problem: `must be an AbortSignal${hint}` }];
}

/** Refuses an argument that lacks a function which is called. It may be missing altogether. */
export const checkFunctions = (path: string, value: unknown, names: readonly string[]): void =>
  refuse(lackingProblems(path, value ?? {}, names));

/** The problem with an option whose functions are called. It names the functions that the option lacks. */
export function lackingProblems(path: string, value: unknown, names: readonly string[]): readonly InputProblem[] {
  if (value === undefined) return [];
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  const missing = names.filter((name) => !isObject || typeof Reflect.get(value, name) !== "function");
  return missing.length === 0 ? [] : [{ path, problem: `must have the functions ${missing.join(", ")}` }];
}
