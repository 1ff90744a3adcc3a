import { BuyonceError } from "../domain/errors.js";
import { isMissingModule } from "../domain/is-missing-module.js";

/**
 * Loads an SDK package on first use, so that importing an adapter stays cheap.
 *
 * Throws `DEPENDENCY_MISSING` if the package is not installed. Any other failure to load it is thrown on.
 */
export async function loadSdk<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if (!isMissingModule(cause, name)) throw cause;
    throw new BuyonceError("DEPENDENCY_MISSING", `Install ${name}: this call needs it.`, { cause, details: { name } });
  }
}
