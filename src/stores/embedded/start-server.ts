import { type ChildProcess, spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../domain/clock.js";
import { localServerFailed } from "../local/local-server-failed.js";
import { processIdentity } from "../local/process-identity.js";
import type { Cluster } from "./cluster.js";
import { readPostmasterFile } from "./postmaster-file.js";
import { whatServes } from "./prove-server.js";
import { type Reachable, withReachable } from "./reachable.js";
import type { RunningServer } from "./running-server.js";
import { asServer } from "./server-process.js";
import type { ServerUse } from "./server-use.js";

/** Recovery after a crash replays at most `max_wal_size` (1 GB), which takes seconds. */
const PATIENCE_MS = 60_000;
const POLL_MS = 10;

/**
 * The settings of the server. It listens on loopback only, without socket files. All acknowledged data is on disk. The
 * log holds no statements. Each process has a pool of 16 connections, so there are enough for thirty processes. A sweep
 * over many rows sorts them in memory and keeps its log records in memory, so that parallel sweeps do not wait for the
 * disk or for each other.
 */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  fsync: "on",
  full_page_writes: "on",
  synchronous_commit: "on",
  log_min_error_statement: "panic",
  max_connections: "500",
  work_mem: "16MB",
  wal_buffers: "64MB",
};

/**
 * Starts the server of a cluster. If PostgreSQL ends, returns its log instead. The caller holds the start lock and
 * found no running server.
 */
export async function startServer(cluster: Cluster, use: ServerUse, port: number): Promise<RunningServer | string> {
  const child = await withReachable(cluster.account, [cluster.data], (data) => spawnServer(cluster, use, port, data));
  const giveUpAt = systemClock.monotonic() + PATIENCE_MS;
  while (child.exitCode === null && child.signalCode === null) {
    const file = await readPostmasterFile(cluster);
    const isReady = file !== undefined && file !== "unreadable" && file.ready && file.pid === child.pid;
    const process = isReady ? processIdentity(file.pid) : undefined;
    if (process !== undefined && (await whatServes(cluster, port)) === "this") return { process, port };
    if (systemClock.monotonic() > giveUpAt) {
      child.kill("SIGQUIT");
      throw localServerFailed(cluster.folder, `it did not accept connections for a minute: ${await logOf(cluster)}`);
    }
    await sleep(POLL_MS);
  }
  return await logOf(cluster);
}

const logOf = ({ logFile }: Cluster): Promise<string> => readFile(logFile, "utf8");

/**
 * Runs the program of the server. It has a session of its own, so that Ctrl-C in a terminal does not reach the server
 * while this process still uses it. Its output is a file, so that the server stays alive when this process is killed.
 */
async function spawnServer(
  cluster: Cluster,
  use: ServerUse,
  port: number,
  { names: [data], descriptors }: Reachable,
): Promise<ChildProcess> {
  const log = await open(cluster.logFile, "w", 0o600);
  try {
    const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const child = spawn(cluster.binaries.postgres, [`-D${data}`, "-p", String(port), ...settings], {
      ...asServer(cluster),
      detached: true,
      stdio: ["ignore", log.fd, log.fd, ...descriptors],
    });
    use.program = processIdentity(child.pid ?? 0);
    child.unref();
    await new Promise((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    return child;
  } finally {
    await log.close();
  }
}
