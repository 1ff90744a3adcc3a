import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cluster } from "./cluster.js";
import { handTo } from "./server-account.js";

/** The facts that a running server writes to postmaster.pid (PostgreSQL source, src/include/utils/pidfile.h). */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  /** Recovery is over and connections are accepted. */
  readonly ready: boolean;
}

/** The path of postmaster.pid. */
export const postmasterPath = (cluster: Cluster): string => join(cluster.data, "postmaster.pid");

/** Reads postmaster.pid. `undefined` if there is none, `unreadable` while it is being written. */
export async function readPostmasterFile(cluster: Cluster): Promise<PostmasterFile | "unreadable" | undefined> {
  const text = await readFile(postmasterPath(cluster), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split("\n");
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 ? { pid, port, ready: lines[7]?.trim() === "ready" } : "unreadable";
}

/**
 * Deletes a postmaster.pid that stays unreadable. PostgreSQL writes its whole content right after it creates the file.
 * So a server was killed in between, or a disk lost the content. PostgreSQL itself would refuse to start until a person
 * deletes the file.
 */
export const deletePostmasterFile = (cluster: Cluster): Promise<void> => rm(postmasterPath(cluster), { force: true });

/**
 * A pid that no process can have. Linux numbers processes below 2^22, macOS below 100,000, and Windows by multiples of
 * four.
 */
const NO_PROCESS = 2 ** 22 + 1;

/**
 * Takes the pid out of a postmaster.pid whose server is gone, so that PostgreSQL can start.
 *
 * PostgreSQL itself only sees that the pid is in use, even if a zombie or a later process has it. The file is not
 * deleted, because PostgreSQL needs its shared memory key to notice that children of a killed server still write
 * (src/backend/utils/init/miscinit.c, CreateLockFile).
 */
export async function markStale(cluster: Cluster): Promise<void> {
  const text = await readFile(postmasterPath(cluster), "utf8");
  const draft = `${postmasterPath(cluster)}.draft`;
  await writeFile(draft, text.replace(/^\d+/, String(NO_PROCESS)), { mode: 0o600 });
  await handTo(cluster.account, draft);
  await rename(draft, postmasterPath(cluster));
}
