import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cluster } from "./cluster.js";
import { handTo } from "./server-account.js";

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

/**
 * Takes the pid out of a postmaster.pid whose server is gone, so that PostgreSQL can start.
 *
 * PostgreSQL itself sees only whether the pid is in use: by a zombie, or by a process that got the pid later. The file is
 * not deleted, because its shared memory key is how PostgreSQL notices that children of a killed server still write.
 * It believes a file with the pid of its own parent, which will be this process, to be a leftover
 * (src/backend/utils/init/miscinit.c, CreateLockFile).
 */
export async function markStale(cluster: Cluster): Promise<void> {
  const text = await readFile(postmasterPath(cluster), "utf8");
  const draft = `${postmasterPath(cluster)}.draft`;
  await writeFile(draft, text.replace(/^\d+/, String(process.pid)), { mode: 0o600 });
  await handTo(cluster.account, draft);
  await rename(draft, postmasterPath(cluster));
}
