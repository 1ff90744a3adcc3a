import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../domain/clock.js";
import { localServerFailed } from "../local/local-server-failed.js";
import type { Cluster } from "./cluster.js";
import { findServer } from "./find-server.js";
import { freePort } from "./free-port.js";
import type { RunningServer } from "./running-server.js";
import { forgetState, readState, recordState } from "./server-state.js";
import type { ServerUse } from "./server-use.js";
import { startServer } from "./start-server.js";

/**
 * How long a start is tried again after a passing failure. The children of a killed server may be busy when it dies.
 */
const PATIENCE_MS = 30_000;
const BETWEEN_ATTEMPTS_MS = 200;

/** The server that runs on a cluster, started if none does. The caller holds the start lock. */
export async function findOrStart(
  cluster: Cluster,
  use: ServerUse,
  wanted: number | undefined,
): Promise<RunningServer> {
  const giveUpAt = systemClock.monotonic() + PATIENCE_MS;
  // The next server gets the old port, so that users of a killed server find it there.
  let port = wanted ?? readState(cluster)?.port;
  for (;;) {
    const found = await findServer(cluster);
    if (found !== undefined) return known(cluster, use, found);
    // The record of a process would be false for the next process, if that got the same pid.
    forgetState(cluster);
    const started = await startServer(cluster, use, port ?? (await freePort()));
    if (typeof started !== "string") return known(cluster, use, started);
    if (!mayPass(started, wanted) || systemClock.monotonic() > giveUpAt)
      throw localServerFailed(cluster.folder, started);
    port = wanted;
    await sleep(BETWEEN_ATTEMPTS_MS);
  }
}

function known(cluster: Cluster, use: ServerUse, server: RunningServer): RunningServer {
  use.program = server.process;
  recordState(cluster, server);
  return server;
}

/**
 * Whether a failed start may succeed a moment later, by PostgreSQL's log. The children of a killed server have not
 * noticed its end yet, a server that a killed process had just started came first, or another program took a port that
 * was free.
 */
const mayPass = (log: string, port: number | undefined): boolean =>
  log.includes("pre-existing shared memory block") ||
  log.includes('lock file "postmaster.pid" already exists') ||
  (port === undefined && log.includes("could not bind"));
