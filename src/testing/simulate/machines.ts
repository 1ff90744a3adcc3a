import { isBuyonceError, messageOf } from "../../domain/errors.js";
import { type CronJob, checkEmbedderHandlers, cronJobsOf, type Embedder, type EmbedderHandlers } from "./embedder.js";
import { newProcess, partsOf, type RunningProcess, type Surroundings } from "./process.js";

/** How a call of a handler ended. A call that waits for something that never comes has no end. */
export type HandlerEnd =
  | { readonly kind: "acknowledged" }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "died" };

/** The machines of an embedder. Each runs one process, and another one some time after its death. */
export interface Machines {
  start(): void;
  /** Calls a handler in one of the running processes. `undefined` if none runs. */
  call(what: string, handle: (handlers: EmbedderHandlers) => Promise<unknown>): Promise<HandlerEnd> | undefined;
  /** How many processes have died. */
  readonly deaths: number;
  /** How many calls of their stores and tables have failed. */
  readonly storeErrors: number;
  /** The longest time between two rounds of a cron job. */
  readonly longestPeriodMs: number;
  /** An error that ends the simulation: the embedder could not start. */
  readonly broken: { readonly error: unknown } | undefined;
}

interface Machine {
  running: { readonly process: RunningProcess; readonly handlers: EmbedderHandlers } | undefined;
}

/** Machines, as many as `count`, that stand still until they are started. */
export function machinesOf(count: number, embedder: Embedder, world: Surroundings): Machines {
  const { time, random, trace } = world;
  const machines: readonly Machine[] = Array.from({ length: count }, () => ({ running: undefined }));
  const state = { deaths: 0, longestPeriodMs: 0, broken: undefined as Machines["broken"] };
  const started: RunningProcess[] = [];

  const startOn = (machine: Machine) => {
    const process = newProcess(`process-${started.length + 1}`, world);
    started.push(process);
    trace.note(`${process.name} starts`);
    void process.death.then(() => {
      machine.running = undefined;
      state.deaths += 1;
      time.after(random.whole(1_000, 60_000), () => startOn(machine));
    });
    startCode(machine, process).catch((error: unknown) => {
      // A process that cannot reach its store ends, and its machine starts another one.
      if (process.errors > 0) process.die(`as it cannot start: ${briefly(error)}`);
      else state.broken ??= { error };
    });
  };

  const startCode = async (machine: Machine, process: RunningProcess) => {
    const handlers = await embedder(partsOf(process, world));
    checkEmbedderHandlers(handlers);
    machine.running = { process, handlers };
    for (const job of cronJobsOf(handlers)) {
      state.longestPeriodMs = Math.max(state.longestPeriodMs, job.everyMs);
      repeat(process, job);
    }
  };

  const repeat = (process: RunningProcess, job: CronJob) => {
    const round = () => {
      if (process.isDead) return;
      void endOf(process, () => job.run()).then((end) => {
        if (end.kind === "failed") trace.noteOnce(`a round of cron fails: ${briefly(end.error)}`);
      });
      time.after(job.everyMs, round);
    };
    time.after(random.whole(0, Math.floor(job.everyMs)), round);
  };

  const noteEnd = (what: string, end: HandlerEnd) => {
    if (end.kind === "acknowledged") trace.note(`${what} is acknowledged`);
    if (end.kind === "failed") trace.noteOnce(`${what} fails: ${briefly(end.error)}`);
    return end;
  };

  return {
    start() {
      for (const machine of machines) startOn(machine);
    },
    call(what, handle) {
      const running = machines.flatMap((machine) => machine.running ?? []);
      const [first, ...others] = running;
      if (first === undefined) return undefined;
      const { process, handlers } = random.pick([first, ...others]);
      if (time.clock.now() < world.calmFrom) trace.note(`${process.name} gets ${what}`);
      return endOf(process, () => handle(handlers)).then((end) => noteEnd(what, end));
    },
    get deaths() {
      return state.deaths;
    },
    get storeErrors() {
      return started.reduce((sum, { errors }) => sum + errors, 0);
    },
    get longestPeriodMs() {
      return state.longestPeriodMs;
    },
    get broken() {
      return state.broken;
    },
  };
}

/** The end of a call. A dead process acknowledges nothing. */
async function endOf(process: RunningProcess, call: () => Promise<unknown>): Promise<HandlerEnd> {
  const answer = async (): Promise<HandlerEnd> => {
    try {
      await call();
      return { kind: "acknowledged" };
    } catch (error) {
      return { kind: "failed", error };
    }
  };
  const end = await Promise.race([process.death.then((): HandlerEnd => ({ kind: "died" })), answer()]);
  return process.isDead ? { kind: "died" } : end;
}

/** An error in a few words. Most messages of buyonce hold random ids, and their codes say enough. */
export const briefly = (error: unknown): string =>
  isBuyonceError(error) && error.code !== "INVALID_REQUEST" ? error.code : messageOf(error);
