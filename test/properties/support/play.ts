import type fc from "fast-check";
import type { CustomRequest } from "../../../src/domain/commitment-request/custom.js";
import type { Execution } from "../../../src/domain/execution.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine, type PurchaseEngine } from "../../../src/engine/purchase-engine.js";
import type { CommitmentProvider, InventoryItem } from "../../../src/providers/commitment-provider.js";
import type { ExecutionStore } from "../../../src/store-port/execution-store.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { type ManualClock, manualClock } from "../../../src/testing/manual-clock.js";
import { type LedgerEntry, type SimulatedCloud, simulatedCloud } from "../../../src/testing/simulated-cloud.js";
import { machineClock, offBy } from "./machine-clock.js";
import { CONTRACTS, type Scenario, TIMES } from "./scenario.js";
import { type Passage, wireWatch } from "./wire-watch.js";
import { work } from "./work.js";

/** Breaks a port on purpose, to see the properties fail. */
export interface Sabotage {
  readonly store?: (store: ExecutionStore) => ExecutionStore;
  readonly provider?: (provider: CommitmentProvider) => CommitmentProvider;
}

/** What is left when everything has come to rest. */
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
  /** What the cloud shows of a line's lane in the end. */
  inventoryOf(request: CustomRequest): Promise<readonly InventoryItem[]>;
}

/** Plays a scenario under a scheduler, heals every fault, and lets a healthy worker tick until quiet. */
export async function play(scenario: Scenario, scheduler: fc.Scheduler, sabotage: Sabotage = {}): Promise<Outcome> {
  const time = manualClock();
  const breakStore = sabotage.store ?? ((store) => store);
  const breakProvider = sabotage.provider ?? ((provider) => provider);
  const storeClock = offBy(time, scenario.storeOffsetMs);
  const soundStore = memoryStore({ clock: storeClock });
  const store = breakStore(soundStore);
  const pause = { now: async () => {} };
  const killSwitch = { on: false };
  const isKilled = () => killSwitch.on;
  const cloud = simulatedCloud({
    contract: CONTRACTS[scenario.contract],
    clock: offBy(time, scenario.cloudOffsetMs),
    faults: scenario,
    onWire: () => pause.now(),
  });
  const wire = wireWatch(soundStore, storeClock, isKilled);
  const providerOf = (worker: string) => breakProvider(wire.over(cloud.provider, worker));
  const healthy = createPurchaseEngine({
    store,
    providers: [providerOf("healthy")],
    clock: time,
    logger: silentLogger,
    ...TIMES,
    worker: "healthy",
  });
  const roots = await submitAll(healthy, scenario);

  pause.now = () => scheduler.schedule(Promise.resolve(), "wire");
  const alarms: unknown[] = [];
  const machines = scenario.workers.map((script, index) => ({
    name: `w${index}`,
    provider: providerOf(`w${index}`),
    clock: machineClock(time, script),
    script,
  }));
  const world = { store, cloud, scheduler, roots, isKilled, alarms };
  const workers = machines.map(({ script, ...machine }) => work(script, machine, world));
  const elsewhere: (LedgerEntry & { labeled: boolean })[] = [];
  const passTime = async () => {
    for (const step of scenario.steps) {
      for (let turn = 0; turn <= step.turns; turn += 1)
        await scheduler.schedule(Promise.resolve(), `clock +${step.ms}`);
      time.advance(step.ms);
      for (const [index, { clock }] of machines.entries()) clock.pass(step.ms, step.flawed[index] ?? false);
      killSwitch.on = step.killed;
      if (step.elsewhere === null) continue;
      const { labeled } = step.elsewhere;
      elsewhere.push({ ...cloud.buyElsewhere(requestOf(step.elsewhere), { labeled }), labeled });
    }
  };
  await scheduler.waitFor(Promise.all([...workers, passTime()]));

  pause.now = async () => {};
  killSwitch.on = false;
  cloud.heal();
  await tickUntilQuiet(healthy, store, time);
  time.advance(CONTRACTS[scenario.contract].visibilityLagMs);
  return {
    scenario,
    store,
    cloud,
    roots,
    executions: (await store.history({ limit: 200 })).executions,
    elsewhere,
    passages: await wire.passages(),
    alarms,
    inventoryOf: async (request) =>
      (await cloud.provider.inventory?.(request, "", {
        signal: NEVER,
        logger: silentLogger,
        now: 0,
        lineageAttempt: 1,
      })) ?? [],
  };
}

const NEVER = new AbortController().signal;

const requestOf = ({
  offering,
  quantity,
}: {
  readonly offering: number;
  readonly quantity: number;
}): CustomRequest => ({
  service: "custom.simulated",
  account: "acct",
  region: "r1",
  quantity,
  term: "1yr",
  payment: "no_upfront",
  expectedPrice: { amount: "100", currency: "USD" },
  offering: { offering },
});

const UNDECIDED_FOR_MS = 500;

async function submitAll(engine: PurchaseEngine, { baskets }: Scenario): Promise<Execution[]> {
  const roots: Execution[] = [];
  for (const [number, { lines, approved }] of baskets.entries()) {
    const submitted = await engine.submit({
      requestKey: `basket-${number}`,
      createdBy: "tester",
      lines: lines.map(requestOf),
      ...(approved ? {} : { expiresInMs: UNDECIDED_FOR_MS }),
    });
    if (approved) await engine.approve(submitted.id, { approvedBy: "approver" });
    roots.push(submitted);
  }
  return roots;
}

const OPEN: readonly string[] = ["approved", "running", "in_doubt", "scheduled"];

const isUnfinished = ({ status, lines }: Execution): boolean =>
  OPEN.includes(status) || lines.some((line) => line.needsLabel);

async function tickUntilQuiet(engine: PurchaseEngine, store: ExecutionStore, clock: ManualClock): Promise<void> {
  for (let round = 0; round < 40; round += 1) {
    clock.advance(round < 20 ? 200 : 1_000);
    await engine.tick({ limit: 100 });
    const { executions } = await store.history({ limit: 200 });
    if (!executions.some(isUnfinished)) return;
  }
}
