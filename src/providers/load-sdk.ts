import { BuyonceError } from "../domain/errors.js";
import { isError } from "../domain/is-error.js";

/**
 * Loads an SDK package on first use, so that importing an adapter stays cheap.
 *
 * Throws `DEPENDENCY_MISSING` if the package is not installed. Any other failure to load it is thrown on.
 */
export async function loadSdk<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if (!isMissing(cause, name)) throw cause;
    throw new BuyonceError("DEPENDENCY_MISSING", `Install ${name}: this call needs it.`, { cause, details: { name } });
  }
}

// A package that is there but misses one of its own dependencies fails with the same code, and is not "missing".
const isMissing = (thrown: unknown, name: string): boolean =>
  isError(thrown) && "code" in thrown && thrown.code === "ERR_MODULE_NOT_FOUND" && thrown.message.includes(`'${name}'`);
