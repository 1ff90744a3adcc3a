import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../domain/clock.js";
import { type ProcessIdentity, runsHere } from "../local/process-identity.js";
import { block } from "./block.js";

/** The gentle ways first; PostgreSQL's names for them are smart, fast and immediate shutdown. */
const SMART = {
  signal: "SIGTERM",
  // Waits for clients: connections of ours that are just closing (`pool.end()` does not wait for them) see no error.
  patienceMs: 500,
} as const;
const FAST = {
  signal: "SIGINT",
  // Ends with a checkpoint, which writes everything that is not yet in the tables' files; that takes a second or two.
  // PostgreSQL 18 never ends when it gets this while it recovers from the crash of one of its processes.
  patienceMs: 5_000,
} as const;
const IMMEDIATE = {
  signal: "SIGQUIT",
  // Recovers at the next start; nothing that was acknowledged is lost.
  patienceMs: 10_000,
} as const;
const POLL_MS = 10;

type Shutdown = typeof SMART | typeof FAST | typeof IMMEDIATE;

/** Stops a server: transactions under way are rolled back, connections closed, and its process is gone afterwards. */
export async function stopServer(server: ProcessIdentity): Promise<void> {
  for (const shutdown of [SMART, FAST, IMMEDIATE]) {
    const giveUpAt = systemClock.monotonic() + shutdown.patienceMs;
    signalServer(server, shutdown);
    while (runsHere(server) && systemClock.monotonic() < giveUpAt) await sleep(POLL_MS);
  }
}

/** The same for a process that is about to end and can wait for nothing: it blocks until the server is gone. */
export function stopServerNow(server: ProcessIdentity): void {
  for (const shutdown of [FAST, IMMEDIATE]) {
    const giveUpAt = systemClock.monotonic() + shutdown.patienceMs;
    signalServer(server, shutdown);
    while (runsHere(server) && systemClock.monotonic() < giveUpAt) block(POLL_MS);
  }
}

/** The identity is looked at first, so that no process is hit that merely got the same pid. */
function signalServer(server: ProcessIdentity, { signal }: Shutdown): void {
  if (!runsHere(server)) return;
  try {
    process.kill(server.pid, signal);
  } catch {
    // It ended in between.
  }
}
