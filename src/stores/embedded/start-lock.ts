import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../domain/clock.js";
import { BuyonceError } from "../../domain/errors.js";
import { tryLockFolder } from "../postgres/local/folder-lock.js";
import type { Cluster } from "./cluster.js";

/** Longer than a first start, a recovery and a stop take together. */
const PATIENCE_MS = 120_000;
const POLL_MS = 25;

/** Does something while no other process starts or stops this cluster's server. */
export async function withStartLock<Result>(cluster: Cluster, work: () => Promise<Result>): Promise<Result> {
  const release = await acquire(cluster.folder);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function acquire(folder: string): Promise<() => Promise<void>> {
  const giveUpAt = systemClock.monotonic() + PATIENCE_MS;
  for (;;) {
    const attempt = await tryLockFolder(folder, "start");
    if (attempt.kind === "acquired") return attempt.release;
    if (systemClock.monotonic() > giveUpAt)
      throw new BuyonceError(
        "STORE_LOCKED",
        `Another process has been starting or stopping the server of ${folder} for too long. If process ${attempt.holder?.pid} on host ${attempt.holder?.host} is gone, delete ${attempt.file}.`,
        { details: { file: attempt.file, holder: attempt.holder } },
      );
    await sleep(POLL_MS);
  }
}
