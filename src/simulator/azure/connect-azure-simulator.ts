import { controlsAt, remoteControls } from "../remote-controls.js";
import { credentialFor } from "./azure-credential.js";
import { azureHttpClient } from "./azure-http-client.js";
import type { ConnectedAzureSimulator } from "./azure-simulator.js";

/** The controls of a simulator that runs in another process, at the URL it printed. */
export function connectAzureSimulator(url: string): ConnectedAzureSimulator {
  const control = controlsAt(url);
  return {
    url,
    httpClient: azureHttpClient(url),
    ...remoteControls(control),
    prices: {
      list: () => control("GET", "prices"),
      set: (price) => control("POST", "prices", price),
    },
    usage: {
      list: () => control("GET", "usage"),
      set: (usage) => control("POST", "usage", usage),
    },
    subscriptions: {
      list: () => control("GET", "subscriptions"),
      set: (subscription) => control("POST", "subscriptions", subscription),
    },
    credentialFor,
  };
}
