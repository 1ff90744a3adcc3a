import { BuyonceError } from "../../domain/errors.js";
import { isError } from "../../domain/is-error.js";

/** The error for an optional peer package that is not installed. */
export const missingPeer = (name: string, cause: unknown, instead = ""): BuyonceError =>
  new BuyonceError("DEPENDENCY_MISSING", `The package "${name}" is not installed: npm install ${name}${instead}`, {
    cause,
  });

/** Loads an optional peer package. Throws `DEPENDENCY_MISSING` if it is not installed; `instead` ends the message. */
export async function importPeer<Module>(name: string, load: () => Promise<Module>, instead?: string): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    if (isError(error) && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")
      throw missingPeer(name, error, instead);
    throw error;
  }
}
