import * as z from "zod/mini";
import { once } from "../../../domain/once.js";
import { checkKeys, functionProblems, type KeysOf, refuse } from "../../../domain/options.js";
import { parseAnswer } from "../../parse-answer.js";
import type { AccountDirectory } from "../../recommendation-source.js";
import type { AzureClient } from "../azure-client.js";
import type { AzureProviderOptions } from "../azure-provider-options.js";
import { azureSourceFault } from "./azure-source-fault.js";
import { listPages } from "./list-pages.js";
import { sourceOpener } from "./open-source.js";

/** How the subscriptions are found. */
export interface AzureSubscriptionsOptions extends Pick<AzureProviderOptions, "httpClient" | "endpoint" | "maxPages"> {
  /** Gives an SDK client. The subscriptions are those that its credential may read. */
  client(): AzureClient | Promise<AzureClient>;
}

const KNOWN: KeysOf<AzureSubscriptionsOptions> = { client: true, httpClient: true, endpoint: true, maxPages: true };

const subscriptionSchema = once(() => z.object({ subscriptionId: z.string(), state: z.string() }));

/** The subscriptions that are `Enabled`, of those that the credential may read (Microsoft.Resources 2022-12-01). */
export function azureSubscriptions(options: AzureSubscriptionsOptions): AccountDirectory {
  checkKeys("options", options, KNOWN);
  const { client, ...others } = options;
  refuse(functionProblems("options.client", client ?? null));
  const open = sourceOpener({ ...others, clientFor: () => client() });
  return {
    name: "azure.subscriptions",
    async accounts(context) {
      const items = await listPages(await open("", context), context, {
        api: "azure.resources",
        what: "subscriptions",
        path: "/subscriptions?api-version=2022-12-01",
        answersNoContent: false,
      });
      const enabled = items
        .map((item) => parseAnswer(subscriptionSchema(), item, "subscription"))
        .filter(({ state }) => state === "Enabled")
        .map(({ subscriptionId }) => subscriptionId.toLowerCase());
      return [...new Set(enabled)].sort();
    },
    faultOf: azureSourceFault,
  };
}
