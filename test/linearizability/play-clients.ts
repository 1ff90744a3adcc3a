import { setImmediate as otherWork } from "node:timers/promises";
import type { Clock } from "../../src/domain/clock.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import { interceptPort } from "../../src/testing/crashing-store.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { playClient } from "./client.js";
import { endOf, type History } from "./history.js";
import { callsIn } from "./record-calls.js";

/** Who plays how long on a store made for it. */
export interface ClientsPlay {
  readonly build: (clock: Clock) => ExecutionStore;
  readonly seed: number;
  readonly clients: number;
  readonly calls: number;
}

/**
 * Lets clients within this process take turns on a store, and collects what all did.
 *
 * Time is counted in turns, so a seed repeats everything.
 */
export async function playClients({ build, seed, clients, calls }: ClientsPlay): Promise<History> {
  const clock = manualClock();
  const store = build(clock);
  const lines: string[] = [];
  let turns = 0;
  const takeTurns = async () => {
    await otherWork();
    turns += 1;
    clock.advance(1);
  };
  const interleaved = interceptPort(store, { before: takeTurns, after: takeTurns });
  const recorder = {
    now: () => ({ us: turns, wall: clock.now() }),
    note: (part: object) => void lines.push(`${JSON.stringify(part)}\n`),
  };
  await Promise.all(
    Array.from({ length: clients }, (_, at) =>
      playClient(interleaved, { name: `p${at}`, seed: seed + at, calls }, recorder),
    ),
  );
  return { calls: callsIn(lines.join("")), end: await endOf(store) };
}
