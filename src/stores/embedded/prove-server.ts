import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cluster } from "./cluster.js";
import { connectionTo, connectionUrl, isFull, loadDriver } from "./connection.js";
import { handTo } from "./server-account.js";

const CHALLENGE = "buyonce.challenge";

type Served = "this" | "another" | "full" | "unknown";

/**
 * Which data directory the server behind a port serves: `this` one or `another` one. `full`: all its connections are
 * taken, so it cannot tell. `unknown`: it cannot be reached, or it does not accept the password.
 *
 * The password alone proves nothing, because a copied folder has the same password. So the server must read back a text
 * that was just written into the directory. The caller holds the start lock.
 */
export async function whatServes(cluster: Cluster, port: number): Promise<Served> {
  const file = join(cluster.data, CHALLENGE);
  const challenge = randomUUID();
  await writeFile(file, challenge, { mode: 0o600 });
  try {
    await handTo(cluster.account, file);
    return await readsBack(challenge, await connectionUrl(cluster, port));
  } finally {
    await rm(file, { force: true });
  }
}

async function readsBack(challenge: string, url: string): Promise<Served> {
  const { Client } = await loadDriver();
  const client = new Client(connectionTo(url));
  // An error between two queries shows up as the error of the next query.
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ text: string | null }>("select pg_read_file($1, 0, 100, true) as text", [
      CHALLENGE,
    ]);
    return rows[0]?.text === challenge ? "this" : "another";
  } catch (error) {
    return isFull(error) ? "full" : "unknown";
  } finally {
    await client.end().catch(() => {});
  }
}
