import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../domain/clock.js";
import { BuyonceError } from "../../domain/errors.js";
import { type LockAttempt, tryLockFolder } from "../local/folder-lock.js";
import { describeProcess, isSameProcess, ownIdentity } from "../local/process-identity.js";
import { block } from "./block.js";
import type { Cluster } from "./cluster.js";

/** Longer than the time that a first start, a recovery and a stop take together. */
const PATIENCE_MS = 120_000;
/**
 * A process may end without the lock after this time: the process that holds the lock to start a server will use it,
 * and stops it later.
 */
const PATIENCE_AT_EXIT_MS = 30_000;
const POLL_MS = 25;

/** Runs a function while no other process starts or stops this cluster's server. */
export async function withStartLock<Result>(cluster: Cluster, work: () => Promise<Result>): Promise<Result> {
  const release = await acquire(cluster.folder);
  try {
    return await work();
  } finally {
    release();
  }
}

async function acquire(folder: string): Promise<() => void> {
  const giveUpAt = systemClock.monotonic() + PATIENCE_MS;
  for (;;) {
    const attempt = tryLockFolder(folder, "start");
    if (attempt.kind === "acquired") return attempt.release;
    if (systemClock.monotonic() > giveUpAt)
      throw new BuyonceError(
        "STORE_LOCKED",
        `Another process has been starting or stopping the server of ${folder} for too long. It is ${describeProcess(attempt.holder)}. If that process is certainly gone, delete ${attempt.file}.`,
        { details: { file: attempt.file, holder: attempt.holder } },
      );
    await sleep(POLL_MS);
  }
}

/**
 * Runs a function under the start lock in a process that is about to end. It blocks while it waits, and after the time
 * limit it goes on without the lock.
 */
export function withStartLockNow({ folder }: Cluster, work: () => void): void {
  const giveUpAt = systemClock.monotonic() + PATIENCE_AT_EXIT_MS;
  let attempt = tryAtExit(folder);
  while (attempt?.kind === "held" && !isOurs(attempt) && systemClock.monotonic() < giveUpAt) {
    block(POLL_MS);
    attempt = tryAtExit(folder);
  }
  work();
  if (attempt?.kind === "acquired") attempt.release();
}

/**
 * Tries to take the lock. An error is ignored, because a full disk, on which no lock can be taken, must not keep the
 * server running.
 */
function tryAtExit(folder: string): LockAttempt | undefined {
  try {
    return tryLockFolder(folder, "start");
  } catch {
    return undefined;
  }
}

/**
 * Whether this process holds the lock itself. The part that holds it never goes on, because the process is about to
 * end.
 */
const isOurs = ({ holder }: Extract<LockAttempt, { kind: "held" }>): boolean =>
  holder !== undefined && isSameProcess(holder, ownIdentity());
