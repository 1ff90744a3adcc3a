import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { messageOf } from "../../domain/errors.js";
import { exists } from "../local/exists.js";
import { importPeer } from "../local/import-peer.js";
import { localServerFailed } from "../local/local-server-failed.js";

const INT8 = 20;
const NUMERIC = 1700;

/** Numbers that JavaScript cannot hold come as text, as `pg` gives them; PGlite's own choice depends on their size. */
const PARSERS = {
  [INT8]: (text: string) => text,
  [NUMERIC]: (text: string) => text,
};

/** Opens a PGlite that is gone with this process. */
export const openInMemory = (): Promise<PGlite> => open({});

/**
 * Opens the PGlite in a folder, whose lock the caller holds; creates it where there is none.
 *
 * PGlite copies a new database into its folder file by file and takes whatever it finds there the next time for a whole
 * one. So it works in `data.new`, which gets its name when it is whole.
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
    const problem = `PGlite does not open it (${messageOf(error)}). Restore the folder from a backup.`;
    throw where.dataDir === undefined ? error : localServerFailed(where.dataDir, problem, error);
  }
}
