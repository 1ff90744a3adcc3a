import type { HttpClient, Pipeline, PipelineRequest } from "@azure/core-rest-pipeline";
import { anySignal } from "../../domain/any-signal.js";
import { type EpochMs, systemClock } from "../../domain/clock.js";
import { checkClient } from "../check-client.js";
import type { ProviderContext } from "../commitment-provider.js";
import { loadSdk } from "../load-sdk.js";
import type { AzureTarget } from "./azure-client.js";
import { type AzureProviderOptions, type AzureSettings, readSettings } from "./azure-provider-options.js";

/** One call of Azure Resource Manager. */
export interface ArmCall {
  readonly method: "GET" | "PUT" | "POST";
  /** The path from its first slash on, query included. Or a whole URL of the endpoint, as Azure's links are. */
  readonly path: string;
  readonly body?: object;
}

/** A client at work for one provider call. */
export interface AzureConnection {
  readonly pipeline: Pipeline;
  readonly httpClient: HttpClient;
  readonly settings: AzureSettings;
  /** Aborts when the caller gives up. */
  readonly signal: AbortSignal;
  /** The time by the store's clock, by which terms are judged to be over. */
  readonly now: EpochMs;
  /** Aborts when the caller gives up, or when one request has taken too long from now. */
  limit(): AbortSignal;
  /** A request for one call; throws for a link that leads to another host. */
  request(call: ArmCall, signal: AbortSignal): PipelineRequest;
}

/** Opens the client of a line's billing subscription. */
export type Connect = (
  target: AzureTarget,
  context: Pick<ProviderContext, "signal" | "now">,
) => Promise<AzureConnection>;

/** A {@link Connect} for an adapter's options. */
export function connector(options: AzureProviderOptions): Connect {
  const settings = readSettings(options);
  return async ({ account }, { signal, now }) => {
    const { createDefaultHttpClient, createHttpHeaders, createPipelineRequest } = await loadPipeline();
    signal.throwIfAborted();
    const client = await options.clientFor({ account });
    checkClient(client, { client: "a client of the Azure SDK", members: ["pipeline"], target: { account } });
    return {
      pipeline: client.pipeline,
      httpClient: options.httpClient ?? createDefaultHttpClient(),
      settings,
      signal,
      now,
      limit: () => anySignal([signal, systemClock.timeout(settings.requestTimeoutMs)]),
      request: ({ method, path, body }, abortSignal) =>
        createPipelineRequest({
          method,
          url: urlOf(path, settings.endpoint),
          abortSignal,
          headers: createHttpHeaders({
            accept: "application/json",
            ...(body && { "content-type": "application/json" }),
          }),
          ...(body && { body: JSON.stringify(body) }),
        }),
    };
  };
}

const loadPipeline = () => loadSdk("@azure/core-rest-pipeline", () => import("@azure/core-rest-pipeline"));

function urlOf(path: string, endpoint: string): string {
  const url = new URL(path, endpoint);
  if (url.origin === new URL(endpoint).origin) return url.href;
  throw new Error(`a link leads to ${url.origin}, away from ${endpoint}`);
}
