import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import nodeModule from "node:module";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as z from "zod/mini";
import { checkKeys } from "../../domain/options.js";
import type { AwsSimulator } from "./aws-simulator.js";
import { AWS_PROCESS_OPTIONS, type AwsSimulatorProcessOptions, readAwsSettings } from "./aws-simulator-options.js";
import { connectAwsSimulator } from "./connect-aws-simulator.js";

/** A simulator in a process of its own, so that it outlives a client that is killed. */
export interface AwsSimulatorProcess extends AwsSimulator {
  readonly pid: number;
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

/**
 * Starts the simulator in a process of its own; it takes the options of `startAwsSimulator` except the clock.
 *
 * Throws `INVALID_REQUEST` for an option that does not exist, and a `TypeError` for one that is out of range. The
 * process ends when its standard input closes, and so at the latest with the process that started it.
 */
export async function startAwsSimulatorProcess(options: AwsSimulatorProcessOptions = {}): Promise<AwsSimulatorProcess> {
  checkKeys<AwsSimulatorProcessOptions>("options", options, AWS_PROCESS_OPTIONS);
  const child: Child = spawn(process.execPath, [...entry(), JSON.stringify(readAwsSettings(options))], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const { url, pid } = await firstLine(child);
  return { ...connectAwsSimulator(url), pid, close: () => close(child) };
}

/** Where the entry is: beside this file's folder in the sources, below this file's folder once built. */
const ENTRIES = ["../aws-simulator-process.ts", "./simulator/aws-simulator-process.js", "./aws-simulator-process.js"];

// As a constant, so that bundlers do not take what is found from here for parts of the bundle.
const HERE = import.meta.url;

function entry(): string[] {
  const files = ENTRIES.map((path) => fileURLToPath(new URL(path, HERE)));
  const file = files.find((candidate) => existsSync(candidate));
  if (file === undefined) throw new Error(`the simulator's entry file is missing; looked for ${files.join(", ")}`);
  return file.endsWith(".ts") ? ["--import", tsx(), file] : [file];
}

function tsx(): string {
  return pathToFileURL(nodeModule.createRequire(HERE).resolve("tsx")).href;
}

const announcement = z.object({ url: z.url(), pid: z.int() });

async function firstLine(child: Child): Promise<z.infer<typeof announcement>> {
  const line = once(createInterface({ input: child.stdout }), "line");
  const exit = once(child, "exit").then(([code]) => {
    throw new Error(`the simulator's process ended with code ${code} before it was ready`);
  });
  const [text] = await Promise.race([line, exit]);
  exit.catch(() => undefined);
  return announcement.parse(JSON.parse(text));
}

async function close(child: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.stdin.end();
  await exited;
}
