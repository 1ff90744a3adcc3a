import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { freePort } from "../../../src/stores/embedded/free-port.js";
import { handTo } from "../../../src/stores/embedded/server-account.js";
import { copyMadeCluster } from "../../stores/support/made-cluster.js";
import { temporaryFolder } from "../../stores/support/test-database.js";

/** How a server goes down: as its administrator would do it, or as a machine that loses power. */
export type Downfall = "fast shutdown" | "crash";

/** A PostgreSQL of a test's own, on one port and one folder through all its restarts. */
export interface ChaosServer {
  readonly url: string;
  readonly port: number;
  /** The test's own connections, for looking and for making trouble. */
  readonly pool: pg.Pool;
  /** Ends the server and its processes; `up` starts it again. */
  down(how: Downfall): Promise<void>;
  up(): Promise<void>;
  restart(how: Downfall): Promise<void>;
  /** Starts the server that is down as a replica that takes no writes; the next `down` ends it and its being one. */
  upAsReplica(): Promise<void>;
  close(): Promise<void>;
}

/** Starts one. Unlike that of `buyonce/embedded` nobody starts it again but its test. */
export async function startChaosServer(): Promise<ChaosServer> {
  const folder = await temporaryFolder();
  const cluster = await newCluster(folder.path);
  const url = `postgresql://buyonce@127.0.0.1:${cluster.port}/postgres`;
  const pool = poolOf(url, { max: 8 });
  const standby = join(cluster.data, "standby.signal");
  let server: ChildProcess | undefined;

  const up = async () => {
    server = await startServer(cluster, pool);
  };
  const down = async (how: Downfall) => {
    if (server !== undefined) await endServer(server, how);
    server = undefined;
    await rm(standby, { force: true });
  };
  await up();
  return {
    url,
    port: cluster.port,
    pool,
    down,
    up,
    async restart(how) {
      await down(how);
      await up();
    },
    async upAsReplica() {
      await writeFile(standby, "");
      await handTo(cluster.account, standby);
      await up();
    },
    async close() {
      await pool.end();
      await down("fast shutdown");
      await folder.remove();
    },
  };
}

/** A pool that outlives its connections, as an application's has to. */
export function poolOf(connectionString: string, options: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({ connectionString, ...options });
  pool.on("error", () => {});
  return pool;
}

type Cluster = Awaited<ReturnType<typeof newCluster>>;

async function newCluster(folder: string) {
  const { account, binaries, data, logFile } = await copyMadeCluster(join(folder, "pg"));
  // The server's account must get to its data.
  await chmod(folder, 0o711);
  await writeFile(join(data, "pg_hba.conf"), "host all all 127.0.0.1/32 trust\n");
  return { account, data, port: await freePort(), postgres: binaries.postgres, logFile };
}

const SETTINGS = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=on"].flatMap((one) => ["-c", one]);

/** The processes of a server that was killed may take a moment to let go of its memory. */
async function startServer(cluster: Cluster, pool: pg.Pool): Promise<ChildProcess> {
  for (let tries = 0; ; tries += 1) {
    const server = await spawnServer(cluster);
    while (server.exitCode === null) {
      const answer = await pool.query("select").catch(() => undefined);
      if (answer !== undefined) return server;
      await sleep(10);
    }
    if (tries === 20) throw new Error(`PostgreSQL did not start: ${await readFile(cluster.logFile, "utf8")}`);
    await sleep(100);
  }
}

async function spawnServer({ account, data, port, postgres, logFile }: Cluster): Promise<ChildProcess> {
  const log = await open(logFile, "w");
  const server = spawn(postgres, ["-D", data, "-p", String(port), ...SETTINGS], {
    ...account,
    cwd: "/",
    stdio: ["ignore", log.fd, log.fd],
  });
  const stopWithTheTest = () => void server.kill("SIGQUIT");
  process.once("exit", stopWithTheTest);
  server.once("exit", () => process.off("exit", stopWithTheTest));
  await once(server, "spawn");
  await log.close();
  return server;
}

async function endServer(server: ChildProcess, how: Downfall): Promise<void> {
  const children = how === "crash" ? childrenOf(server.pid) : [];
  const ended = once(server, "exit");
  server.kill(how === "crash" ? "SIGKILL" : "SIGINT");
  for (const pid of children) kill(pid);
  await ended;
}

const childrenOf = (pid: number | undefined): readonly number[] =>
  execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []));

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself, as the children of a killed server do.
  }
}
