import { controlsAt, remoteControls } from "../remote-controls.js";
import { credentialsFor } from "./account-keys.js";
import type { ConnectedAwsSimulator } from "./aws-simulator.js";

/** The controls of a simulator that runs in another process, at the URL it printed. */
export function connectAwsSimulator(url: string): ConnectedAwsSimulator {
  const control = controlsAt(url);
  return {
    url,
    ...remoteControls(control),
    offerings: {
      reservedInstances: (region) => control("POST", "offerings/reserved-instances", { region }),
      savingsPlans: () => control("GET", "offerings/savings-plans"),
      list: (service, region) => control("POST", "offerings/reserved-nodes", { service, region }),
      add: (offerings) => control("POST", "offerings", offerings),
      setPrice: (change) => control("POST", "offerings/price", change),
    },
    usage: { set: (usage) => control("POST", "usage", usage) },
    organization: { set: (settings) => control("POST", "organization", settings) },
    credentialsFor,
  };
}
