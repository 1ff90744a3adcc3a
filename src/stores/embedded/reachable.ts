import { type FileHandle, open } from "node:fs/promises";
import type { ServerAccount } from "./server-account.js";

/** Names under which a program reaches some paths, and the descriptors that it must inherit from 3 on. */
export interface Reachable {
  readonly names: readonly string[];
  readonly descriptors: readonly number[];
}

/**
 * Runs a function with names of the paths under which the server's account reaches them.
 *
 * If root starts PostgreSQL for another user, folders above the data may be closed to that user. Folders of `mkdtemp`
 * and many home folders are. On Linux the program then inherits open descriptors and reaches the files through
 * /proc/self/fd, without the folders above.
 */
export async function withReachable<Result>(
  account: ServerAccount,
  paths: readonly string[],
  work: (reachable: Reachable) => Promise<Result>,
): Promise<Result> {
  if (account === undefined || process.platform !== "linux") return await work({ names: paths, descriptors: [] });
  const handles: FileHandle[] = [];
  try {
    for (const path of paths) handles.push(await open(path, "r"));
    const names = handles.map((_, position) => `/proc/self/fd/${3 + position}`);
    return await work({ names, descriptors: handles.map(({ fd }) => fd) });
  } finally {
    await Promise.all(handles.map((handle) => handle.close()));
  }
}
