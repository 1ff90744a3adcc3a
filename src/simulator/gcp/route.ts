import type { WireRequest } from "../wire.js";
import type { GcpOperation, Route } from "./gcp-service.js";

/** The route that a request takes, with the parameters that its path names. */
export interface Routed {
  readonly route: Route;
  readonly fields: Readonly<Record<string, string>>;
}

/** The route to an operation by its path template, in which `{name}` stands for any text without a slash. */
export function route(method: string, template: string, operation: string, does: GcpOperation): Route {
  const pattern = template.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
  return { ...does, operation, method, path: new RegExp(`^${pattern}$`) };
}

/** Finds the route that the request takes; `undefined` if none leads there. */
export function routeOf({ method, path }: WireRequest, routes: readonly Route[]): Routed | undefined {
  for (const candidate of routes) {
    const match = candidate.method === method ? candidate.path.exec(path) : null;
    if (match !== null) return { route: candidate, fields: decoded(match.groups ?? {}) };
  }
  return undefined;
}

function decoded(groups: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, unescaped(value)]));
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
