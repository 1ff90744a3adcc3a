import { COMMON_CONTROLS, type ControlTable } from "../control-surface.js";
import { coreControls, settle } from "../core-controls.js";
import { readSettings } from "../read-settings.js";
import type { AzureCore } from "./azure-core.js";
import { credentialFor } from "./azure-credential.js";
import { azureHttpClient } from "./azure-http-client.js";
import type { ConnectedAzureSimulator } from "./azure-simulator.js";
import { statedSubscriptionSchema } from "./recommendations/subscription-book.js";
import { statedUsageSchema } from "./recommendations/usage-book.js";
import { reservationPriceSchema } from "./reservations/reservation-prices.js";

/** The controls of a simulated Azure, as a client in another process calls them. */
export const AZURE_CONTROLS: ControlTable<ConnectedAzureSimulator> = {
  ...COMMON_CONTROLS,
  "GET prices": ({ prices }) => prices.list(),
  "POST prices": ({ prices }, body) => prices.set(readSettings(reservationPriceSchema, body)),
  "GET usage": ({ usage }) => usage.list(),
  "POST usage": ({ usage }, body) => usage.set(readSettings(statedUsageSchema, body)),
  "GET subscriptions": ({ subscriptions }) => subscriptions.list(),
  "POST subscriptions": ({ subscriptions }, body) => subscriptions.set(readSettings(statedSubscriptionSchema, body)),
};

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
    usage: {
      list: () => settle(() => core.usage.list()),
      set: (usage) => settle(() => core.usage.set(usage)),
    },
    subscriptions: {
      list: () => settle(() => core.subscriptions.list()),
      set: (subscription) => settle(() => core.subscriptions.set(subscription)),
    },
    credentialFor,
  };
}
