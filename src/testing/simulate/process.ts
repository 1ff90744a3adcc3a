import type { EpochMs } from "../../domain/clock.js";
import { silentLogger } from "../../domain/logger.js";
import { createPurchaseEngine } from "../../engine/purchase-engine.js";
import type { ExecutionStore } from "../../store-port/execution-store.js";
import { interceptPort } from "../crashing-store.js";
import type { SimulatedCloud } from "../simulated-cloud.js";
import type { EmbedderProcess, EmbedderTable } from "./embedder.js";
import { mishapAt } from "./mishaps.js";
import type { Random } from "./random.js";
import type { Timeline } from "./timeline.js";
import type { Trace } from "./trace.js";

/** What all processes of a simulation share. */
export interface Surroundings {
  readonly time: Timeline;
  readonly random: Random;
  readonly trace: Trace;
  readonly cloud: SimulatedCloud;
  readonly store: ExecutionStore;
  readonly table: EmbedderTable;
  readonly queue: EmbedderProcess["queue"];
  /** The process whose purchase request goes out now. */
  readonly wire: { sender: RunningProcess | undefined };
  /** From then on nothing dies or stands still. */
  readonly calmFrom: EpochMs;
}

/** A process, from its start to its death. */
export interface RunningProcess {
  readonly name: string;
  readonly isDead: boolean;
  /** Resolves when the process dies. */
  readonly death: Promise<void>;
  /** Waits at a point of a call. If the process dies there or meanwhile, it never resolves: nothing of it runs on. */
  point(call: string, where: string): Promise<void>;
}

const LONGEST_CALL_MS = 25;

/** A process that runs no code yet. */
export function newProcess(name: string, { time, random, trace, calmFrom }: Surroundings): RunningProcess {
  const state = { isDead: false };
  const death = signal();
  const die = (where: string) => {
    state.isDead = true;
    trace.note(`${name} dies ${where}`);
    death.give();
  };
  return {
    name,
    get isDead() {
      return state.isDead;
    },
    death: death.given,
    async point(call, where) {
      if (state.isDead) await NEVER;
      const isCalm = time.clock.now() >= calmFrom;
      const mishap = isCalm ? ({ kind: "none" } as const) : mishapAt(call, random);
      if (mishap.kind === "stands still") trace.note(`${name} stands still for ${mishap.ms} ms ${where}`);
      if (mishap.kind === "dies") die(where);
      if (mishap.kind === "stands still") await time.pass(mishap.ms);
      else if (!where.startsWith("after")) await time.pass(random.whole(1, LONGEST_CALL_MS));
      if (state.isDead) await NEVER;
    },
  };
}

const NEVER = new Promise<never>(() => {});

/** What a process hands to the embedder's code. */
export function partsOf(
  process: RunningProcess,
  { time, store, cloud, table, queue, wire }: Surroundings,
): EmbedderProcess {
  const hooks = {
    before: async (call: string) => {
      await process.point(call, `before ${call}`);
      if (call === "purchase") wire.sender = process;
    },
    after: (call: string) => process.point(call, `after ${call}`),
  };
  const crashing: EmbedderProcess["crashing"] = (port) => interceptPort(port, hooks);
  const ports = { store: crashing(store), provider: crashing(cloud.provider) };
  return {
    name: process.name,
    ...ports,
    clock: time.clock,
    createEngine: (options) =>
      createPurchaseEngine({
        store: ports.store,
        providers: [ports.provider],
        clock: time.clock,
        worker: process.name,
        logger: silentLogger,
        breaker: null,
        ...options,
      }),
    async sleep(ms) {
      await time.pass(ms);
      if (process.isDead) await NEVER;
    },
    table: crashing(table),
    queue: crashing(queue),
    crashing,
  };
}

/** A promise, and the function that resolves it. */
function signal() {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}
