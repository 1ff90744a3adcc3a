import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../domain/clock.js";
import type { BuyonceError } from "../../domain/errors.js";
import { localServerFailed } from "../local/local-server-failed.js";
import { isSameProcess, type ProcessIdentity, processIdentity } from "../local/process-identity.js";
import type { Cluster } from "./cluster.js";
import {
  deletePostmasterFile,
  markStale,
  type PostmasterFile,
  postmasterPath,
  readPostmasterFile,
} from "./postmaster-file.js";
import { whatServes } from "./prove-server.js";
import { refuseOtherMachine } from "./refuse-other-machine.js";
import type { RunningServer } from "./running-server.js";
import { readState } from "./server-state.js";

/** Long enough for a server that is stopping, or recovering after a crash. */
const PATIENCE_MS = 30_000;
/** Far longer than the time between the creation of a file and the writing of its hundred bytes. */
const UNREADABLE_MS = 5_000;
/**
 * How long to wait for a free connection. The server runs, but only its users decide when a connection becomes free.
 */
const FULL_MS = 5_000;
const POLL_MS = 50;

/** The server that already runs on the cluster, or `undefined` if none does. The caller holds the start lock. */
export async function findServer(cluster: Cluster): Promise<RunningServer | undefined> {
  const startedAt = systemClock.monotonic();
  for (;;) {
    const file = await readPostmasterFile(cluster);
    if (file === undefined) return undefined;
    refuseOtherMachine(cluster, file);
    const waitedMs = systemClock.monotonic() - startedAt;
    if (file === "unreadable") {
      if (waitedMs > UNREADABLE_MS) await deletePostmasterFile(cluster);
    } else {
      const found = await lookFor(cluster, file);
      if (found === "stale") {
        await markStale(cluster);
        return undefined;
      }
      if (typeof found !== "string") return found;
      if (found === "full" && waitedMs > FULL_MS) throw full(cluster, file);
      if (waitedMs > PATIENCE_MS) throw unusable(cluster, file);
    }
    await sleep(POLL_MS);
  }
}

/**
 * The server that postmaster.pid names. `stale`: it is certainly gone. `full`: it takes no more connections. `unknown`:
 * it starts or stops.
 */
async function lookFor(cluster: Cluster, file: PostmasterFile): Promise<RunningServer | "stale" | "full" | "unknown"> {
  const process = processIdentity(file.pid);
  if (process === undefined || isRecycled(cluster, process)) return "stale";
  const served = file.ready ? await whatServes(cluster, file.port) : "unknown";
  if (served === "another") return "stale";
  return served === "this" ? { process, port: file.port } : served;
}

/** Whether server.json shows that the server was another process with the same pid. */
function isRecycled(cluster: Cluster, running: ProcessIdentity): boolean {
  const recorded = readState(cluster)?.server;
  return recorded?.pid === running.pid && !isSameProcess(recorded, running);
}

const full = (cluster: Cluster, { pid, port }: PostmasterFile): BuyonceError =>
  localServerFailed(
    cluster.folder,
    `the server that runs as process ${pid} on port ${port} has no connection left. Close some, then call again.`,
  );

const unusable = (cluster: Cluster, { pid, port }: PostmasterFile): BuyonceError =>
  localServerFailed(
    cluster.folder,
    `${postmasterPath(cluster)} names process ${pid}, which runs but does not answer on port ${port} as the server of this folder. If it is not PostgreSQL, delete that file.`,
  );
