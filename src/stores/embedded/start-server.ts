import { type ChildProcess, spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../domain/clock.js";
import { processIdentity } from "../postgres/local/process-identity.js";
import type { Cluster } from "./cluster.js";
import { freePort } from "./free-port.js";
import { readPostmasterFile } from "./postmaster-file.js";
import { whatServes } from "./prove-server.js";
import { type Reachable, withReachable } from "./reachable.js";
import type { RunningServer } from "./running-server.js";
import { asServer } from "./server-process.js";

/** Recovery after a crash replays at most `max_wal_size` (1 GB), which takes seconds. */
const PATIENCE_MS = 60_000;
const POLL_MS = 10;
/** Somebody may take the port that was free a moment ago; the children of a killed server need a moment to notice. */
const ATTEMPTS = 5;
const BETWEEN_ATTEMPTS_MS = 200;

/** Loopback only, no socket files, everything acknowledged is on disk; no statements in the log. */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  fsync: "on",
  full_page_writes: "on",
  synchronous_commit: "on",
  log_min_error_statement: "panic",
};

/** Starts the server of a cluster. The caller holds the start lock and found none running. */
export async function startServer(cluster: Cluster, port: number | undefined): Promise<RunningServer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOn(cluster, port ?? (await freePort()));
    } catch (error) {
      if (attempt === ATTEMPTS || !mayPass(String(error), port)) throw error;
      await sleep(BETWEEN_ATTEMPTS_MS);
    }
  }
}

/** Whether a failed start may succeed a moment later, by what PostgreSQL logged. */
const mayPass = (log: string, port: number | undefined): boolean =>
  log.includes("pre-existing shared memory block") || (port === undefined && log.includes("could not bind"));

async function startOn(cluster: Cluster, port: number): Promise<RunningServer> {
  const child = await withReachable(cluster.account, [cluster.data], (data) => spawnServer(cluster, port, data));
  const giveUpAt = systemClock.monotonic() + PATIENCE_MS;
  while (child.exitCode === null && child.signalCode === null && systemClock.monotonic() < giveUpAt) {
    const file = await readPostmasterFile(cluster);
    const process = file?.ready && file.pid === child.pid ? processIdentity(file.pid) : undefined;
    if (process !== undefined && (await whatServes(cluster, port)) === "this") return { process, port };
    await sleep(POLL_MS);
  }
  child.kill("SIGQUIT");
  throw new Error(`PostgreSQL did not start on port ${port}: ${await readFile(cluster.logFile, "utf8")}`);
}

/**
 * A session of its own keeps a terminal's Ctrl-C from reaching the server before this process has stopped using it; a
 * file as its output keeps it alive when this process is killed.
 */
async function spawnServer(
  cluster: Cluster,
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
