import type fc from "fast-check";
import type { Clock } from "../../../src/domain/clock.js";
import type { CustomRequest } from "../../../src/domain/commitment-request/custom.js";
import type { Execution } from "../../../src/domain/execution.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine, type PurchaseEngine } from "../../../src/engine/purchase-engine.js";
import type { CommitmentProvider, InventoryItem } from "../../../src/providers/commitment-provider.js";
import type { ExecutionStore } from "../../../src/store-port/execution-store.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { type ManualClock, manualClock } from "../../../src/testing/manual-clock.js";
import { type LedgerEntry, type SimulatedCloud, simulatedCloud } from "../../../src/testing/simulated-cloud.js";
import { UNGUARDED } from "../../support/unguarded.js";
import { lawWatch } from "./law-watch.js";
import { type MachineClock, machineClock, offBy } from "./machine-clock.js";
import { releaseUntil } from "./release-until.js";
import { CONTRACTS, type LineOf, type Scenario, TIMES, type TimeStep, versionOf } from "./scenario.js";
import { type Passage, wireWatch } from "./wire-watch.js";
import { type Machine, people, type World, work } from "./work.js";

/** What a scenario is played on, where that is not what is usual. */
export interface Stage {
  /** Opens the store, by its clock. Default: a memory store. It must read and write at the moment when it is called. */
  readonly open?: (clock: Clock) => ExecutionStore;
  /** Breaks a port on purpose, to see the properties fail. */
  readonly store?: (store: ExecutionStore) => ExecutionStore;
  readonly provider?: (provider: CommitmentProvider) => CommitmentProvider;
}

/** What is left when the script of a scenario has been played, or when everything has come to rest. */
export interface Outcome {
  readonly scenario: Scenario;
  readonly store: ExecutionStore;
  readonly cloud: SimulatedCloud;
  /** The executions first submitted; each one's lineage key is the root of its retries. */
  readonly roots: readonly Execution[];
  /** All executions, retries included. */
  readonly executions: readonly Execution[];
  /** What somebody else bought. */
  readonly elsewhere: readonly (LedgerEntry & { readonly labeled: boolean })[];
  readonly passages: readonly Passage[];
  readonly alarms: readonly unknown[];
  /** Changes that broke a law which nothing shows any more in the end. */
  readonly breaches: readonly string[];
  /** The executions of which a person's word was taken back. */
  readonly corrected: ReadonlySet<string>;
  /** Whether people erred, listings left something out, or the cloud showed a state that nobody can judge. */
  readonly confusing: boolean;
  /** Tokens of the lines about which a person said something wrong. */
  readonly mistakes: ReadonlySet<string>;
  /** What the cloud shows of a line's lane in the end. */
  inventoryOf(request: CustomRequest): Promise<readonly InventoryItem[]>;
}

/** A scenario that has been played, with the hands to go on with. */
interface Played {
  readonly time: ManualClock;
  readonly world: World;
  readonly healthy: PurchaseEngine;
  outcome(): Promise<Outcome>;
}

/** Plays a scenario under a scheduler, heals every fault, and lets a healthy worker tick until quiet. */
export async function play(scenario: Scenario, scheduler: fc.Scheduler, stage: Stage = {}): Promise<Outcome> {
  const played = await playScript(scenario, scheduler, stage);
  const { time, world, outcome } = played;
  world.cloud.heal();
  for (const { commitmentId, sighting } of world.cloud.ledger())
    if (sighting?.meaning === "pending") world.cloud.setState(commitmentId, { meaning: "live" });
  await tickUntilQuiet(played);
  time.advance(CONTRACTS[scenario.contract].visibilityLagMs);
  return outcome();
}

/**
 * Plays a scenario, and then lets a person end everything although the cloud never answers any more.
 *
 * All that the person has is the cloud's ledger, the time of the longest wait, and the verbs.
 */
