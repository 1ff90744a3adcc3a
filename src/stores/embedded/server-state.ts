import { readFileSync, rmSync, statSync } from "node:fs";
import * as z from "zod/mini";
import { processIdentitySchema } from "../local/process-identity.js";
import { replaceFile } from "../local/replace-file.js";
import type { Cluster } from "./cluster.js";
import type { RunningServer } from "./running-server.js";

/**
 * Which process the server is, where it listens, and the inode of its data directory: a copy of the folder has another
 * one. On the port of the original its server would meet clients that take it for that.
 */
const stateSchema = z.object({ server: processIdentitySchema, port: z.int().check(z.positive()), data: z.string() });
/** The content of server.json. */
export type ServerState = z.infer<typeof stateSchema>;

/** Reads server.json; `undefined` where there is none or it is damaged or copied, for it only repeats what can be found out. */
export function readState(cluster: Cluster): ServerState | undefined {
  try {
    const state = stateSchema.parse(JSON.parse(readFileSync(cluster.stateFile, "utf8")));
    return state.data === inodeOf(cluster) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Records the server that runs. */
export const recordState = (cluster: Cluster, { process: server, port }: RunningServer): void =>
  replaceFile(cluster.stateFile, JSON.stringify({ server, port, data: inodeOf(cluster) } satisfies ServerState));

const inodeOf = ({ data }: Cluster): string => String(statSync(data, { bigint: true }).ino);

/** Forgets a server that is no more. */
export const forgetState = ({ stateFile }: Cluster): void => rmSync(stateFile, { force: true });
