import { existsSync } from "node:fs";
import { isElsewhere, isSameProcess, ownIdentity, type ProcessIdentity, runsHere } from "../local/process-identity.js";
import type { Cluster } from "./cluster.js";
import { forgetState, readState } from "./server-state.js";
import { recordUser, withoutUser } from "./server-users.js";
import { withStartLock, withStartLockNow } from "./start-lock.js";
import { stopAtExit } from "./stop-at-exit.js";
import { stopServer, stopServerNow } from "./stop-server.js";

/**
 * This process's use of a cluster's server, from before the server is looked for until it is needed no more. Whoever is
 * the last to end its use stops the server, also where a process ends without saying so.
 */
export interface ServerUse {
  /** The program of PostgreSQL that this process started or found last; it is stopped even before it is a server. */
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
    // Nobody else finds the server of a folder that was deleted.
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

/** Only what is recorded keeps a server of another machine from being overlooked. */
function forgetStopped(cluster: Cluster): void {
  const server = readState(cluster)?.server;
  if (server === undefined || !isElsewhere(server)) forgetState(cluster);
}

/** Another process may have started the server anew; what was recorded may be damaged. */
const running = (cluster: Cluster, { program }: ServerUse): readonly ProcessIdentity[] =>
  [readState(cluster)?.server, program].filter((server) => server !== undefined).filter(runsHere);
