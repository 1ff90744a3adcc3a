import type { AdvanceableClock } from "./clock.js";
import type { FaultPlan } from "./fault-plan.js";
import type { HeldWork } from "./held-work.js";
import type { LedgerPurchase } from "./ledger.js";
import type { RequestLog } from "./request-log.js";
import type { SimulatorControls } from "./simulator-controls.js";

/** A simulated cloud without a socket, as far as the controls that all have reach. */
export interface SimulatorCore {
  readonly clock: AdvanceableClock;
  readonly faults: FaultPlan;
  readonly requests: RequestLog;
  readonly held: HeldWork;
  /** Every commitment ever created, in the order of creation. */
  purchases(): LedgerPurchase[];
  /** Sets the state of a commitment from now on; throws `TypeError` if none was bought under this id. */
  setState(commitmentId: string, state: string): void;
}

/** The controls of a simulator in this process. */
export function coreControls(core: SimulatorCore): SimulatorControls {
  return {
    ledger: {
      purchases: () => settle(() => core.purchases()),
      requests: () => settle(() => requests(core)),
    },
    faults: {
      add: (fault) => settle(() => core.faults.add(fault)),
      clear: () => settle(() => core.faults.clear()),
      pending: () => settle(() => core.faults.pending()),
    },
    clock: {
      now: () => settle(() => core.clock.now()),
      advance: (ms) => settle(() => advance(core, ms)),
    },
    states: {
      set: (commitmentId, state) => settle(() => core.setState(commitmentId, state)),
    },
  };
}

function requests(core: SimulatorCore) {
  core.held.runDue();
  return core.requests.all();
}

function advance(core: SimulatorCore, ms: number): void {
  core.clock.advance(ms);
  core.held.runDue();
}

/** A promise of a copy of what `run` returns or throws, as it comes from a simulator in another process. */
export function settle<Value>(run: () => Value): Promise<Value> {
  return new Promise((resolve) => resolve(structuredClone(run())));
}