export async function endByPerson(scenario: Scenario, scheduler: fc.Scheduler): Promise<readonly Execution[]> {
  const { time, world, healthy } = await playScript(scenario, scheduler, {});
  for (let call = 0; call < 500; call += 1) {
    world.cloud.strikeCall("lookup", { kind: "fails" });
    world.cloud.strikeCall("inventory", { kind: "fails" });
    world.cloud.strikeCall("prepare", { kind: "fails" });
  }
  time.advance(10_000);
  const { cancelAll, resolveAll } = people(healthy, world);
  await cancelAll();
  // Three rounds: one word may have to be corrected before another can be taken.
  for (let round = 0; round < 3; round += 1) await resolveAll();
  await whileTimePasses(time, healthy.tick({ limit: 100 }));
  return (await world.store.history({ limit: 200 })).executions;
}

/** Lets the time pass until work has ended: a call that hangs ends by its limit alone. */
async function whileTimePasses(time: ManualClock, work: Promise<unknown>): Promise<void> {
  const rest = { isReached: false };
  const working = work.finally(() => {
    rest.isReached = true;
  });
  while (!rest.isReached) {
    await new Promise(setImmediate);
    time.advance(100);
  }
  await working;
}

async function playScript(scenario: Scenario, scheduler: fc.Scheduler, stage: Stage): Promise<Played> {
  const time = manualClock();
  const storeClock = offBy(time, scenario.storeOffsetMs);
  const killSwitch = { on: false };
  const isKilled = () => killSwitch.on;
  const pause = { now: async () => {} };
  const { purchases, lookups, labels, listingLagsMs } = scenario;
  const cloud = simulatedCloud({
    contract: CONTRACTS[scenario.contract],
    clock: offBy(time, scenario.cloudOffsetMs),
    faults: { purchases, lookups, labels, listingLagsMs },
    onWire: () => pause.now(),
  });
  const { open = (clock) => memoryStore({ clock }) } = stage;
  const soundStore = open(storeClock);
  const wire = wireWatch(soundStore, storeClock, isKilled);
  const watch = lawWatch(soundStore, wire);
  const store = (stage.store ?? ((same) => same))(watch.store);
  const providerOf = (worker: string, isNewer: boolean) => {
    const version = cloud.providerUnder(versionOf(scenario.contract, isNewer));
    return (stage.provider ?? ((same) => same))(wire.over(version, worker));
  };
  const healthy = createPurchaseEngine({
    ...UNGUARDED,
    store,
    providers: [providerOf("healthy", scenario.healthyIsNewer)],
    clock: time,
    logger: silentLogger,
    ...TIMES,
    worker: "healthy",
  });
  const roots = await submitAll(healthy, soundStore, scenario);
  const machines = scenario.workers.map((script, index) => ({
    name: `w${index}`,
    provider: providerOf(`w${index}`, script.isNewer),
    clock: machineClock(time, script),
    script,
  }));
  const alarms: unknown[] = [];
  const world: World = { store, cloud, scheduler, roots, isKilled, alarms, mistakes: new Set() };
  const elsewhere: (LedgerEntry & { labeled: boolean })[] = [];
  pause.now = () => scheduler.schedule(Promise.resolve(), "wire");
  await playParts({ scenario, world, machines, time, killSwitch, elsewhere });
  pause.now = async () => {};
  killSwitch.on = false;
  return {
    time,
    world,
    healthy,
    outcome: async () => ({
      scenario,
      store,
      cloud,
      roots,
      executions: (await store.history({ limit: 200 })).executions,
      elsewhere,
      passages: await wire.passages(),
      alarms,
      breaches: watch.breaches,
      corrected: watch.corrected,
      mistakes: world.mistakes,
      confusing: world.mistakes.size > 0 || isConfusing(scenario),
      inventoryOf: async (request) =>
        (await cloud.provider.inventory?.(request, "", {
          signal: NEVER,
          logger: silentLogger,
          now: 0,
          lineageAttempt: 1,
        })) ?? [],
    }),
  };
}

const isConfusing = ({ steps, purchases }: Scenario): boolean =>
  steps.some(({ leavesOut, becomes }) => leavesOut || becomes?.sighting.meaning === "unclear") ||
  purchases.some((fault) => fault.kind === "lands-as" && fault.sighting.meaning === "unclear");

