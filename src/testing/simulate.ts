import { randomInt } from "node:crypto";
import type { IdempotencyContract } from "../domain/idempotency-contract.js";
import type { InputProblem } from "../domain/input-problem.js";
import { checkKeys, functionProblems, type KeysOf, refuse } from "../domain/options.js";
import { EC2_CONTRACT } from "./ec2-contract.js";
import { MAX_ORDERS } from "./purchase-commands/order-book.js";
import type { Embedder } from "./simulate/embedder.js";
import { playRun, type RunReport } from "./simulate/run.js";

/** What to simulate. */
export interface Simulation {
  /** Your code around the library. */
  readonly embedder: Embedder;
  /** Everything that is drawn follows from it. A whole number of at least 0. Default: a random one. */
  readonly seed?: number;
  /** How long processes die, and stores and the cloud fail. After that everything goes well, for as long as everything takes to end. Default 24. */
  readonly hours?: number;
  /** How many runs, each with a world of its own. The first has `seed`, the next `seed + 1`. Default 1. */
  readonly runs?: number;
  /** How many baskets are ordered in a run, 1 to 9. Default 3. */
  readonly orders?: number;
  /** How many processes run your code side by side. Default 2. */
  readonly processes?: number;
  /** What the cloud dedupes: `provider.idempotency` of your provider. Default: nothing, with the timings of EC2. */
  readonly contract?: IdempotencyContract;
}

/** What a simulation did. The counts are of all runs, the trace is that of the last run. */
export interface SimulationReport extends RunReport {
  readonly seed: number;
  readonly runs: number;
}

const KNOWN: KeysOf<Simulation> = {
  embedder: true,
  seed: true,
  hours: true,
  runs: true,
  orders: true,
  processes: true,
  contract: true,
};

const SEEDS = 2 ** 31;

/**
 * Runs your own cron and queue code for simulated hours, and judges by the cloud's ledger.
 *
 * Orders arrive at least once and sometimes twice at a time. Rounds of cron overlap. Processes stand still and die at
 * any call of a port, and start again. Calls of the store and of the table fail before or after their effect, one at a
 * time or for up to two minutes. The cloud loses requests and replies, lets requests land late, throttles and refuses.
 * Then the faults end, and everything must come to rest. A run of a day takes a fraction of a second.
 *
 * Throws an `AssertionError` if anything was bought that was not ordered or more often than ordered, under any request
 * key. The same if at the end an order is not bought although the cloud refused none of it, or a delivery was never
 * acknowledged. The message has the seed and the trace. The same seed plays the same run, as long as your code waits
 * only for what the simulation gave it, and draws nothing at random that decides what it calls.
 *
 * Throws `INVALID_REQUEST` for an option or a handler that is not known.
 *
 * @example
 * ```ts
 * import { simulate } from "buyonce/testing";
 *
 * await simulate({
 *   hours: 24,
 *   runs: 10,
 *   embedder: ({ createEngine }) => {
 *     const engine = createEngine();
 *     return {
 *       async onOrder({ key, lines }) {
 *         const { id, status } = await engine.submit({ requestKey: key, createdBy: "shop", lines });
 *         if (status === "pending") await engine.approve(id, { approvedBy: "ann" });
 *         await engine.run(id);
 *       },
 *       cron: { everyMs: 300_000, run: () => engine.tick() },
 *     };
 *   },
 * });
 * ```
 */
export async function simulate(simulation: Simulation): Promise<SimulationReport> {
  checkKeys("simulation", simulation, KNOWN);
  const { embedder, seed = randomInt(SEEDS), hours = 24, runs = 1, orders = 3, processes = 2 } = simulation;
  refuse([
    ...functionProblems("simulation.embedder", embedder ?? null),
    ...rangeProblems({ seed, runs, orders, processes }),
    ...(hours > 0 && hours <= LONGEST_HOURS
      ? []
      : [{ path: "simulation.hours", problem: `must be more than 0 and at most ${LONGEST_HOURS}` }]),
  ]);
  const { contract = EC2_CONTRACT } = simulation;
  const total = { purchases: 0, deliveries: 0, deaths: 0, storeErrors: 0 };
  let trace: readonly string[] = [];
  for (let run = 0; run < runs; run += 1) {
    const report = await playRun({ seed: seed + run, hours, orders, processes, contract, embedder });
    total.purchases += report.purchases;
    total.deliveries += report.deliveries;
    total.deaths += report.deaths;
    total.storeErrors += report.storeErrors;
    ({ trace } = report);
  }
  return { seed, runs, ...total, trace };
}

/** A year. An approval lapses after a week, so longer times find nothing new. */
const LONGEST_HOURS = 8_760;

const RANGES = {
  seed: [0, SEEDS + 1_000_000],
  runs: [1, 1_000_000],
  orders: [1, MAX_ORDERS],
  processes: [1, 20],
} as const;

const rangeProblems = (given: Readonly<Record<keyof typeof RANGES, number>>): readonly InputProblem[] =>
  (Object.keys(RANGES) as (keyof typeof RANGES)[]).flatMap((name) => {
    const [from, to] = RANGES[name];
    const isInRange = Number.isSafeInteger(given[name]) && given[name] >= from && given[name] <= to;
    return isInRange ? [] : [{ path: `simulation.${name}`, problem: `must be a whole number from ${from} to ${to}` }];
  });
