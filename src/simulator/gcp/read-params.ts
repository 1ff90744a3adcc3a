import type { WireRequest } from "../wire.js";

/** The parameters in the query, by their names. */
export function queryOf({ query }: WireRequest): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}

/**
 * The fields of the JSON body. A body that is no object has none: clients send the text `""` where a call takes no body.
 *
 * Throws `SyntaxError` for what is not JSON.
 */
export function bodyOf({ body }: WireRequest): Record<string, unknown> {
  const value: unknown = body === "" ? {} : JSON.parse(body);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
