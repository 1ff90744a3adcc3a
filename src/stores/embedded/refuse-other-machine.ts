import { BuyonceError } from "../../domain/errors.js";
import { describeProcess, isElsewhere, type ProcessIdentity } from "../local/process-identity.js";
import type { Cluster } from "./cluster.js";
import { type PostmasterFile, postmasterPath } from "./postmaster-file.js";
import { readState } from "./server-state.js";
import { usersElsewhere } from "./server-users.js";

/**
 * Throws `STORE_LOCKED` if postmaster.pid may name a server on another machine or in another container.
 *
 * Two servers on one data directory destroy it. PostgreSQL notices another server by its pid and its shared memory, but
 * those of another machine mean nothing here. A server.json of this machine with the same pid proves that the server
 * is, or was, one of this machine, because every start of a server deletes that file first.
 */
export function refuseOtherMachine(cluster: Cluster, file: PostmasterFile | "unreadable"): void {
  const server = readState(cluster)?.server;
  const isNamed = server !== undefined && file !== "unreadable" && server.pid === file.pid;
  if (isNamed && !isElsewhere(server)) return;
  const records = new Map(usersElsewhere(cluster));
  if (server !== undefined && isElsewhere(server)) records.set(cluster.stateFile, server);
  const [holder] = records.values();
  if (holder !== undefined) throw locked(cluster, holder, [postmasterPath(cluster), ...records.keys()]);
}

const locked = ({ folder }: Cluster, holder: ProcessIdentity, files: readonly string[]): BuyonceError =>
  new BuyonceError(
    "STORE_LOCKED",
    `The server of ${folder} may run elsewhere: it is in use by ${describeProcess(holder)}. Close it there first. If the server and its users are certainly gone there, delete ${files.join(", ")}.`,
    { details: { files, holder } },
  );