interface Parts {
  readonly scenario: Scenario;
  readonly world: World;
  readonly machines: readonly (Machine & {
    readonly script: Scenario["workers"][number];
    readonly clock: MachineClock;
  })[];
  readonly time: ManualClock;
  readonly killSwitch: { on: boolean };
  readonly elsewhere: (LedgerEntry & { labeled: boolean })[];
}

/** Lets the workers work and the time pass side by side; time goes on until every worker is done, also one that hangs. */
async function playParts({ scenario, world, machines, time, killSwitch, elsewhere }: Parts): Promise<void> {
  const { scheduler, cloud } = world;
  const rest = { isReached: false };
  const working = Promise.all(machines.map(({ script, ...machine }) => work(script, machine, world))).then(() => {
    rest.isReached = true;
  });
  const pass = (ms: number, flawed: readonly boolean[]) => {
    time.advance(ms);
    for (const [index, { clock }] of machines.entries()) clock.pass(ms, flawed[index] ?? false);
  };
  const passTime = async () => {
    for (const step of scenario.steps) {
      for (let turn = 0; turn <= step.turns; turn += 1)
        await scheduler.schedule(Promise.resolve(), `clock +${step.ms}`);
      pass(step.ms, step.flawed);
      killSwitch.on = step.killed;
      happen(step, cloud, elsewhere);
    }
    killSwitch.on = false;
    for (let turn = 0; turn < 2_000 && !rest.isReached; turn += 1) {
      await scheduler.schedule(Promise.resolve(), "clock");
      if (turn % 20 === 19) pass(100, []);
    }
  };
  await releaseUntil(Promise.all([working, passTime()]), scheduler);
}

/** What happens at the cloud at the end of a step of the time. */
function happen(
  { elsewhere, becomes, leavesOut }: TimeStep,
  cloud: SimulatedCloud,
  bought: (LedgerEntry & { labeled: boolean })[],
): void {
  if (leavesOut) cloud.leaveOut("all");
  const ledger = cloud.ledger();
  const struck = becomes && ledger[becomes.which % Math.max(1, ledger.length)];
  if (becomes && struck) cloud.setState(struck.commitmentId, becomes.sighting);
  if (elsewhere === null) return;
  const { labeled } = elsewhere;
  bought.push({ ...cloud.buyElsewhere(requestOf(elsewhere), { labeled }), labeled });
}

const NEVER = new AbortController().signal;

const requestOf = ({ offering, quantity, region }: LineOf): CustomRequest => ({
  service: "custom.simulated",
  account: "acct",
  region: `r${region}`,
  quantity,
  term: "1yr",
  payment: "no_upfront",
  expectedPrice: { amount: "100", currency: "USD" },
  offering: { offering },
});

const UNDECIDED_FOR_MS = 500;

async function submitAll(engine: PurchaseEngine, store: ExecutionStore, { baskets }: Scenario): Promise<Execution[]> {
  const roots: Execution[] = [];
  for (const [number, { lines, approved }] of baskets.entries()) {
    const { id } = await engine.submit({
      requestKey: `basket-${number}`,
      createdBy: "tester",
      lines: lines.map(requestOf),
      ...(approved ? {} : { expiresInMs: UNDECIDED_FOR_MS }),
    });
    if (approved) await engine.approve(id, { approvedBy: "approver" });
    const stored = await store.get(id);
    if (stored) roots.push(stored);
  }
  return roots;
}

const OPEN: readonly string[] = ["approved", "running", "in_doubt", "scheduled"];

const isUnfinished = ({ status, lines }: Execution): boolean =>
  OPEN.includes(status) || lines.some((line) => line.needsLabel);

async function tickUntilQuiet({ healthy: engine, time, world }: Played): Promise<void> {
  const { store } = world;
  const { sayAgain } = people(engine, world);
  for (let round = 0; round < 60; round += 1) {
    time.advance(round < 20 ? 200 : 1_500);
    await engine.tick({ limit: 100 });
    await sayAgain();
    const { executions } = await store.history({ limit: 200 });
    if (!executions.some(isUnfinished)) return;
    for (const { id, lines } of executions)
      if (lines.some(({ lastError }) => lastError?.code === "APPROVAL_LAPSED"))
        await engine.approve(id, { approvedBy: "approver" }).catch(() => undefined);
  }
}
