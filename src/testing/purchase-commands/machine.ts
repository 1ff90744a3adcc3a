import { type ErrorCode, isBuyonceError } from "../../domain/errors.js";
import { isError } from "../../domain/is-error.js";
import { type CrashPlan, crashPlan, interceptPort, type PortHooks } from "../crashing-store.js";
import type { SimulatedCloud } from "../simulated-cloud.js";
import { checkHandlers, type PurchaseHandlers, type PurchaseWiring } from "./purchase-wiring.js";

/** How one call of a handler ended. */
export type HandlerEnd = "acknowledged" | "refused" | "crashed" | "not offered";

/** A call of a handler, and what happens to the process during it. */
export interface HandlerCall {
  /** Calls the handler. `undefined` if the wiring has no such handler. */
  readonly call: (handlers: PurchaseHandlers) => Promise<unknown> | undefined;
  /** The point at which the process dies. Points are before and after each port call, counted from 1. 0 means never. */
  readonly crashAt?: number;
  /** Awaited at each point. */
  readonly pause?: () => Promise<void>;
}

/** A place where processes run, one after the other. If a process has died, the next call starts another. */
export interface Machine {
  perform(call: HandlerCall): Promise<HandlerEnd>;
}

/** A machine; `nextName` names its processes. */
export function machine(wiring: PurchaseWiring, cloud: SimulatedCloud, nextName: () => string): Machine {
  let running: RunningProcess | undefined;
  return {
    async perform({ call, crashAt = 0, pause }) {
      running ??= await startProcess(wiring, cloud, nextName());
      running.state.plan = crashPlan(crashAt || undefined, pause);
      const end = await ended(call(running.handlers), running.state.plan);
      if (end === "crashed") running = undefined;
      return end;
    },
  };
}

interface RunningProcess {
  readonly handlers: PurchaseHandlers;
  /** The plan of the current call. A process whose plan has crashed gets no other plan. */
  readonly state: { plan: CrashPlan };
}

async function startProcess(wiring: PurchaseWiring, cloud: SimulatedCloud, name: string): Promise<RunningProcess> {
  const state = { plan: crashPlan() };
  const hooks: PortHooks = {
    before: (call) => state.plan.hooks.before(call),
    after: (call) => state.plan.hooks.after(call),
  };
  const handlers = await wiring.start({
    name,
    provider: interceptPort(cloud.provider, hooks),
    crashing: (port) => interceptPort(port, hooks),
  });
  checkHandlers(handlers);
  return { handlers, state };
}

async function ended(answer: Promise<unknown> | undefined, plan: CrashPlan): Promise<HandlerEnd> {
  if (answer === undefined) return "not offered";
  try {
    await answer;
  } catch (thrown) {
    if (!plan.crashed && !isRefusal(thrown)) throw thrown;
    return plan.crashed ? "crashed" : "refused";
  }
  // A dead process acknowledges nothing, even if its code caught the error.
  return plan.crashed ? "crashed" : "acknowledged";
}

/**
 * Errors that say that the wiring is wrong.
 *
 * Nothing that happens in a play causes them, and no later call succeeds: the orders are valid, the cloud sells them,
 * and no package, schema or lock changes. If they counted as refusals, a wiring that can never buy would pass.
 */
const MISWIRED: readonly ErrorCode[] = [
  "INVALID_REQUEST",
  "PURCHASE_NOT_SUPPORTED",
  "PROVIDER_NOT_REGISTERED",
  "INVALID_SCHEMA",
  "STORE_IN_TRANSACTION",
  "STORE_LOCKED",
  "LOCAL_SERVER_FAILED",
  "DURABILITY_NOT_ACKNOWLEDGED",
  "DEPENDENCY_MISSING",
];

function isRefusal(thrown: unknown): boolean {
  if (isBuyonceError(thrown)) return !isBuyonceError(thrown, ...MISWIRED);
  return isError(thrown) && thrown.cause !== undefined && isRefusal(thrown.cause);
}
