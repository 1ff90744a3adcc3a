import { readFile } from "node:fs/promises";
import { importPeer } from "../postgres/local/import-peer.js";
import { localServerFailed } from "../postgres/local/local-server-failed.js";
import { type Cluster, DATABASE, ROLE } from "./cluster.js";

/** Loads the driver. */
export const loadDriver = async () => (await importPeer("pg", () => import("pg"))).default;

/** The address of a cluster's server, password included. */
export async function connectionUrl(cluster: Cluster, port: number): Promise<string> {
  const password = await readFile(cluster.passwordFile, "utf8").catch((cause: unknown) => {
    throw localServerFailed(
      cluster.folder,
      "its password file cannot be read; restore it from a backup of the folder.",
      cause,
    );
  });
  return `postgresql://${ROLE}:${password.trim()}@127.0.0.1:${port}/${DATABASE}`;
}
