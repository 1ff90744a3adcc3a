import type { WireRequest } from "../../wire.js";

/** A decoded parameter of the query protocols: every leaf is a text. */
export type QueryValue = string | QueryValue[] | { readonly [name: string]: QueryValue };

/** The parameters of a query request as they were sent: in the body, or in the address of a GET. */
export const sentParams = ({ method, query, body }: Pick<WireRequest, "method" | "query" | "body">): string =>
  method === "GET" ? query.replace(/^\?/, "") : body;

/** Whether a parameter of a query request belongs to the request itself, and not to its operation. */
export const isOfEnvelope = (name: string): boolean => /^(Action|Version|X-Amz-.+)$/.test(name);

type Branch = Map<string, Branch | string>;

/**
 * Turns the flattened parameters of a query body into a tree: `Filter.1.Value.2=x` becomes
 * `{ Filter: [{ Value: [..., "x"] }] }`.
 *
 * Members of a list are taken in the order of their numbers; the numbers themselves are not kept.
 */
export function decodeQuery(body: string): Record<string, QueryValue> {
  const root: Branch = new Map();
  for (const [name, value] of new URLSearchParams(body)) plant(root, name.split("."), value);
  return Object.fromEntries([...root].map(([name, node]) => [name, harvest(node)]));
}

function plant(branch: Branch, path: readonly string[], value: string): void {
  const [name = "", ...rest] = path;
  if (rest.length === 0) {
    branch.set(name, value);
    return;
  }
  const existing = branch.get(name);
  const next: Branch = existing instanceof Map ? existing : new Map();
  branch.set(name, next);
  plant(next, rest, value);
}

function harvest(node: Branch | string): QueryValue {
  if (typeof node === "string") return node;
  const names = [...node.keys()];
  if (!names.every((name) => /^\d+$/.test(name))) return harvestStructure(node);
  return [...node].sort(([a], [b]) => Number(a) - Number(b)).map(([, member]) => harvest(member));
}

function harvestStructure(node: Branch): QueryValue {
  return Object.fromEntries([...node].map(([name, member]) => [name, harvest(member)]));
}
