import { chmod, mkdir, readdir } from "node:fs/promises";

/**
 * Makes a folder that only its owner can enter.
 *
 * A `TypeError` for a folder with anything in it that is not ours: changing the rights of somebody's home or of `/tmp`
 * would do harm.
 */
export async function privateFolder(folder: string, ours: RegExp): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const foreign = (await readdir(folder)).find((name) => !ours.test(name));
  if (foreign !== undefined)
    throw new TypeError(
      `dataDir must be a new or empty folder, or one that buyonce made; ${JSON.stringify(folder)} holds ${JSON.stringify(foreign)}`,
    );
  await chmod(folder, 0o700);
}
