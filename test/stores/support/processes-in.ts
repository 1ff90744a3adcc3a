import { readdirSync, readlinkSync } from "node:fs";

/** The processes that work in a folder, as each server of PostgreSQL does in its data directory (Linux only). */
export function processesIn(folder: string): readonly number[] {
  const pids = readdirSync("/proc").map(Number).filter(Number.isSafeInteger);
  return pids.filter((pid) => workingFolder(pid)?.startsWith(`${folder}/`));
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
