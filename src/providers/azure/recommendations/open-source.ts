import type { EpochMs } from "../../../domain/clock.js";
import type { SourceContext } from "../../recommendation-source.js";
import type { AzureProviderOptions } from "../azure-provider-options.js";
import { type AzureConnection, connector } from "../connect.js";

/** Nothing that is asked here is judged by the time. */
const NO_TIME: EpochMs = 0;

/** Opens the client of a subscription for a source. */
export type OpenSource = (account: string, context: Pick<SourceContext, "signal">) => Promise<AzureConnection>;

/**
 * An {@link OpenSource} whose requests are sent once, whatever retry settings the client has: the collection itself
 * waits and asks again, for all calls of an API and account together.
 */
export function sourceOpener(
  options: Pick<AzureProviderOptions, "clientFor" | "httpClient" | "endpoint" | "maxPages">,
): OpenSource {
  const { clientFor, httpClient, endpoint, maxPages } = options;
  const connect = connector({
    clientFor,
    ...(httpClient && { httpClient }),
    ...(endpoint !== undefined && { endpoint }),
    ...(maxPages !== undefined && { maxPages }),
  });
  return async (account, { signal }) => {
    const connection = await connect({ account }, { signal, now: NO_TIME });
    const pipeline = connection.pipeline.clone();
    pipeline.removePolicy({ phase: "Retry" });
    return { ...connection, pipeline };
  };
}
