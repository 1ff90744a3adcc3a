import type { PipelineRequest } from "@azure/core-rest-pipeline";

/** The headers that say what a request is; all others are the SDK's own business. */
const HEADERS = ["accept", "content-type"];

/** A request as a person reads it. */
export function wireText({ method, url, headers, body }: PipelineRequest): string {
  const { origin, pathname, search } = new URL(url);
  const shown = HEADERS.flatMap((name) => (headers.has(name) ? [`${name}: ${headers.get(name)}`] : []));
  const signed = headers.get("authorization")?.startsWith("Bearer ") ? "a bearer token" : "nothing";
  const head = [`${method} ${pathname}${search}`, `host: ${new URL(origin).host}`, ...shown, `signed with: ${signed}`];
  return [head.join("\n"), ...(body ? [JSON.stringify(JSON.parse(String(body)), null, 2)] : [])].join("\n\n");
}
