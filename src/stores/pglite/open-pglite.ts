import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { messageOf } from "../../domain/errors.js";
import { exists } from "../local/exists.js";
import { importPeer } from "../local/import-peer.js";
import { localServerFailed } from "../local/local-server-failed.js";

const INT8 = 20;
const NUMERIC = 1700;

/**
 * Parsers that return numbers which JavaScript cannot hold as text, like `pg`. PGlite's own type depends on the size of
 * the number.
 */
const PARSERS = {
  [INT8]: (text: string) => text,
  [NUMERIC]: (text: string) => text,
};

/** Opens a PGlite in memory, which ends with this process. */
export const openInMemory = (): Promise<PGlite> => open({});

/**
 * Opens the PGlite in a folder, or creates it if there is none. The caller must hold the folder's lock.
 *
 * PGlite copies a new database into its folder file by file. The next time it takes any content of the folder for a
 * whole database. So the database is created in `data.new`, which is renamed to `data` when it is whole.
 */
export async function openInFolder(folder: string): Promise<PGlite> {
  const [data, draft] = [join(folder, "data"), join(folder, "data.new")];
  if (!(await exists(data))) {
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { mode: 0o700 });
    await (await open({ dataDir: draft })).close();
    await rename(draft, data);
  }
  return await open({ dataDir: data });
}

async function open(where: { readonly dataDir?: string }): Promise<PGlite> {
  const { PGlite } = await importPeer("@electric-sql/pglite", () => import("@electric-sql/pglite"));
  try {
    return await PGlite.create({ ...where, parsers: PARSERS });
  } catch (error) {
    const problem = `PGlite cannot open it (${messageOf(error)}). Restore the folder from a backup.`;
    throw where.dataDir === undefined ? error : localServerFailed(where.dataDir, problem, error);
  }
}
