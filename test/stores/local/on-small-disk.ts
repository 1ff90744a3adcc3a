import { spawnSync } from "node:child_process";

/** Whether this machine lets us mount a file system that is soon full: on Linux, as root. */
export const canMount = spawnSync("unshare", ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;

/** Runs a program of this repository's modules where a folder has little space; returns what it prints, line by line. */
export function onSmallDisk(folder: string, program: string): readonly string[] {
  const node = [process.execPath, "--import", "tsx", "--input-type=module", "--eval", program];
  const mounted = ["--mount", "sh", "-c", 'mount -t tmpfs -o size=16k tmpfs "$0" && exec "$@"', folder, ...node];
  const { stdout } = spawnSync("unshare", mounted, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return stdout.trimEnd().split("\n");
}

/** How such a program names a module of `src/stores/local`. */
export const localModule = (name: string): string =>
  JSON.stringify(new URL(`../../../src/stores/local/${name}`, import.meta.url).href);
