import type { SpawnOptions } from "node:child_process";
import type { Cluster } from "./cluster.js";

/**
 * Options of a PostgreSQL program: the server's account, no settings taken from the environment, and a working directory
 * that every account reaches.
 */
export function asServer({ account }: Cluster): SpawnOptions {
  const env = Object.entries(process.env).filter(([name]) => !name.startsWith("PG"));
  return { ...account, cwd: "/", env: { ...Object.fromEntries(env), LC_ALL: "C" } };
}
