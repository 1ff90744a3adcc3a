import { spawn } from "node:child_process";
import { once } from "node:events";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFailed, onTestFinished } from "vitest";
import { bundledScript } from "../../stores/support/bundled-script.js";

/** An example in a process of its own. */
export interface ExampleProcess {
  readonly pid: number;
  isRunning(): boolean;
  /** Everything it printed so far, to both outputs. */
  output(): string;
  /** Resolves with the first match in what it prints. Rejects if it ends before. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ends it with SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Resolves when it has ended by itself. Rejects with its output unless it ended with code 0. */
  ended(): Promise<void>;
}

/** Starts `examples/hosts/<name>.ts` with these environment variables and no others of this project's. */
export function startExample(
  name: string,
  settings: Readonly<Record<string, string>>,
  ...args: readonly string[]
): ExampleProcess {
  return startScript(exampleFile(name), settings, { args });
}

/** Where the example of a host stands. */
export const exampleFile = (host: string): string =>
  fileURLToPath(new URL(`../../../examples/hosts/${host}.ts`, import.meta.url));

/** Starts a script like an example. `node` is the program that runs it, by default the one that runs the tests. */
export function startScript(
  script: string,
  settings: Readonly<Record<string, string>>,
  { args = [], node = process.execPath }: { readonly args?: readonly string[]; readonly node?: string } = {},
): ExampleProcess {
  const name = basename(script, ".ts");
  const child = spawn(node, ["--no-warnings", bundledScript(script), ...args], {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exit = once(child, "close");
  onTestFinished(() => void child.kill("SIGKILL"));
  onTestFailed(() => console.log(`${name} ${args.join(" ")} printed:\n${output}`));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const failure = (what: string) => new Error(`${name} ${args.join(" ")} ${what}; it printed:\n${output}`);
  return {
    pid: child.pid ?? 0,
    isRunning,
    output: () => output,
    async said(pattern) {
      for (;;) {
        const ended = !isRunning();
        const match = pattern.exec(output);
        if (match) return match;
        if (ended) throw failure(`ended before it said ${pattern}`);
        await Promise.race([once(child.stdout, "data"), exit]);
      }
    },
    async kill() {
      if (!child.kill("SIGKILL")) throw failure("ended by itself");
      await exit;
    },
    async ended() {
      const [code] = await exit;
      if (code !== 0) throw failure(`ended with code ${code}`);
    },
  };
}
