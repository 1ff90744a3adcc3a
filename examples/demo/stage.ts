import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { AwsSimulatorProcess } from "buyonce/simulator";
import type { StopPoint, WorkerTask } from "./worker.js";

/** Compiled by scripts/run-demo.mjs, which puts it beside the demo. */
const WORKER = fileURLToPath(new URL("./worker.js", import.meta.url));

/** What the scenes play on: a database, a cloud, a clock for the timeline. */
export interface Stage {
  readonly databaseUrl: string;
  readonly cloud: AwsSimulatorProcess;
  /** Prints one line of the timeline. */
  say(text: string): void;
}

/** A worker in a process of its own. */
export interface Worker {
  readonly pid: number;
  /** Resolves with the rest of the first message with this beginning. Rejects if the process ends before. */
  heard(beginning: string): Promise<string>;
  /** Resolves when the operating system has stopped the process. */
  stopped(): Promise<void>;
  signal(name: "SIGKILL" | "SIGCONT"): void;
  readonly ended: Promise<void>;
}

let count = 0;

/** Starts a worker on a task. */
export function startWorker(stage: Stage, work: WorkerTask["work"], stopAt?: StopPoint): Worker {
  count += 1;
  const { databaseUrl, cloud } = stage;
  const task: WorkerTask = {
    databaseUrl,
    cloudUrl: cloud.url,
    name: `worker-${count}`,
    work,
    ...(stopAt && { stopAt }),
  };
  const child = fork(WORKER, [JSON.stringify(task)], {
    execArgv: ["--no-warnings"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const messages: string[] = [];
  child.on("message", (message) => messages.push(String(message)));
  return {
    pid: child.pid ?? 0,
    heard: (beginning) => heard(child, messages, beginning),
    async stopped() {
      while (!stateOf(child).startsWith("T")) await sleep(50);
    },
    signal: (name) => void child.kill(name),
    ended: once(child, "exit").then(() => undefined),
  };
}

async function heard(child: ChildProcess, messages: readonly string[], beginning: string): Promise<string> {
  for (;;) {
    const message = messages.find((one) => one.startsWith(beginning));
    if (message !== undefined) return message.slice(beginning.length).trim();
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`a worker ended before it said "${beginning}"`);
    await Promise.race([once(child, "message"), once(child, "exit")]);
  }
}

const stateOf = (child: ChildProcess): string =>
  execFileSync("ps", ["-o", "stat=", "-p", String(child.pid)], { encoding: "utf8" }).trim();
