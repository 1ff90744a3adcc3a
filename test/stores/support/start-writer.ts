import { existsSync } from "node:fs";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { Acknowledgement, Acknowledgements } from "./acknowledgements.js";
import { type Child, startChild } from "./child.js";

/** A moment of a writing process: so long after it began to open its store, a file is there, so many acknowledgements. */
export type Moment =
  | { readonly msAfterOpening: number }
  | { readonly fileAppears: string }
  | { readonly acknowledgements: number };

/** A process that opens a store and writes; what it acknowledges is recorded all the time. */
export interface Writer {
  readonly process: Child["process"];
  /** Waits for a moment from now. */
  reaches(moment: Moment): Promise<void>;
  /** Ends it with a signal, and tells how it ended once all that it acknowledged is recorded. */
  ends(signal: NodeJS.Signals): Promise<number | string>;
}

/** Starts a writing process, which ends with the test at the latest. */
export async function startWriter(
  script: `${string}-writer-process.ts`,
  dataDir: string,
  acknowledged: Acknowledgements,
): Promise<Writer> {
  const child = startChild(script, dataDir);
  onTestFinished(() => void child.process.kill("SIGKILL"));
  await child.said();
  let recorded = 0;
  const recording = record();
  return {
    process: child.process,
    async reaches(moment) {
      if ("msAfterOpening" in moment) await sleep(moment.msAfterOpening);
      else if ("fileAppears" in moment) while (!existsSync(moment.fileAppears) && isRunning(child)) await nextTurn();
      else await acknowledges(moment.acknowledgements);
    },
    async ends(signal) {
      child.process.kill(signal);
      const end = await child.ended();
      await recording;
      return end;
    },
  };

  async function record(): Promise<void> {
    for (let line = await nextLine(child); line !== undefined; line = await nextLine(child))
      if (isAcknowledgement(line)) {
        acknowledged.add(line);
        recorded += 1;
      }
  }

  async function acknowledges(more: number): Promise<void> {
    const wanted = recorded + more;
    while (recorded < wanted && isRunning(child)) await sleep(1);
    if (recorded < wanted) throw new Error(`the writer ended by itself after ${recorded} acknowledgements`);
  }
}

/** `undefined` after the last one. */
async function nextLine(child: Child): Promise<unknown> {
  try {
    return await child.said();
  } catch {
    await child.ended();
    return undefined;
  }
}

const isRunning = ({ process: { exitCode, signalCode } }: Child): boolean => exitCode === null && signalCode === null;

const isAcknowledgement = (line: unknown): line is Acknowledgement =>
  typeof line === "object" && line !== null && "version" in line;
