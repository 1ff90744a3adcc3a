import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../domain/clock.js";
import { type ProcessIdentity, runsHere } from "../local/process-identity.js";
import { block } from "./block.js";

/**
 * The ways to stop a server, the gentle ones first. PostgreSQL's names for them are smart, fast and immediate shutdown.
 */
const SMART = {
  signal: "SIGTERM",
  // The server waits for clients. So our connections that are just closing see no error; `pool.end()` does not wait for
  // them.
  patienceMs: 500,
} as const;
const FAST = {
  signal: "SIGINT",
  // The server ends with a checkpoint, which writes all data that is not yet in the tables' files. That takes a second
  // or two. PostgreSQL 18 never ends if it gets this signal while it recovers from the crash of one of its processes.
  patienceMs: 5_000,
} as const;
const IMMEDIATE = {
  signal: "SIGQUIT",
  // The server recovers at the next start. No acknowledged data is lost.
  patienceMs: 10_000,
} as const;
const POLL_MS = 10;

type Shutdown = typeof SMART | typeof FAST | typeof IMMEDIATE;

/**
 * Stops a server. Transactions under way are rolled back, connections are closed, and its process is gone afterwards.
 */
export async function stopServer(server: ProcessIdentity): Promise<void> {
  for (const shutdown of [SMART, FAST, IMMEDIATE]) {
    const giveUpAt = systemClock.monotonic() + shutdown.patienceMs;
    signalServer(server, shutdown);
    while (runsHere(server) && systemClock.monotonic() < giveUpAt) await sleep(POLL_MS);
  }
}

/** Stops a server from a process that is about to end. It blocks until the server is gone. */
export function stopServerNow(server: ProcessIdentity): void {
  for (const shutdown of [FAST, IMMEDIATE]) {
    const giveUpAt = systemClock.monotonic() + shutdown.patienceMs;
    signalServer(server, shutdown);
    while (runsHere(server) && systemClock.monotonic() < giveUpAt) block(POLL_MS);
  }
}

/**
 * Signals a server. The identity is checked first, so that the signal never reaches another process with the same pid.
 */
function signalServer(server: ProcessIdentity, { signal }: Shutdown): void {
  if (!runsHere(server)) return;
  try {
    process.kill(server.pid, signal);
  } catch {
    // The process ended in between.
  }
}
