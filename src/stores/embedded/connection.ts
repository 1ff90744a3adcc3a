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
      "its password file cannot be read; restore it from a backup of the folder.",
      cause,
    );
  });
  return `postgresql://${ROLE}:${password.trim()}@127.0.0.1:${port}/${DATABASE}`;
}

/** Far longer than a server of this machine takes to answer; a stranger on its port may never do so. */
const CONNECTING_MS = 5_000;

/**
 * How to connect to that address. Whatever the environment could say about it (PGSSLMODE, PGOPTIONS) is said here, for that
 * is meant for other servers; `pg` takes an empty text for none.
 */
export const connectionTo = (connectionString: string) => ({
  connectionString,
  connectionTimeoutMillis: CONNECTING_MS,
  ssl: false,
  sslnegotiation: "postgres" as const,
  client_encoding: "UTF8",
  options: "-c synchronous_commit=on",
});

/** Whether a server has refused to be connected to because all its connections are taken, which shows that it runs. */
export const isFull = (error: unknown): boolean => sqlStateOf(error) === "53300";
