import { readFileSync, statSync } from "node:fs";

/** A file, and whether it is still where it was found. */
export interface PlacedFile {
  readonly path: string;
  /** How many names the file has: its path, and each hard link. */
  readonly names: number;
  /** Whether the path still leads to this file. */
  isInPlace(): boolean;
}

/** The file that a path leads to now. */
export function placedFile(path: string): PlacedFile {
  const { dev, ino, nlink } = statSync(path, { bigint: true });
  return {
    path,
    names: Number(nlink),
    isInPlace() {
      const found = statSync(path, { bigint: true, throwIfNoEntry: false });
      return found !== undefined && found.dev === dev && found.ino === ino;
    },
  };
}

/** Whether a file itself, and not a folder above it, is mounted. False where the system does not tell. */
export const isMounted = (path: string): boolean =>
  mounts().some((line) => unescaped(line.split(" ")[MOUNT_POINT] ?? "") === path);

/** The place of the mount point in a line of Linux. */
const MOUNT_POINT = 4;

/** The mounts that this process sees, one a line. */
function mounts(): readonly string[] {
  if (process.platform !== "linux") return [];
  try {
    return readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  } catch {
    return [];
  }
}

/** A path as Linux writes it there: space, tab, line feed and backslash by their octal codes. */
const unescaped = (path: string): string =>
  path.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
