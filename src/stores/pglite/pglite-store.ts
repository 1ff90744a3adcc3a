import type { PGlite } from "@electric-sql/pglite";
import { BuyonceError } from "../../domain/errors.js";
import { checkKeys } from "../../domain/options.js";
import type { ExecutionStore } from "../../store-port/execution-store.js";
import type { RecommendationStore } from "../../store-port/recommendation-store.js";
import { privateFolder } from "../local/private-folder.js";
import { fromPglite } from "../postgres/client/executors/from-pglite.js";
import { sharedRun } from "../postgres/client/shared-run.js";
import { postgresRecommendationStore } from "../postgres/postgres-recommendation-store.js";
import { postgresStore } from "../postgres/postgres-store.js";
import { migrate } from "../postgres/schema/migrate.js";
import { lockStoreFolder } from "./lock-store-folder.js";
import { openInFolder, openInMemory } from "./open-pglite.js";

/** Where PGlite keeps its data. */
export interface PgliteStoreOptions {
  /**
   * A folder for this store only. It is created with mode 0700 if it does not exist. Without a folder all data is in
   * memory.
   */
  readonly dataDir?: string;
  /**
   * Required with `dataDir`. PGlite never calls fsync, so a power failure or a crash of the operating system can lose
   * the last commits or damage the folder. The proof that something was bought is then lost too. A killed process loses
   * nothing.
   */
  readonly acceptLossOnPowerFailure?: true;
}

/** A store that has to be closed. */
export interface PgliteStore extends ExecutionStore {
  /** The recommendations of the clouds, in the same database. */
  readonly recommendations: RecommendationStore;
  /** Closes the database and frees its folder. */
  close(): Promise<void>;
}

/** The names of all files and folders that belong in the folder. */
const OURS = /^(data|data\.new|store\.lock\..+)$/;

/**
 * A store in PGlite, PostgreSQL inside this process: for development, demos and tests.
 *
 * It needs the optional peer `@electric-sql/pglite` (`DEPENDENCY_MISSING`). Only one process and one instance may use a
 * folder. A second one is refused with `STORE_LOCKED`, because PGlite itself would let both destroy the data. If a
 * process was killed in another container, this machine cannot tell; the error then names the file to delete.
 *
 * A folder without `acceptLossOnPowerFailure` is refused with `DURABILITY_NOT_ACKNOWLEDGED`. Purchases that matter
 * belong into `buyonce/embedded` or `buyonce/postgres`. The store migrates its own schema.
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
  const close = sharedRun(async () => {
    if (!pglite.closed) await pglite.close();
    unlock();
  });
  return { ...postgresStore(sql), recommendations: postgresRecommendationStore(sql), close };
}

const notAcknowledged = (dataDir: string): BuyonceError =>
  new BuyonceError(
    "DURABILITY_NOT_ACKNOWLEDGED",
    `PGlite does not sync ${dataDir} to disk: a power failure can lose the record of a purchase. Use buyonce/embedded, or pass acceptLossOnPowerFailure: true.`,
  );
