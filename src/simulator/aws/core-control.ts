import { coreControls, settle } from "../core-controls.js";
import { credentialsFor } from "./account-keys.js";
import type { AwsCore } from "./aws-core.js";
import type { ConnectedAwsSimulator } from "./aws-simulator.js";

/** The controls of a simulator in this process. */
export function coreControl(core: AwsCore, url: string): ConnectedAwsSimulator {
  return {
    url,
    ...coreControls(core),
    offerings: {
      reservedInstances: (region) => settle(() => core.catalogue.reservedInstances(region)),
      savingsPlans: () => settle(() => core.catalogue.savingsPlans()),
      list: (service, region) => settle(() => core.catalogue.reservedNodes(service, region)),
      add: (offerings) => settle(() => core.catalogue.add(offerings, core.clock.now())),
      setPrice: (change) => settle(() => core.catalogue.setPrice(change, core.clock.now())),
    },
    credentialsFor,
  };
}
