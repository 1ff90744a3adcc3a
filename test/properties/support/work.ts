import type fc from "fast-check";
import { isBuyonceError } from "../../../src/domain/errors.js";
import type { Execution, PurchaseLine } from "../../../src/domain/execution.js";
import { isUnsettled } from "../../../src/domain/line-state.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine, type PurchaseEngine } from "../../../src/engine/purchase-engine.js";
import type { TickReport } from "../../../src/engine/run/tick.js";
import { deriveIdempotencyToken } from "../../../src/idempotency/derive-idempotency-token.js";
import type { CommitmentProvider } from "../../../src/providers/commitment-provider.js";
import { reapStuckExecutions } from "../../../src/state-machine/reap-stuck-executions.js";
import { isTerminal } from "../../../src/state-machine/transitions.js";
import type { ExecutionStore } from "../../../src/store-port/execution-store.js";
import { crashPlan, interceptPort } from "../../../src/testing/crashing-store.js";
import type { SimulatedCloud } from "../../../src/testing/simulated-cloud.js";
import { UNGUARDED } from "../../support/unguarded.js";
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
  /** Tokens of lines about which a person said something wrong; nobody errs twice about one. */
  readonly mistakes: Set<string>;
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
      ...UNGUARDED,
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
    // A person looks and decides in one step: evidence that is old by then would be the person's fault.
    const person = () => people(makeEngine(lookingFirst(world.store, store)), world);
    const orders = { command, engine, store, signal: caller.controller.signal, person };
    // A refusal or a crash is the worker's own affair; what matters is what the cloud shows at the end.
    const thrown = await obey(orders, world).then(errorsOf, (error: unknown) => [error]);
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
  readonly command: Command;
  readonly person: () => People;
  readonly engine: PurchaseEngine;
  readonly store: ExecutionStore;
  readonly signal: AbortSignal;
}

async function obey({ command, engine, store, signal, person }: Orders, world: World): Promise<unknown> {
  if (command.kind === "tick") return engine.tick({ limit: 10, signal });
  if (command.kind === "reap") return reapStuckExecutions(store, { reapAfterMs: TIMES.reapAfterMs });
  if (command.kind === "resolve") return person().resolveOne(command.basket);
  if (command.kind === "correct") return person().correctOne(command.basket);
  if (command.kind === "mistake") return person().err(command.basket, command.says);
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

/** What people do who look at the cloud's ledger, or do not look well. */
export interface People {
  /** Settles one line in doubt by what the ledger shows at that moment, which the engine may still refuse. */
  resolveOne(which: number): Promise<unknown>;
  /** Settles one line anew by the ledger about which somebody has said something before. */
  correctOne(which: number): Promise<unknown>;
  /** Says something wrong about one line in doubt; about each line once at most. */
  err(which: number, says: "bought" | "not bought"): Promise<unknown>;
  /** Cancels everything that has not ended. */
  cancelAll(): Promise<void>;
  /** Says of every line that nothing was bought, or what was, of which somebody said so while that could not be known yet. */
  sayAgain(): Promise<void>;
  /** Settles every line in doubt, and every one that somebody settled, by the ledger. */
  resolveAll(): Promise<void>;
}

interface Place {
  readonly execution: Execution;
  readonly line: PurchaseLine;
}

/** People with the verbs of an engine. */
export function people(engine: PurchaseEngine, { store, cloud, mistakes }: World): People {
  const all = async () => (await store.history({ limit: 200 })).executions;
  const places = async (isMeant: (line: PurchaseLine) => boolean): Promise<readonly Place[]> =>
    (await all()).flatMap((execution) => execution.lines.filter(isMeant).map((line) => ({ execution, line })));
  const tokenOf = ({ execution, line }: Place) => deriveIdempotencyToken(execution.lineageKey, line.index);
  const say = ({ execution, line }: Place, commitmentIds: readonly string[]) =>
    engine.resolve(
      execution.id,
      line.index,
      commitmentIds.length > 0
        ? { outcome: "committed", evidence: { commitmentIds }, resolvedBy: "person" }
        : { outcome: "rejected", evidence: { note: "not on the ledger" }, resolvedBy: "person" },
    );
  const truth = (place: Place) =>
    cloud.ledger().flatMap(({ token, live, commitmentId }) => (token === tokenOf(place) && live ? [commitmentId] : []));
  const isDoubtful = ({ state }: PurchaseLine) => isUnsettled(state);
  const isWord = ({ commitment, rejection }: PurchaseLine) =>
    commitment?.resolvedBy !== undefined || rejection?.resolvedBy !== undefined;
  const sayAll = async (isMeant: (line: PurchaseLine) => boolean) => {
    for (const place of await places(isMeant))
      await say(place, truth(place)).catch((thrown: unknown) => {
        if (!isBuyonceError(thrown, "RESOLUTION_REFUSED")) throw thrown;
      });
  };
  const pick = <One>(some: readonly One[], which: number) => some[which % Math.max(1, some.length)];

  return {
    async resolveOne(which) {
      const place = pick(await places(isDoubtful), which);
      return place && say(place, truth(place));
    },
    async correctOne(which) {
      const place = pick(await places(isWord), which);
      return place && say(place, truth(place));
    },
    async err(which, says) {
      const place = pick(await places(isDoubtful), which);
      if (place === undefined || mistakes.has(tokenOf(place))) return undefined;
      mistakes.add(tokenOf(place));
      const others = cloud.ledger().filter(({ token }) => token !== tokenOf(place));
      const wrong = says === "bought" ? pick(others, which)?.commitmentId : undefined;
      return say(place, wrong === undefined ? [] : [wrong]);
    },
    async cancelAll() {
      for (const { id, status } of await all())
        if (!isTerminal(status)) await engine.cancel(id, { canceledBy: "person" });
    },
    sayAgain: () => sayAll(({ doubt }) => /said that nothing was bought, but/.test(doubt?.reason ?? "")),
    resolveAll: () => sayAll((line) => isDoubtful(line) || isWord(line)),
  };
}

/** A store whose first commit has its effect at once, and whose other calls go the usual way. */
function lookingFirst(store: ExecutionStore, usual: ExecutionStore): ExecutionStore {
  const state = { decided: false };
  return {
    ...usual,
    get: (id) => (state.decided ? usual.get(id) : store.get(id)),
    commit(change) {
      if (state.decided) return usual.commit(change);
      state.decided = true;
      return store.commit(change);
    },
  };
}
