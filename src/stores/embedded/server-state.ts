import { readFile, rename, rm, writeFile } from "node:fs/promises";
import * as z from "zod";
import { ownIdentity, type ProcessIdentity, processIdentitySchema } from "../postgres/local/process-identity.js";
import type { Cluster } from "./cluster.js";
import type { RunningServer } from "./running-server.js";

/** Who started the server, and which process it is. */
const stateSchema = z.object({
  owner: processIdentitySchema,
  server: processIdentitySchema,
  port: z.int().positive(),
});
/** The content of server.json. */
export type ServerState = z.infer<typeof stateSchema>;

/** Reads server.json; `undefined` where there is none or it is damaged, for it only repeats what can be found out. */
export async function readState(cluster: Cluster): Promise<ServerState | undefined> {
  try {
    return stateSchema.parse(JSON.parse(await readFile(cluster.stateFile, "utf8")));
  } catch {
    return undefined;
  }
}

/** Records this process as the owner of a server. */
export async function recordOwnership(cluster: Cluster, { process: server, port }: RunningServer): Promise<void> {
  const state: ServerState = { owner: ownIdentity(), server, port };
  const draft = `${cluster.stateFile}.draft`;
  await writeFile(draft, JSON.stringify(state), { mode: 0o600 });
  await rename(draft, cluster.stateFile);
}

/** Forgets a server that is no more. */
export const forgetState = (cluster: Cluster): Promise<void> => rm(cluster.stateFile, { force: true });

/** Whether two records mean the same process. */
export const isSameProcess = (a: ProcessIdentity, b: ProcessIdentity): boolean =>
  a.host === b.host && a.pid === b.pid && a.startedAt === b.startedAt;
