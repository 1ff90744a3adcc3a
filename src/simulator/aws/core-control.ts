import { credentialsFor } from "./account-keys.js";
import type { AwsCore } from "./aws-core.js";
import type { ConnectedAwsSimulator } from "./aws-simulator.js";

/** The controls of a simulator in this process. */
export function coreControl(core: AwsCore, url: string): ConnectedAwsSimulator {
  return {
    url,
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
    offerings: {
      reservedInstances: (region) => settle(() => core.catalogue.reservedInstances(region)),
      savingsPlans: () => settle(() => core.catalogue.savingsPlans()),
      list: (service, region) => settle(() => core.catalogue.reservedNodes(service, region)),
      add: (offerings) => settle(() => core.catalogue.add(offerings, core.clock.now())),
      setPrice: (change) => settle(() => core.catalogue.setPrice(change, core.clock.now())),
    },
    states: {
      set: (commitmentId, state) => settle(() => core.setState(commitmentId, state)),
    },
    credentialsFor,
  };
}

function requests(core: AwsCore) {
  core.held.runDue();
  return core.requests.all();
}

function advance(core: AwsCore, ms: number): void {
  core.clock.advance(ms);
  core.held.runDue();
}

/** A promise of a copy of what `run` returns or throws, as it comes from a simulator in another process. */
function settle<Value>(run: () => Value): Promise<Value> {
  return new Promise((resolve) => resolve(structuredClone(run())));
}
