import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { embeddedPostgres } from "../src/stores/embedded/index.js";

/** Runs some work on a PostgreSQL server: the server of DATABASE_URL, or an embedded server in a temporary folder. */
export async function withPostgres<Result>(work: (pool: pg.Pool) => Promise<Result>): Promise<Result> {
  const given = process.env.DATABASE_URL;
  if (given) return await withPool(given, work);
  const folder = await mkdtemp(join(tmpdir(), "buyonce-bench-"));
  const server = await embeddedPostgres({ dataDir: join(folder, "postgres") });
  try {
    return await withPool(server.url, work);
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function withPool<Result>(connectionString: string, work: (pool: pg.Pool) => Promise<Result>): Promise<Result> {
  const pool = new pg.Pool({ connectionString, max: 16 });
  // The server may end idle connections before the pool has closed them.
  pool.on("error", () => {});
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
