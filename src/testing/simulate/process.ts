import type { EpochMs } from "../../domain/clock.js";
import { silentLogger } from "../../domain/logger.js";
import { createPurchaseEngine } from "../../engine/purchase-engine.js";
import type { ExecutionStore } from "../../store-port/execution-store.js";
import { type AsyncPort, interceptPort } from "../crashing-store.js";
import { signal } from "../signal.js";
import type { SimulatedCloud } from "../simulated-cloud.js";
import type { EmbedderProcess, EmbedderTable } from "./embedder.js";
import { driverError, type Mishap, type Moment, mishapAt, type PortError, storeError } from "./mishaps.js";
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
  /** From then on nothing dies, stands still or fails. */
  readonly calmFrom: EpochMs;
}

/** A process, from its start to its death. */
export interface RunningProcess {
  readonly name: string;
  readonly isDead: boolean;
  /** Resolves when the process dies. */
  readonly death: Promise<void>;
  /** How many calls of its store and its table have failed. */
  readonly errors: number;
  /** Ends the process. Nothing of it runs on. */
  die(where: string): void;
  /**
   * Waits at a point of a call. If the process dies there or meanwhile, it never resolves: nothing of it runs on. With
   * an error, the call may fail there instead.
   */
  point(at: Point, error?: PortError): Promise<void>;
}

/** A point of a call: before its effect, after it, or while its request is on the wire. */
export interface Point {
  readonly call: string;
  readonly moment: Moment | "on the wire";
}

const LONGEST_CALL_MS = 25;

/** A process that runs no code yet. */
export function newProcess(name: string, { time, random, trace, calmFrom }: Surroundings): RunningProcess {
  const state = { isDead: false, errors: 0, storeLostUntil: 0 };
  const death = signal();
  const die = (where: string) => {
    state.isDead = true;
    trace.note(`${name} dies ${where}`);
    death.give();
  };

  /** What becomes of a call here, apart from its errors. */
  const endure = async (mishap: Mishap, { call, moment }: Point) => {
    const where = moment === "on the wire" ? moment : `${moment} ${call}`;
    if (mishap.kind === "stands still") trace.note(`${name} stands still for ${mishap.ms} ms ${where}`);
    if (mishap.kind === "dies") die(where);
    if (mishap.kind === "stands still") await time.pass(mishap.ms);
    else if (moment !== "after") await time.pass(random.whole(1, LONGEST_CALL_MS));
    if (state.isDead) await never();
  };

  const loseStore = (ms: number, { call, moment }: Point) => {
    const span = ms > 0 ? ` for ${ms} ms` : "";
    trace.note(`${name} loses its store${span} ${moment} ${call}`);
    state.storeLostUntil = time.clock.now() + ms;
  };

  return {
    name,
    get isDead() {
      return state.isDead;
    },
    get errors() {
      return state.errors;
    },
    death: death.given,
    die,
    async point(at, error) {
      if (state.isDead) await never();
      const isCalm = time.clock.now() >= calmFrom;
      const mishap = isCalm ? ({ kind: "none" } as const) : mishapAt(at.call, random);
      await endure(mishap, at);
      if (error === undefined || at.moment === "on the wire" || time.clock.now() >= calmFrom) return;
      if (mishap.kind === "loses its store") loseStore(mishap.ms, at);
      // While the store is away nothing has an effect. An answer can only be lost at the moment at which it goes away.
      const isAway = at.moment === "before" && time.clock.now() < state.storeLostUntil;
      if (mishap.kind !== "loses its store" && !isAway) return;
      state.errors += 1;
      throw error(at.moment, random);
    },
  };
}

/**
 * A wait without an end. Each wait has a promise of its own: one that all dead code waited for would keep it, and the
 * world of every run with it.
 */
const never = (): Promise<never> => new Promise(() => {});

/** What a process hands to the embedder's code. */
export function partsOf(
  process: RunningProcess,
  { time, store, cloud, table, queue, wire }: Surroundings,
): EmbedderProcess {
  const portOf = <Port extends AsyncPort<Port>>(port: Port, error?: PortError): Port =>
    interceptPort(port, {
      before: async (call) => {
        await process.point({ call, moment: "before" }, error);
        if (call === "purchase") wire.sender = process;
      },
      after: (call) => process.point({ call, moment: "after" }, error),
    });
  const ports = { store: portOf(store, storeError), provider: portOf(cloud.provider) };
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
      if (process.isDead) await never();
    },
    table: portOf(table, driverError),
    queue: portOf(queue),
    crashing: (port) => portOf(port),
  };
}
