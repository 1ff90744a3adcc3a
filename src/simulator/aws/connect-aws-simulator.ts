import { credentialsFor } from "./account-keys.js";
import type { ConnectedAwsSimulator } from "./aws-simulator.js";
import { CONTROL_PREFIX } from "./control-surface.js";

/** The controls of a simulator that runs in another process, at the URL it printed. */
export function connectAwsSimulator(url: string): ConnectedAwsSimulator {
  const control = <Value>(method: string, name: string, body?: object) => callControl<Value>(url, method, name, body);
  return {
    url,
    ledger: {
      purchases: () => control("GET", "ledger"),
      requests: () => control("GET", "requests"),
    },
    faults: {
      add: (fault) => control("POST", "faults", fault),
      clear: () => control("DELETE", "faults"),
      pending: () => control("GET", "faults"),
    },
    clock: {
      now: () => control("GET", "clock"),
      advance: (advanceMs) => control("POST", "clock", { advanceMs }),
    },
    offerings: {
      reservedInstances: (region) => control("POST", "offerings/reserved-instances", { region }),
      savingsPlans: () => control("GET", "offerings/savings-plans"),
      list: (service, region) => control("POST", "offerings/reserved-nodes", { service, region }),
      add: (offerings) => control("POST", "offerings", offerings),
      setPrice: (change) => control("POST", "offerings/price", change),
    },
    states: {
      set: (commitmentId, state) => control("POST", "states", { commitmentId, state }),
    },
    credentialsFor,
  };
}

async function callControl<Value>(url: string, method: string, name: string, body?: object): Promise<Value> {
  const init = { method, ...(body && { body: JSON.stringify(body) }) };
  const response = await fetch(new URL(CONTROL_PREFIX + name, url), init);
  const answer: unknown = await response.json();
  if (!response.ok) throw new TypeError(`the simulator refused ${method} ${name}: ${JSON.stringify(answer)}`);
  return answer as Value;
}
