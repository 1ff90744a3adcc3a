import { existsSync } from "node:fs";
import { isElsewhere, isSameProcess, ownIdentity, type ProcessIdentity, runsHere } from "../local/process-identity.js";
import type { Cluster } from "./cluster.js";
import { forgetState, readState } from "./server-state.js";
import { recordUser, withoutUser } from "./server-users.js";
import { withStartLock, withStartLockNow } from "./start-lock.js";
import { stopAtExit } from "./stop-at-exit.js";
import { stopServer, stopServerNow } from "./stop-server.js";

/**
 * This process's use of a cluster's server. It begins before the search for the server, and ends when the server is no
 * longer needed. The last process that ends its use stops the server, even if the process ends without `end()`.
 */
export interface ServerUse {
  /**
   * The program of PostgreSQL that this process started or found last. It is stopped even before it is a ready server.
   */
  program: ProcessIdentity | undefined;
  end(): Promise<void>;
}

/** Begins to use the server of a cluster. */
export function useServer(cluster: Cluster): ServerUse {
  const record = recordUser(cluster);
  const use: ServerUse = { program: undefined, end };
  const forgetExit = stopAtExit(endNow);
  return use;

  async function end(): Promise<void> {
    await withStartLock(cluster, async () => {
      if (withoutUser(cluster, record).length > 0) return;
      for (const server of running(cluster, use)) await stopServer(server);
      forgetStopped(cluster);
    });
    forgetExit();
  }

  function endNow(): void {
    // No other process can find the server of a folder that was deleted, so this process stops it.
    if (!existsSync(cluster.folder)) running(cluster, use).forEach(stopServerNow);
    else
      withStartLockNow(cluster, () => {
        if (withoutUser(cluster, record).some(outlivesThisProcess)) return;
        running(cluster, use).forEach(stopServerNow);
        forgetStopped(cluster);
      });
  }
}

const outlivesThisProcess = (user: ProcessIdentity): boolean => !isSameProcess(user, ownIdentity());

/**
 * Deletes the record of a stopped server. The record of another machine's server stays, because only that record shows
 * the server.
 */
function forgetStopped(cluster: Cluster): void {
  const server = readState(cluster)?.server;
  if (server === undefined || !isElsewhere(server)) forgetState(cluster);
}

/**
 * The programs to stop. The recorded server counts too, because another process may have started the server again. The
 * own program counts too, because the record may be damaged.
 */
const running = (cluster: Cluster, { program }: ServerUse): readonly ProcessIdentity[] =>
  [readState(cluster)?.server, program].filter((server) => server !== undefined).filter(runsHere);
