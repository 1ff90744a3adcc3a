import { readFile, rename, rm, writeFile } from "node:fs/promises";
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

/** Reads postmaster.pid; `undefined` where there is none, `unreadable` while it is being written. */
export async function readPostmasterFile(cluster: Cluster): Promise<PostmasterFile | "unreadable" | undefined> {
  const text = await readFile(postmasterPath(cluster), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split("\n");
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 ? { pid, port, ready: lines[7]?.trim() === "ready" } : "unreadable";
}

/**
 * Deletes a postmaster.pid that stays unreadable: PostgreSQL writes it whole right after it creates it, so a server was
 * killed in between or a disk has lost it. PostgreSQL itself would refuse to start until a person deletes it.
 */
export const deletePostmasterFile = (cluster: Cluster): Promise<void> => rm(postmasterPath(cluster), { force: true });

/** Linux numbers processes below 2^22, macOS below 100,000, and Windows by multiples of four. */
const NO_PROCESS = 2 ** 22 + 1;

/**
 * Takes the pid out of a postmaster.pid whose server is gone, so that PostgreSQL can start.
 *
 * PostgreSQL itself sees only whether the pid is in use: by a zombie, or by a process that got the pid later. The file is
 * not deleted, because its shared memory key is how PostgreSQL notices that children of a killed server still write
 * (src/backend/utils/init/miscinit.c, CreateLockFile).
 */
export async function markStale(cluster: Cluster): Promise<void> {
  const text = await readFile(postmasterPath(cluster), "utf8");
  const draft = `${postmasterPath(cluster)}.draft`;
  await writeFile(draft, text.replace(/^\d+/, String(NO_PROCESS)), { mode: 0o600 });
  await handTo(cluster.account, draft);
  await rename(draft, postmasterPath(cluster));
}
