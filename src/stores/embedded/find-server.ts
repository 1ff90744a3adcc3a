import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../domain/clock.js";
import { processIdentity } from "../postgres/local/process-identity.js";
import type { Cluster } from "./cluster.js";
import { type PostmasterFile, postmasterPath, readPostmasterFile } from "./postmaster-file.js";
import { serves } from "./prove-server.js";
import type { RunningServer } from "./running-server.js";
import { isSameProcess, readState } from "./server-state.js";

/** Long enough for a server that is stopping, or recovering after a crash. */
const PATIENCE_MS = 30_000;
const POLL_MS = 50;

/**
 * The server that already runs on the cluster, or `undefined` if none does. The caller holds the start lock.
 *
 * A postmaster.pid whose process is gone is left to PostgreSQL, which removes it; one whose pid was recycled, which
 * PostgreSQL would take for a running server, is removed here, if server.json proves it.
 */
export async function findServer(cluster: Cluster): Promise<RunningServer | undefined> {
  const giveUpAt = systemClock.monotonic() + PATIENCE_MS;
  for (;;) {
    const file = await readPostmasterFile(cluster);
    const process = file && processIdentity(file.pid);
    if (file === undefined || process === undefined) return undefined;
    if (await isRecycled(cluster, file)) return void (await rm(postmasterPath(cluster), { force: true }));
    if (file.ready && (await serves(cluster, file.port))) return { process, port: file.port };
    if (systemClock.monotonic() > giveUpAt) throw unusable(cluster, file);
    await sleep(POLL_MS);
  }
}

async function isRecycled(cluster: Cluster, { pid }: PostmasterFile): Promise<boolean> {
  const recorded = (await readState(cluster))?.server;
  const running = processIdentity(pid);
  return recorded?.pid === pid && running !== undefined && !isSameProcess(recorded, running);
}

const unusable = (cluster: Cluster, { pid, port }: PostmasterFile): Error =>
  new Error(
    `${postmasterPath(cluster)} names process ${pid}, which runs but does not answer on port ${port} as the server of this folder. If it is not PostgreSQL, delete that file.`,
  );
