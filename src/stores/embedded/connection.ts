import { readFile } from "node:fs/promises";
import { importPeer } from "../local/import-peer.js";
import { localServerFailed } from "../local/local-server-failed.js";
import { sqlStateOf } from "../postgres/client/sql-state.js";
import { type Cluster, DATABASE, ROLE } from "./cluster.js";

/** Loads the driver. */
export const loadDriver = async () => (await importPeer("pg", () => import("pg"))).default;

/** The address of a cluster's server, password included. */
export async function connectionUrl(cluster: Cluster, port: number): Promise<string> {
  const password = await readFile(cluster.passwordFile, "utf8").catch((cause: unknown) => {
    throw localServerFailed(
      cluster.folder,
      "its password file cannot be read. Restore that file from a backup of the folder.",
      cause,
    );
  });
  return `postgresql://${ROLE}:${password.trim()}@127.0.0.1:${port}/${DATABASE}`;
}

/** Far longer than a server of this machine takes to answer. Another program on its port may never answer. */
const CONNECTING_MS = 5_000;

/**
 * How to connect to an address. All settings that the environment could change (PGSSLMODE, PGOPTIONS) are set here,
 * because the environment is meant for other servers. `pg` treats an empty text as no setting.
 */
export const connectionTo = (connectionString: string) => ({
  connectionString,
  connectionTimeoutMillis: CONNECTING_MS,
  ssl: false,
  sslnegotiation: "postgres" as const,
  client_encoding: "UTF8",
  options: "-c synchronous_commit=on",
});

/** Whether a server refused a connection because all its connections are taken. Such a server runs. */
export const isFull = (error: unknown): boolean => sqlStateOf(error) === "53300";
