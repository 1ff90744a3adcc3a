import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../domain/clock.js";
import { mayRun } from "../postgres/local/process-identity.js";
import type { RunningServer } from "./running-server.js";

/** A fast shutdown ends with a checkpoint, which writes everything that is not yet in the tables' files. */
const PATIENCE_MS = 30_000;
const POLL_MS = 20;

/** Stops a server: transactions under way are rolled back, connections closed, and its process is gone afterwards. */
export async function stopServer(server: RunningServer): Promise<void> {
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    const giveUpAt = systemClock.monotonic() + PATIENCE_MS;
    signalServer(server, signal);
    while (mayRun(server.process) && systemClock.monotonic() < giveUpAt) await sleep(POLL_MS);
  }
}

/** The same for a process that is about to end and can wait for nothing: it blocks until the server is gone. */
export function stopServerNow(server: RunningServer): void {
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    const giveUpAt = systemClock.monotonic() + PATIENCE_MS;
    signalServer(server, signal);
    while (mayRun(server.process) && systemClock.monotonic() < giveUpAt) block(POLL_MS);
  }
}

/** The identity is looked at first, so that no process is hit that merely got the same pid. */
function signalServer({ process: server }: RunningServer, signal: "SIGINT" | "SIGQUIT"): void {
  if (!mayRun(server)) return;
  try {
    process.kill(server.pid, signal);
  } catch {
    // It ended in between.
  }
}

const block = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
