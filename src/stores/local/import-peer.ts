import { BuyonceError } from "../../domain/errors.js";
import { isMissingModule } from "../../domain/is-missing-module.js";

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
    throw isMissingModule(error, name) ? missingPeer(name, error, instead) : error;
  }
}
