import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { bundledScript } from "../support/bundled-script.js";

/** A process in namespaces of its own, which ends with the test at the latest. */
export interface Contained {
  /** The next line it prints, as JSON. */
  said(): Promise<unknown>;
  /** Kills it and all that it has started. */
  kill(): Promise<void>;
}

const ISOLATED = ["--fork", "--kill-child", "--mount-proc", "--pid", "--ipc", "--uts"];

/** Whether this machine lets us make namespaces: on Linux, as root. */
export const canIsolate = spawnSync("unshare", [...ISOLATED, "true"]).status === 0;

/** Starts a script of this folder on a host of some name, as a container has it: with pids of its own, or without. */
export function startInNamespaces(
  host: string,
  { ownPids }: { readonly ownPids: boolean },
  script: `${string}-process.ts`,
  ...args: readonly string[]
): Contained {
  const file = bundledScript(fileURLToPath(new URL(script, import.meta.url)));
  const program = [process.execPath, file, ...args];
  const options = ownPids ? ISOLATED : ["--uts"];
  const child = spawn("unshare", [...options, "sh", "-c", 'hostname "$0" && exec "$@"', host, ...program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  onTestFinished(() => void child.kill("SIGKILL"));
  return { said: sayings(child), kill: () => killed(child, exit) };
}

function sayings({ stdout }: ChildProcess): () => Promise<unknown> {
  if (stdout === null) throw new Error("its output is not piped");
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return async () => JSON.parse(String((await lines.next()).value));
}

async function killed(child: ChildProcess, exit: Promise<unknown>): Promise<void> {
  child.kill("SIGKILL");
  await exit;
}
