import { chmod, mkdir, readdir } from "node:fs/promises";
import { resolve } from "node:path";

/**
 * Makes a folder that only its owner can enter, and returns its absolute path.
 *
 * A `TypeError` for a folder with anything in it that is not ours: changing the rights of somebody's home or of `/tmp`
 * would do harm. And for what is no text, for an empty one and for an address, which would otherwise name some folder that nobody meant.
 */
export async function privateFolder(dataDir: string, ours: RegExp): Promise<string> {
  if (typeof dataDir !== "string" || dataDir === "" || ADDRESS.test(dataDir))
    throw new TypeError(`dataDir must be the path of a folder; found ${JSON.stringify(dataDir)}`);
  const folder = resolve(dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const foreign = (await readdir(folder)).find((name) => !ours.test(name));
  if (foreign !== undefined)
    throw new TypeError(
      `dataDir must be a new or empty folder, or one that buyonce made; ${JSON.stringify(folder)} holds ${JSON.stringify(foreign)}`,
    );
  await chmod(folder, 0o700);
  return folder;
}

/** `file://`, `memory://` and the like, as PGlite takes them. */
const ADDRESS = /^[\w-]+:\/\//;
