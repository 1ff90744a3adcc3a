import type fc from "fast-check";
import { isBuyonceError } from "../../../src/domain/errors.js";
import type { Execution } from "../../../src/domain/execution.js";
import { isUnsettled } from "../../../src/domain/line-state.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine, type PurchaseEngine } from "../../../src/engine/purchase-engine.js";
import type { TickReport } from "../../../src/engine/tick.js";
import { deriveIdempotencyToken } from "../../../src/idempotency/derive-idempotency-token.js";
import type { CommitmentProvider } from "../../../src/providers/commitment-provider.js";
import { reapStuckExecutions } from "../../../src/state-machine/reap-stuck-executions.js";
import type { ExecutionStore } from "../../../src/store-port/execution-store.js";
import { crashPlan, interceptPort } from "../../../src/testing/crashing-store.js";
import type { SimulatedCloud } from "../../../src/testing/simulated-cloud.js";
import type { MachineClock } from "./machine-clock.js";
import { type Command, type StoreFault, TIMES, type WorkerScript } from "./scenario.js";

/** Where a worker works. */
export interface World {
  readonly store: ExecutionStore;
  readonly cloud: SimulatedCloud;
  readonly scheduler: fc.Scheduler;
  readonly roots: readonly Execution[];
  readonly isKilled: () => boolean;
  /** Errors that say that the books are wrong about money, raised although this worker's store never failed. */
  readonly alarms: unknown[];
}

/** One worker's process. */
export interface Machine {
  readonly name: string;
  readonly provider: CommitmentProvider;
  readonly clock: MachineClock;
}

/** Does what a script says, until it is done or dead. */
export async function work(script: WorkerScript, { name, provider, clock }: Machine, world: World): Promise<void> {
  const caller = { pointsLeft: 0, controller: new AbortController() };
  const pause = () => {
    caller.pointsLeft -= 1;
    if (caller.pointsLeft === 0) caller.controller.abort();
    return world.scheduler.schedule(Promise.resolve(), name);
  };
  const plan = crashPlan(script.crashAt || undefined, pause);
  const rough = roughStore(world.store, script.storeFaults);
  const makeEngine = (store: ExecutionStore) =>
    createPurchaseEngine({
      store,
      providers: [interceptPort(provider, plan.hooks)],
      clock,
      logger: silentLogger,
      killSwitch: world.isKilled,
      ...TIMES,
      worker: name,
    });
  const store = interceptPort(rough.store, plan.hooks);
  const engine = makeEngine(store);
  for (const command of script.commands) {
    if (plan.crashed) return;
    caller.controller = new AbortController();
    caller.pointsLeft = "abortAt" in command ? command.abortAt : 0;
    const orders = { command, engine, store, signal: caller.controller.signal };
    // A refusal or a crash is the worker's own affair; what matters is what the cloud shows at the end.
    const thrown =
      command.kind === "resolve"
        ? await resolveTruly(command.basket, makeEngine(lookingFirst(world.store, store)), world)
        : await obey(orders, world).then(errorsOf, (error: unknown) => [error]);
    if (!plan.crashed && !rough.hasFailed()) world.alarms.push(...thrown.filter(isAlarm));
  }
}

const isAlarm = (thrown: unknown): boolean => isBuyonceError(thrown, "PURCHASE_NOT_RECORDED", "DUPLICATE_COMMITMENT");

const errorsOf = (answer: unknown): readonly unknown[] =>
  typeof answer === "object" && answer !== null && "errors" in answer
    ? (answer as TickReport).errors.map(({ error }) => error)
    : [];

/** A store whose calls fail by a script: before their effect, or after it. */
function roughStore(store: ExecutionStore, faults: readonly StoreFault[]) {
  const state = { calls: 0, failed: false };
  const fail = (fault: StoreFault) => async () => {
    if (faults[state.calls] === fault) {
      state.calls += 1;
      state.failed = true;
      throw new Error(`the store failed ${fault} its effect`);
    }
    if (fault === "after") state.calls += 1;
  };
  return {
    store: interceptPort(store, { before: fail("before"), after: fail("after") }),
    hasFailed: () => state.failed,
  };
}

interface Orders {
  readonly command: Exclude<Command, { readonly kind: "resolve" }>;
  readonly engine: PurchaseEngine;
  readonly store: ExecutionStore;
  readonly signal: AbortSignal;
}

async function obey({ command, engine, store, signal }: Orders, world: World): Promise<unknown> {
  if (command.kind === "tick") return engine.tick({ limit: 10, signal });
  if (command.kind === "reap") return reapStuckExecutions(store, { reapAfterMs: TIMES.reapAfterMs });
  const id = await latestOf(world, command.basket);
  switch (command.kind) {
    case "run":
      return engine.run(id, { signal });
    case "reconcile":
      return engine.reconcile(id, { signal });
    case "approve":
      return engine.approve(id, { approvedBy: "approver" });
    case "schedule":
      return engine.schedule(id, { approvedBy: "approver", runAt: (world.roots[0]?.createdAt ?? 0) + 300 });
    case "pause":
      return engine.pause(id, { pausedBy: "person" });
    case "resume":
      return engine.resume(id, { resumedBy: "person" });
    case "cancel":
      return engine.cancel(id, { canceledBy: "person" });
    case "retry":
      return retryAndApprove(engine, id);
    default:
      throw new TypeError("unknown command");
  }
}

async function retryAndApprove(engine: PurchaseEngine, id: string): Promise<unknown> {
  const successor = await engine.retry(id, { requestedBy: "person", force: true });
  return engine.approve(successor.id, { approvedBy: "approver" });
}

/** The basket, or its latest retry. */
async function latestOf({ store, roots }: World, basket: number): Promise<string> {
  let id = roots[basket % roots.length]?.id ?? "none";
  for (;;) {
    const successorId = (await store.get(id))?.successorId ?? null;
    if (successorId === null) return id;
    id = successorId;
  }
}

/**
 * A person settles a line in doubt by what the cloud's ledger shows at that moment, which the engine may still refuse.
 *
 * Looking and claiming are one step: evidence that is old by the time of the claim would be the person's fault.
 */
async function resolveTruly(basket: number, engine: PurchaseEngine, world: World): Promise<readonly unknown[]> {
  const { executions } = await world.store.history({ status: ["in_doubt"], limit: 200 });
  const execution = executions[basket % Math.max(1, executions.length)];
  const line = execution?.lines.find(({ state }) => isUnsettled(state));
  if (execution === undefined || line === undefined) return [];
  const token = deriveIdempotencyToken(execution.lineageKey, line.index);
  const commitmentIds = world.cloud.ledger().flatMap((entry) => (entry.token === token ? [entry.commitmentId] : []));
  const resolved =
    commitmentIds.length > 0
      ? engine.resolve(execution.id, line.index, {
          outcome: "committed",
          evidence: { commitmentIds },
          resolvedBy: "person",
        })
      : engine.resolve(execution.id, line.index, {
          outcome: "rejected",
          evidence: { note: "not on the ledger" },
          resolvedBy: "person",
        });
  return resolved.then(
    () => [],
    (error: unknown) => [error],
  );
}

/** A store whose first commit has its effect at once, and whose other calls go the usual way. */
function lookingFirst(store: ExecutionStore, usual: ExecutionStore): ExecutionStore {
  const state = { claimed: false };
  return {
    ...usual,
    commit(change) {
      if (state.claimed) return usual.commit(change);
      state.claimed = true;
      return store.commit(change);
    },
  };
}
