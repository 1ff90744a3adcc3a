import { chmod, mkdir, readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { invalidArgument } from "../../domain/input-problem.js";

/**
 * Makes a folder that only its owner can enter, and returns its absolute path.
 *
 * A folder that holds any foreign file is refused with `INVALID_REQUEST`, because a change of the rights of a home folder or of `/tmp`
 * would do harm. So is a value that is not text, an empty text, or an address such as `file://`, which would name a
 * folder that nobody meant.
 */
export async function privateFolder(dataDir: string, ours: RegExp): Promise<string> {
  if (typeof dataDir !== "string" || dataDir === "" || ADDRESS.test(dataDir))
    throw invalidArgument("dataDir", `must be the path of a folder; found ${JSON.stringify(dataDir)}`);
  const folder = resolve(dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const foreign = (await readdir(folder)).find((name) => !ours.test(name));
  if (foreign !== undefined)
    throw invalidArgument(
      "dataDir",
      `must be a new or empty folder, or one that buyonce made; ${JSON.stringify(folder)} holds ${JSON.stringify(foreign)}`,
    );
  await chmod(folder, 0o700);
  return folder;
}

/** An address such as `file://` or `memory://`, which PGlite accepts. */
const ADDRESS = /^[\w-]+:\/\//;
