import { ORIGIN_HEADER } from "./wire-reply.js";

/** The headers of a request or an answer, as the Azure SDK has them (`HttpHeaders` of `@azure/core-rest-pipeline`). */
export interface AzureHttpHeaders extends Iterable<[string, string]> {
  get(name: string): string | undefined;
  has(name: string): boolean;
  set(name: string, value: string | number | boolean): void;
  delete(name: string): void;
  toJSON(options?: { preserveCase?: boolean }): Record<string, string>;
}

/** A request of the Azure SDK (`PipelineRequest`), as far as it is looked at here. */
export interface AzureHttpRequest {
  url: string;
  method: "GET" | "PUT" | "POST" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS" | "TRACE";
  headers: AzureHttpHeaders;
  timeout: number;
  withCredentials: boolean;
  requestId: string;
  allowInsecureConnection?: boolean;
  agent?: { destroy(): void; maxFreeSockets: number; maxSockets: number; requests: unknown; sockets: unknown };
}

/** An answer as the Azure SDK has it (`PipelineResponse`). */
export interface AzureHttpResponse<Request> {
  request: Request;
  status: number;
  headers: AzureHttpHeaders;
  bodyAsText?: string | null;
}

/** What the Azure SDK's clients take as their `httpClient` option. */
export interface AzureHttpClient {
  sendRequest<Request extends AzureHttpRequest>(request: Request): Promise<AzureHttpResponse<Request>>;
}

/**
 * Carries every request to the simulator at `url`, whatever https origin it names: the SDK gives its token to https only.
 *
 * The SDK's own client does the sending, over plain HTTP on a real socket, so a reset, a cut body, a time-out or an abort
 * is reported as it would be by Azure. It is loaded with the first request.
 */
export function azureHttpClient(url: string): AzureHttpClient {
  let loading: ReturnType<typeof loadClient> | undefined;
  return {
    async sendRequest(request) {
      loading ??= loadClient();
      const { client, createHttpHeaders } = await loading;
      const { origin, pathname, search } = new URL(request.url);
      const headers = createHttpHeaders({ ...request.headers.toJSON({ preserveCase: true }), [ORIGIN_HEADER]: origin });
      const sent = { ...request, url: url + pathname + search, headers, allowInsecureConnection: true };
      // A proxy that the environment names is meant for requests to Azure, not for those to the simulator.
      delete sent.agent;
      // The SDK knows its requests by identity, so the answer has to name the very one it sent.
      return { ...(await client.sendRequest(sent)), request };
    },
  };
}

async function loadClient() {
  const { createDefaultHttpClient, createHttpHeaders } = await import("@azure/core-rest-pipeline");
  return { client: createDefaultHttpClient(), createHttpHeaders };
}
