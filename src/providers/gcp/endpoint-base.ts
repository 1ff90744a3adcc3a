import { invalidArgument } from "../../domain/input-problem.js";

/** The URL to which paths are added. Throws `INVALID_REQUEST` for an endpoint that is no URL. */
export function endpointBase(endpoint: unknown, google: string): string {
  const url = typeof endpoint === "string" && URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol))
    throw invalidArgument("endpoint", `must be a URL such as "${google}", got ${String(endpoint)}`);
  return url.href.replace(/\/+$/, "");
}
