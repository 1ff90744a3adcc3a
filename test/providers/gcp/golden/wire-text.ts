import type { RawRequest } from "../../aws/front-server.js";

/** A request as a person reads it: parameters of the query one per line, JSON indented. Headers are the client's own business. */
export function wireText({ method, path, body }: RawRequest): string {
  const { pathname, searchParams } = new URL(path, "http://127.0.0.1");
  const parameters = [...searchParams].map(([name, value]) => `${name}=${value}`).sort();
  const head = [`${method} ${decodeURIComponent(pathname)}`, ...parameters].join("\n");
  return body === "" ? head : `${head}\n\n${JSON.stringify(JSON.parse(body), null, 2)}`;
}
