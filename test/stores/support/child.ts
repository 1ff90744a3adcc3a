import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bundledScript } from "./bundled-script.js";

/** A process of a test, running one of the scripts beside this file. */
export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  /** The next line it prints, as JSON. */
  said(): Promise<unknown>;
  /** Its exit code or the signal that ended it. */
  ended(): Promise<number | string>;
}

/** A script beside this file. */
type Script = `${string}-process.ts`;

/** Starts a script in a process of its own, by this Node or by another one. */
export function startChild(
  what: Script | { readonly script: Script; readonly node: string },
  ...args: readonly string[]
): Child {
  const { script, node } = typeof what === "string" ? { script: what, node: process.execPath } : what;
  const file = bundledScript(fileURLToPath(new URL(script, import.meta.url)));
  const child = spawn(node, [file, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exit = once(child, "exit");
  return {
    process: child,
    pid: child.pid ?? 0,
    async said() {
      const { value } = await lines.next();
      return JSON.parse(String(value));
    },
    async ended() {
      const [code, signal] = await exit;
      return code ?? signal;
    },
  };
}
