import { readFileSync, rmSync, statSync } from "node:fs";
import * as z from "zod/mini";
import { processIdentitySchema } from "../local/process-identity.js";
import { replaceFile } from "../local/replace-file.js";
import type { Cluster } from "./cluster.js";
import type { RunningServer } from "./running-server.js";

/**
 * The process of the server, its port, and the inode of its data directory. A copy of the folder has another inode, so
 * it does not reuse the port of the original. On that port, clients would take the copy for the original.
 */
const stateSchema = z.object({ server: processIdentitySchema, port: z.int().check(z.positive()), data: z.string() });
/** The content of server.json. */
export type ServerState = z.infer<typeof stateSchema>;

/**
 * Reads server.json. `undefined` if it is missing, damaged or copied. Nothing is lost then, because its facts can be
 * found out again.
 */
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

/** Deletes the record of a server that is gone. */
export const forgetState = ({ stateFile }: Cluster): void => rmSync(stateFile, { force: true });
