import { checkKeys, functionProblems, type KeysOf, refuse } from "../domain/options.js";
import { type CrashPlan, crashPlan } from "./crashing-store.js";

/** A fresh world in which workers die and recover. */
export interface CrashWorld {
  /** One worker's whole task, over ports that carry the plan's hooks. It may throw once the plan has crashed. */
  work(plan: CrashPlan): Promise<unknown>;
  /** Everything that brings the world to rest afterwards: time passing, ticks. */
  recover(): Promise<void>;
  /** Throws if the world is not as it must be. */
  check(): Promise<void> | void;
}

/** What to explore. */
export interface CrashScenario {
  /** Makes a fresh world; called once per run. */
  setup(): Promise<CrashWorld> | CrashWorld;
  /** Also kill the second worker, at each of its points, after the first. Default true. */
  readonly double?: boolean;
  /** Replays one run by the id that a failure printed, such as `7` or `7+3`. */
  readonly only?: string;
}

const KNOWN: KeysOf<CrashScenario> = { setup: true, double: true, only: true };

/** The id of a run: where its workers die, 0 for nowhere. */
const RUN_ID = /^\d+(\+\d+)*$/;

/** How much was explored. */
export interface CrashReport {
  readonly runs: number;
  /** Points of an undisturbed worker: before and after each of its port calls. */
  readonly points: number;
}

/**
 * Kills a worker at every point before and after its port calls, then a second one at each of its own points, lets the
 * world recover and checks it: all single and double crashes, not a sample.
 *
 * A failure is an `Error` that names the run (`replay "7+3"`) and where the workers died, with the check's own error as
 * its cause. `INVALID_REQUEST` for a scenario that nobody reads.
 */
export async function exploreCrashes(scenario: CrashScenario): Promise<CrashReport> {
  checkScenario(scenario);
  if (scenario.only !== undefined) {
    await runOnce(scenario, scenario.only.split("+").map(Number));
    return { runs: 1, points: 0 };
  }
  const [undisturbed] = await runOnce(scenario, [0]);
  const points = undisturbed?.points ?? 0;
  let runs = 1;
  for (let first = 1; first <= points; first += 1) {
    const [, second] = await runOnce(scenario, scenario.double === false ? [first] : [first, 0]);
    runs += 1;
    for (let next = 1; next <= (second?.points ?? 0); next += 1) {
      await runOnce(scenario, [first, next]);
      runs += 1;
    }
  }
  return { runs, points };
}

function checkScenario(scenario: CrashScenario): void {
  checkKeys("scenario", scenario, KNOWN);
  const { setup, only } = scenario;
  refuse([
    ...functionProblems("setup", setup ?? null),
    ...(only === undefined || RUN_ID.test(only)
      ? []
      : [{ path: "only", problem: 'must be the id of a run such as "7+3"' }]),
  ]);
}

/** One world, with one worker after the other, each with its crash point; 0 for none. */
async function runOnce(scenario: CrashScenario, crashPoints: readonly number[]): Promise<readonly CrashPlan[]> {
  const world = await scenario.setup();
  const plans = crashPoints.map((crashAt) => crashPlan(crashAt || undefined));
  try {
    for (const plan of plans) await work(world, plan);
    await world.recover();
    await world.check();
  } catch (cause) {
    const deaths = plans.filter((plan) => plan.crashed).map((plan) => plan.trace.at((plan.crashAt ?? 0) - 1));
    throw new Error(`replay "${crashPoints.join("+")}" failed; workers died ${deaths.join(", then ") || "nowhere"}`, {
      cause,
    });
  }
  return plans;
}

async function work(world: CrashWorld, plan: CrashPlan): Promise<void> {
  try {
    await world.work(plan);
  } catch (thrown) {
    if (!plan.crashed) throw thrown;
  }
}
