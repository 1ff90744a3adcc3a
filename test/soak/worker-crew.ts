import { setTimeout as sleep } from "node:timers/promises";
import { type Child, startChild } from "../stores/support/child.js";
import type { SeededRandom } from "../stores/support/seeded-random.js";

/** What a crew did so far. */
export interface CrewCounts {
  readonly kills: number;
  readonly ticks: number;
  /** Errors of ticks by their code or message. */
  readonly errors: Readonly<Record<string, number>>;
}

/** Worker processes of which one after the other is killed and replaced at once. */
export interface WorkerCrew {
  counts(): CrewCounts;
  /** No more kills; resolves when the last one has its replacement. Throws if a worker ended by itself. */
  spare(): Promise<void>;
  /** Kills all and waits for their ends; resolves with the ids of all processes there ever were. */
  dismiss(): Promise<readonly number[]>;
}

/** Starts workers and the killer. */
export function startCrew(
  size: number,
  args: readonly string[],
  killer: { readonly random: SeededRandom; readonly everyMs: number },
): WorkerCrew {
  const counts = { kills: 0, ticks: 0, errors: {} as Record<string, number> };
  const workers: Worker[] = [];
  const stopped = new AbortController();
  const start = (): Worker => {
    const child = startChild("../../soak/worker-process.ts", ...args);
    const worker = { child, ready: false };
    workers.push(worker);
    void listen(worker, counts);
    return worker;
  };
  const crew = Array.from({ length: size }, start);
  const killing = killUntil(stopped.signal).then(
    () => undefined,
    (thrown: unknown) => ({ thrown }),
  );

  async function killUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(killer.random.below(2 * killer.everyMs), undefined, { signal }).catch(() => undefined);
      const place = killer.random.below(size);
      const victim = crew[place];
      // On a busy machine workers would else die before they have begun, and nothing would ever be bought.
      if (signal.aborted || victim === undefined || !victim.ready) continue;
      if (!victim.child.process.kill("SIGKILL")) throw new Error("a worker ended by itself");
      await victim.child.ended();
      counts.kills += 1;
      crew[place] = start();
    }
  }

  return {
    counts: () => structuredClone(counts),
    async spare() {
      stopped.abort();
      const failed = await killing;
      if (failed) throw failed.thrown;
    },
    async dismiss() {
      stopped.abort();
      await killing;
      for (const { child } of workers) child.process.kill("SIGKILL");
      await Promise.all(workers.map(({ child }) => child.ended()));
      return workers.map(({ child }) => child.pid);
    },
  };
}

interface Worker {
  readonly child: Child;
  ready: boolean;
}

/** A worker says that it begins; each further line is a tick, with what went wrong in it. */
async function listen(worker: Worker, counts: { ticks: number; errors: Record<string, number> }): Promise<void> {
  for (;;) {
    // A killed worker's output ends anywhere.
    const said = await worker.child.said().catch(() => undefined);
    if (said === undefined) return;
    worker.ready = true;
    if (!Array.isArray(said)) continue;
    counts.ticks += 1;
    for (const error of said) counts.errors[String(error)] = (counts.errors[String(error)] ?? 0) + 1;
  }
}
