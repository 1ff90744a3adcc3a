import { repeatsPageToken } from "../../call-effects.js";
import type { AzureCall } from "../azure-service.js";
import type { AzureSettings } from "../azure-simulator-options.js";
import { invalidContent } from "../read-body.js";

/** A page of a list. The last one has no link to a next one. */
export interface OrderPage<Item> {
  readonly value: readonly Item[];
  readonly nextLink?: string;
}

/**
 * The page of a list that a call asks for: `$skiptoken` says from where on, `take` how many at most.
 *
 * Filters, orders and states are refused, because a list that ignored them would show what was not asked for.
 */
export function orderPage<Item>(items: readonly Item[], call: AzureCall, settings: AzureSettings): OrderPage<Item> {
  for (const name of ["$filter", "$orderby", "selectedState"])
    if (call.query.has(name)) throw invalidContent(`This simulator does not evaluate '${name}'.`);
  const offset = numberIn(call, "$skiptoken", 0);
  const size = Math.min(numberIn(call, "take", settings.pageSize), settings.pageSize);
  const next = repeatsPageToken(call) ? offset || size : offset + size;
  const hasNext = repeatsPageToken(call) || next < items.length;
  return { value: items.slice(offset, offset + size), ...(hasNext && { nextLink: linkTo(next, call) }) };
}

function numberIn({ query }: AzureCall, name: string, otherwise: number): number {
  const text = query.get(name) ?? String(otherwise);
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw invalidContent(`The ${name} '${text}' is not valid.`);
}

function linkTo(offset: number, { origin, path, query }: AzureCall): string {
  const take = query.get("take");
  return `${origin}${path}?api-version=2022-11-01&%24skiptoken=${offset}${take === null ? "" : `&take=${take}`}`;
}
