import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The pid of the embedded server of a folder, from its own file. */
export async function serverPid(dataDir: string): Promise<number> {
  const file = await readFile(join(dataDir, "data", "postmaster.pid"), "utf8");
  return Number(file.split("\n")[0]);
}
