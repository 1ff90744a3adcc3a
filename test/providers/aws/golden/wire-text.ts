import type { RawRequest } from "../front-server.js";

/** The headers that say what a request is; all others are the SDK's own business. */
const HEADERS = ["content-type", "x-amz-target", "x-amzn-query-mode"];

/** A request as a person reads it: parameters of a query one per line and sorted, JSON indented. */
export function wireText({ method, path, headers, body }: RawRequest): string {
  const { pathname, searchParams } = new URL(path, "http://127.0.0.1");
  const shown = HEADERS.flatMap((name) => (headers[name] === undefined ? [] : [`${name}: ${headers[name]}`]));
  const head = [`${method} ${pathname}`, ...shown, `signed for: ${signedFor(headers.authorization)}`];
  const parts = [head, parameters(searchParams), bodyLines(body)];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

const parameters = (params: URLSearchParams): readonly string[] =>
  [...params].map(([name, value]) => `${name}=${value}`).sort();

function bodyLines(body: string): readonly string[] {
  if (body === "") return [];
  return body.startsWith("{") ? [JSON.stringify(JSON.parse(body), null, 2)] : parameters(new URLSearchParams(body));
}

/** The region and the service of a signature. */
const signedFor = (authorization = ""): string =>
  /Credential=[^/]+\/\d+\/([^/]+\/[^/]+)\/aws4_request/.exec(authorization)?.[1] ?? "nobody";
