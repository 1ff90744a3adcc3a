import { anySignal } from "../../domain/any-signal.js";
import { LONGEST_TIMER_MS } from "../../domain/bounds.js";
import { systemClock } from "../../domain/clock.js";
import { checkClient } from "../check-client.js";
import type { ProviderContext } from "../commitment-provider.js";
import { untilAborted } from "../until-aborted.js";
import { hasCustomEndpoint } from "./custom-endpoint.js";
import type { GcpCallOptions, GcpClients, GcpTarget } from "./gcp-clients.js";
import {
  COMMON_OPTION_KEYS,
  GCP_TIMING,
  type GcpProviderOptions,
  type GcpSettings,
  readSettings,
} from "./gcp-provider-options.js";

/** The clients at work for one provider call. */
export interface GcpConnection extends GcpClients {
  readonly project: string;
  readonly region: string;
  readonly settings: GcpSettings;
  readonly signal: AbortSignal;
  /** Makes one call with its time limit, once; its answer is the first part of what Google's clients return. */
  call(send: (options: GcpCallOptions) => Promise<readonly [unknown, ...unknown[]]>): Promise<unknown>;
}

/** Opens the clients of a line's project and region. */
export type Connect = (target: GcpTarget, context: Pick<ProviderContext, "signal">) => Promise<GcpConnection>;

const CLIENTS = "{ commitments: RegionCommitmentsClient, operations: RegionOperationsClient }";

/** A {@link Connect} for an adapter's options. */
export function connector(options: GcpProviderOptions): Connect {
  const settings = readSettings(options, { keys: { ...COMMON_OPTION_KEYS, clientFor: true }, documented: GCP_TIMING });
  return async ({ account, region }, { signal }) => {
    signal.throwIfAborted();
    const target: GcpTarget = { account, region };
    const clients = await options.clientFor(target);
    checkClient(clients, { client: CLIENTS, members: ["commitments", "operations"], target });
    const { refusedAtGoogle } = settings;
    if (refusedAtGoogle !== undefined && !hasCustomEndpoint(clients.commitments)) throw new TypeError(refusedAtGoogle);
    return {
      ...clients,
      project: account,
      region,
      settings,
      signal,
      async call(send) {
        // The clients take no signal. Their own time limit stops the request, and this limit stops the waiting.
        const waitMs = Math.min(settings.requestTimeoutMs + 1_000, LONGEST_TIMER_MS);
        const limit = anySignal([signal, systemClock.timeout(waitMs)]);
        limit.throwIfAborted();
        const [answer] = await untilAborted(send({ timeout: settings.requestTimeoutMs, retry: null }), limit);
        return answer;
      },
    };
  };
}
