import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cluster } from "./cluster.js";
import { connectionUrl, loadDriver } from "./connection.js";
import { handTo } from "./server-account.js";

const CHALLENGE = "buyonce.challenge";

/**
 * Whether the server behind a port serves this very data directory.
 *
 * The password alone proves nothing: a copied folder has the same. So the server must read back what was just written
 * into the directory. The caller holds the start lock.
 */
export async function serves(cluster: Cluster, port: number): Promise<boolean> {
  const file = join(cluster.data, CHALLENGE);
  const challenge = randomUUID();
  await writeFile(file, challenge, { mode: 0o600 });
  try {
    await handTo(cluster.account, file);
    return (await readBack(cluster, port)) === challenge;
  } finally {
    await rm(file, { force: true });
  }
}

/** What the server reads; `undefined` where it cannot be reached, does not take the password or cannot read it. */
async function readBack(cluster: Cluster, port: number): Promise<unknown> {
  const { Client } = await loadDriver();
  const client = new Client({ connectionString: await connectionUrl(cluster, port), connectionTimeoutMillis: 5_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ text: string }>("select pg_read_file($1) as text", [CHALLENGE]);
    return rows[0]?.text;
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => {});
  }
}
