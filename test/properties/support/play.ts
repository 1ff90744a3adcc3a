import type fc from "fast-check";
import type { Execution } from "../../../src/domain/execution.js";
import { createPurchaseEngine, type PurchaseEngine } from "../../../src/engine/purchase-engine.js";
import type { CommitmentProvider } from "../../../src/providers/commitment-provider.js";
import { reapStuckExecutions } from "../../../src/state-machine/reap-stuck-executions.js";
import type { ExecutionStore } from "../../../src/store-port/execution-store.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { crashPlan, interceptPort } from "../../../src/testing/crashing-store.js";
import { type ManualClock, manualClock } from "../../../src/testing/manual-clock.js";
import { type SimulatedCloud, simulatedCloud } from "../../../src/testing/simulated-cloud.js";
import { CONTRACTS, type Scenario, TIMES, type WorkerCommand, type WorkerScript } from "./scenario.js";

/** Breaks a port on purpose, to see the properties fail. */
export interface Sabotage {
  readonly store?: (store: ExecutionStore) => ExecutionStore;
  readonly provider?: (provider: CommitmentProvider) => CommitmentProvider;
}

/** What is left when everything has come to rest. */
export interface Outcome {
  readonly store: ExecutionStore;
  readonly cloud: SimulatedCloud;
  /** The executions first submitted; each one's lineage key is the root of its retries. */
  readonly roots: readonly Execution[];
  /** All executions, retries included. */
  readonly executions: readonly Execution[];
}

/** Plays a scenario under a scheduler, heals every fault, and lets a healthy worker tick until quiet. */
export async function play(scenario: Scenario, scheduler: fc.Scheduler, sabotage: Sabotage = {}): Promise<Outcome> {
  const clock = manualClock();
  const breakStore = sabotage.store ?? ((store) => store);
  const breakProvider = sabotage.provider ?? ((provider) => provider);
  const store = breakStore(memoryStore({ clock }));
  const pause = { now: async () => {} };
  const cloud = simulatedCloud({
    contract: CONTRACTS[scenario.contract],
    clock,
    faults: scenario,
    onWire: () => pause.now(),
  });
  const provider = breakProvider(cloud.provider);
  const healthy = createPurchaseEngine({ store, providers: [provider], clock, ...TIMES, worker: "healthy" });
  const roots = await submitAll(healthy, scenario);

  pause.now = () => scheduler.schedule(Promise.resolve(), "wire");
  const workers = scenario.workers.map((script, index) =>
    work(script, `w${index}`, { store, provider, clock, scheduler, roots }),
  );
  await scheduler.waitFor(Promise.all([...workers, passTime(scenario, clock, scheduler)]));
  pause.now = async () => {};
  cloud.heal();
  await tickUntilQuiet(healthy, store, clock);
  return { store, cloud, roots, executions: (await store.history({ limit: 200 })).executions };
}

async function submitAll(engine: PurchaseEngine, { baskets }: Scenario): Promise<Execution[]> {
  const roots: Execution[] = [];
  for (const [number, lines] of baskets.entries()) {
    const submitted = await engine.submit({
      requestKey: `basket-${number}`,
      createdBy: "tester",
      lines: lines.map(({ offering, quantity }) => ({
        service: "custom.simulated",
        account: "acct",
        region: "r1",
        quantity,
        term: "1yr",
        payment: "no_upfront",
        expectedPrice: { amount: "100", currency: "USD" },
        offering: { offering },
      })),
    });
    await engine.approve(submitted.id, { approvedBy: "approver" });
    roots.push(submitted);
  }
  return roots;
}

interface World {
  readonly store: ExecutionStore;
  readonly provider: CommitmentProvider;
  readonly clock: ManualClock;
  readonly scheduler: fc.Scheduler;
  readonly roots: readonly Execution[];
}

async function work(script: WorkerScript, name: string, world: World): Promise<void> {
  const plan = crashPlan(script.crashAt || undefined, () => world.scheduler.schedule(Promise.resolve(), name));
  const store = interceptPort(world.store, plan.hooks);
  const engine = createPurchaseEngine({
    store,
    providers: [interceptPort(world.provider, plan.hooks)],
    clock: world.clock,
    ...TIMES,
    worker: name,
  });
  for (const command of script.commands) {
    if (plan.crashed) return;
    // A refusal or a crash is the worker's own affair; what matters is what the cloud shows at the end.
    await obey(command, engine, store, world).catch(() => undefined);
  }
}

async function obey(
  command: WorkerCommand,
  engine: PurchaseEngine,
  store: ExecutionStore,
  { roots }: World,
): Promise<unknown> {
  if (command.kind === "tick") return engine.tick({ limit: 10 });
  if (command.kind === "reap") return reapStuckExecutions(store, { reapAfterMs: TIMES.reapAfterMs });
  const { id } = roots[command.basket % roots.length] ?? { id: "none" };
  if (command.kind === "cancel") return engine.cancel(id, { canceledBy: "person" });
  if (command.kind === "reconcile") return engine.reconcile(id);
  if (command.kind === "run") return engine.run(id);
  const successor = await engine.retry(id, { requestedBy: "person", force: true });
  return engine.approve(successor.id, { approvedBy: "approver" });
}

async function passTime({ clockSteps }: Scenario, clock: ManualClock, scheduler: fc.Scheduler): Promise<void> {
  for (const step of clockSteps) {
    await scheduler.schedule(Promise.resolve(), `clock +${step}`);
    clock.advance(step);
  }
}

const OPEN: readonly string[] = ["pending", "approved", "running", "in_doubt", "scheduled"];

async function tickUntilQuiet(engine: PurchaseEngine, store: ExecutionStore, clock: ManualClock): Promise<void> {
  for (let round = 0; round < 40; round += 1) {
    clock.advance(round < 20 ? 200 : 1_000);
    await engine.tick({ limit: 100 });
    const { executions } = await store.history({ limit: 200 });
    const open = executions.some((execution) => OPEN.includes(execution.status) && execution.status !== "pending");
    const unlabeled = await store.unlabeled({ limit: 1 });
    if (!open && unlabeled.length === 0) return;
  }
}
