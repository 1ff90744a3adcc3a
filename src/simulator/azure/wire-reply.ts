import type { IncomingHttpHeaders } from "node:http";
import type { WireReply, WireRequest } from "../wire.js";
import type { AzureAnswer } from "./azure-service.js";

/** The header in which `azureHttpClient` says where the request was going before it was sent here. */
export const ORIGIN_HEADER = "x-simulator-origin";

/** Where the client believes the server to be: links in answers start so. */
export function originOf({ headers }: WireRequest): string {
  return headerOf(headers, ORIGIN_HEADER) ?? `http://${headers.host}`;
}

/** An answer with the headers that Azure Resource Manager gives to every one. */
export function replyOf(answer: AzureAnswer, { request, requestId }: Answered, now: number): WireReply {
  const echoed = headerOf(request.headers, "x-ms-client-request-id") ?? requestId;
  return {
    status: answer.status,
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "Cache-Control": "no-cache",
      Pragma: "no-cache",
      Expires: "-1",
      "x-ms-request-id": echoed,
      "x-ms-correlation-request-id": requestId,
      "x-ms-routing-request-id": `SIMULATOR:${compactTime(now)}:${requestId}`,
      ...remaining(request.method),
      "x-ms-version": "1.0.0000.001",
      ...answer.headers,
    },
    body: answer.body === undefined ? "" : JSON.stringify(answer.body),
  };
}

interface Answered {
  readonly request: WireRequest;
  readonly requestId: string;
}

function remaining(method: string): Record<string, string> {
  if (method === "GET") return { "x-ms-ratelimit-remaining-tenant-reads": "11999" };
  return { "x-ms-ratelimit-remaining-tenant-writes": "1199" };
}

function compactTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  return [headers[name]].flat()[0];
}
