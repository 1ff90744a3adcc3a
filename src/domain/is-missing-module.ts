import { isError } from "./is-error.js";

/** The codes of an `import` and of a `require` that find nothing. */
const NOT_FOUND: readonly unknown[] = ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"];

/**
 * Whether a thrown value says that a package is not installed.
 *
 * A package that is there but misses one of its own dependencies fails with the same code, and is not "missing".
 */
export const isMissingModule = (thrown: unknown, name: string): boolean =>
  isError(thrown) && "code" in thrown && NOT_FOUND.includes(thrown.code) && thrown.message.includes(`'${name}'`);
