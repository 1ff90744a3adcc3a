import { coreControls, settle } from "../core-controls.js";
import type { AzureCore } from "./azure-core.js";
import { credentialFor } from "./azure-credential.js";
import { azureHttpClient } from "./azure-http-client.js";
import type { ConnectedAzureSimulator } from "./azure-simulator.js";

/** The controls of a simulator in this process. */
export function coreControl(core: AzureCore, url: string): ConnectedAzureSimulator {
  return {
    url,
    httpClient: azureHttpClient(url),
    ...coreControls(core),
    prices: {
      list: () => settle(() => core.prices.list()),
      set: (price) => settle(() => core.prices.set(price)),
    },
    credentialFor,
  };
}
