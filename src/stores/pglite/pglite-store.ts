import type { PGlite } from "@electric-sql/pglite";
import { BuyonceError } from "../../domain/errors.js";
import { checkKeys } from "../../domain/options.js";
import type { ExecutionStore } from "../../store-port/execution-store.js";
import { privateFolder } from "../local/private-folder.js";
import { fromPglite } from "../postgres/client/executors/from-pglite.js";
import { once } from "../postgres/client/once.js";
import { postgresStore } from "../postgres/postgres-store.js";
import { migrate } from "../postgres/schema/migrate.js";
import { lockStoreFolder } from "./lock-store-folder.js";
import { openInFolder, openInMemory } from "./open-pglite.js";

/** Where PGlite keeps its data. */
export interface PgliteStoreOptions {
  /** A folder of its own, created with mode 0700 where it does not exist. Without it everything is in memory. */
  readonly dataDir?: string;
  /**
   * Required with `dataDir`: PGlite never calls fsync, so a power failure or a crash of the operating system can lose the
   * last commits or damage the folder, and with it the proof that something was bought. A killed process loses nothing.
   */
  readonly acceptLossOnPowerFailure?: true;
}

/** A store that has to be closed. */
export interface PgliteStore extends ExecutionStore {
  /** Closes the database and frees its folder. */
  close(): Promise<void>;
}

/** The folder's content. */
const OURS = /^(data|data\.new|store\.lock\..+)$/;

/**
 * A store in PGlite, PostgreSQL inside this process: for development, demos and tests.
 *
 * Needs the optional peer `@electric-sql/pglite` (`DEPENDENCY_MISSING`). One process and one instance per folder: a
 * second is refused with `STORE_LOCKED`, because PGlite itself would let both destroy the data. Where a process was killed
 * in another container, nobody can tell; the error names the file to delete then. A folder without
 * `acceptLossOnPowerFailure` is refused with `DURABILITY_NOT_ACKNOWLEDGED`; purchases that matter belong into
 * `buyonce/embedded` or `buyonce/postgres`. It migrates itself.
 */
export async function pgliteStore(options: PgliteStoreOptions = {}): Promise<PgliteStore> {
  checkKeys("options", options, { dataDir: true, acceptLossOnPowerFailure: true });
  const { dataDir } = options;
  if (dataDir === undefined) return await storeIn(await openInMemory(), () => {});
  if (options.acceptLossOnPowerFailure !== true) throw notAcknowledged(dataDir);
  const folder = await privateFolder(dataDir, OURS);
  const unlock = lockStoreFolder(folder);
  try {
    return await storeIn(await openInFolder(folder), unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function storeIn(pglite: PGlite, unlock: () => void): Promise<PgliteStore> {
  const sql = fromPglite(pglite);
  try {
    await migrate(sql);
  } catch (error) {
    await pglite.close();
    throw error;
  }
  const close = once(async () => {
    if (!pglite.closed) await pglite.close();
    unlock();
  });
  return { ...postgresStore(sql), close };
}

const notAcknowledged = (dataDir: string): BuyonceError =>
  new BuyonceError(
    "DURABILITY_NOT_ACKNOWLEDGED",
    `PGlite does not sync ${dataDir} to disk: a power failure can lose the record of a purchase. Use buyonce/embedded, or pass acceptLossOnPowerFailure: true.`,
  );
