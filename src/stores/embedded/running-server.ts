import type { ProcessIdentity } from "../local/process-identity.js";

/** A server that has proved that it serves the cluster's data directory. */
export interface RunningServer {
  readonly process: ProcessIdentity;
  readonly port: number;
}
