import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cluster } from "./cluster.js";

/** What a running server says about itself in postmaster.pid (PostgreSQL source, src/include/utils/pidfile.h). */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  /** Recovery is over and connections are accepted. */
  readonly ready: boolean;
}

/** Where the server keeps it. */
export const postmasterPath = (cluster: Cluster): string => join(cluster.data, "postmaster.pid");

/** Reads postmaster.pid; `undefined` where there is none or it is still being written. */
export async function readPostmasterFile(cluster: Cluster): Promise<PostmasterFile | undefined> {
  const text = await readFile(postmasterPath(cluster), "utf8").catch(() => undefined);
  const lines = text?.split("\n") ?? [];
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 ? { pid, port, ready: lines[7]?.trim() === "ready" } : undefined;
}
