import { setImmediate as nextTurn } from "node:timers/promises";
import { messageOf } from "../domain/errors.js";
import { invalidArgument } from "../domain/input-problem.js";
import { checkKeys, functionProblems, type KeysOf, refuse } from "../domain/options.js";
import { type CrashPlan, killPlan } from "./crashing-store.js";

/** A fresh world in which workers die and recover. */
export interface CrashWorld {
  /**
   * The whole task of one worker, over ports that carry the plan's hooks.
   *
   * The call at which the worker dies never ends, and neither does any later one. So no `catch` and no `finally` runs
   * after the death, as in a process that was killed. Code that waits for something else than these ports, such as a
   * timer, runs on.
   */
  work(plan: CrashPlan): Promise<unknown>;
  /** Brings the world to rest after the crash: lets time pass and ticks. */
  recover(): Promise<void>;
  /** Throws if the world is not as it must be. */
  check(): Promise<void> | void;
}

/** What to explore. */
export interface CrashScenario {
  /** Makes a fresh world; called once per run. */
  setup(): Promise<CrashWorld> | CrashWorld;
  /** Whether a second worker is killed after the first one, at each of its points. Default: true. */
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
  /** The number of points of a worker that does not crash: one before and one after each of its port calls. */
  readonly points: number;
}

/**
 * Plays all single and double crashes of a worker, not a sample, and checks the world after each.
 *
 * It kills a worker at every point before and after its port calls. A second worker is then killed at each of its own
 * points. After that the world recovers and is checked. A dead worker runs no more code: its calls never end. A failure is
 * an `Error` that names the run (`replay "7+3"`), the points where the workers died, and what the check said. Its cause
 * is the error of the check. Throws `INVALID_REQUEST` if the scenario has a field that is not known, if its worker calls no
 * port with the plan, and if no worker dies in the run that `only` names: such an exploration would prove nothing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createPurchaseEngine, memoryStore, silentLogger } from "buyonce";
 * import { assertNoDoublePurchase, crashingStore, exploreCrashes, interceptPort, manualClock, simulatedCloud } from "buyonce/testing";
 *
 * const line = {
 *   service: "custom.simulated",
 *   account: "acct-1",
 *   region: "r1",
 *   quantity: 2,
 *   term: "1yr",
 *   payment: "no_upfront",
 *   expectedPrice: { amount: "100", currency: "USD" },
 *   offering: { size: "m" },
 * } as const;
 *
 * // What the cloud dedupes: nothing, as EC2. Use `provider.idempotency` of your provider.
 * const times = { maxRequestLifetimeMs: 900_000, visibilityLagMs: 300_000, clockSkewMs: 60_000 };
 * const contract = { kind: "none", windowMs: 0, ...times } as const;
 *
 * const { runs, points } = await exploreCrashes({
 *   async setup() {
 *     const clock = manualClock();
 *     const store = memoryStore({ clock });
 *     const cloud = simulatedCloud({ contract, clock, faults: { purchases: [{ kind: "lost-reply" }] } });
 *     const options = { store, providers: [cloud.provider], clock, logger: silentLogger };
 *     const engine = createPurchaseEngine(options);
 *     const { id } = await engine.submit({ requestKey: "order-1", createdBy: "shop", lines: [line] });
 *     await engine.approve(id, { approvedBy: "ann" });
 *     return {
 *       // The task of a worker that dies: your queue consumer, over ports that carry the plan.
 *       async work(plan) {
 *         const ports = { store: crashingStore(store, plan), providers: [interceptPort(cloud.provider, plan.hooks)] };
 *         await createPurchaseEngine({ ...options, ...ports }).run(id);
 *       },
 *       // What your scheduler does after that.
 *       async recover() {
 *         for (let round = 0; round < 12; round += 1) {
 *           clock.advance(30 * 60_000);
 *           await engine.tick();
 *         }
 *       },
 *       async check() {
 *         assertNoDoublePurchase(cloud.ledger(), { expected: [line] });
 *         assert.equal(cloud.ledger().length, 1);
 *       },
 *     };
 *   },
 * });
 * console.log(`${runs} runs, ${points} points`);
 * ```
 */
export async function exploreCrashes(scenario: CrashScenario): Promise<CrashReport> {
  checkScenario(scenario);
  if (scenario.only !== undefined) {
    checkDeaths(await runOnce(scenario, scenario.only.split("+").map(Number)));
    return { runs: 1, points: 0 };
  }
  const [undisturbed] = await runOnce(scenario, [0]);
  const points = undisturbed?.points ?? 0;
  if (points === 0)
    throw invalidArgument(
      "setup",
      "must give a `work` that calls ports with the plan, such as crashingStore(store, plan)",
    );
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

/** Refuses a replay in which a worker has lived past its point: another scenario has run than the one that failed. */
function checkDeaths(plans: readonly CrashPlan[]): void {
  const survivor = plans.find(({ crashAt, crashed }) => crashAt !== undefined && !crashed);
  if (survivor === undefined) return;
  throw invalidArgument(
    "only",
    `must be a run of this scenario: a worker has ${survivor.points} points, not ${survivor.crashAt}`,
  );
}

/** Plays one world. One worker runs after the other, each with its crash point; 0 means no crash. */
async function runOnce(scenario: CrashScenario, crashPoints: readonly number[]): Promise<readonly CrashPlan[]> {
  const world = await scenario.setup();
  const plans = crashPoints.map((crashAt) => killPlan(crashAt || undefined));
  try {
    for (const plan of plans) await work(world, plan);
    await world.recover();
    await world.check();
  } catch (cause) {
    const deaths = plans.filter((plan) => plan.crashed).map((plan) => plan.trace.at((plan.crashAt ?? 0) - 1));
    const where = `replay "${crashPoints.join("+")}" failed; workers died ${deaths.join(", then ") || "nowhere"}`;
    throw new Error(`${where}: ${messageOf(cause)}`, { cause });
  }
  return plans;
}

/** Ends when the worker has done its task or is dead. Throws what a living worker throws. */
async function work(world: CrashWorld, plan: CrashPlan): Promise<void> {
  try {
    await Promise.race([plan.death, world.work(plan)]);
  } catch (thrown) {
    if (!plan.crashed) throw thrown;
  }
  // A call that was under way beside the one at the death still has its effect, as a request on the wire has.
  if (plan.crashed) await nextTurn();
}
