import { repeatsPageToken } from "../../call-effects.js";
import type { AzureCall } from "../azure-service.js";
import type { AzureSettings } from "../azure-simulator-options.js";
import type { OrderPage } from "../orders/order-page.js";
import { invalidContent } from "../read-body.js";

/** The page of a list that a call asks for by `$skiptoken`. The link to the next one repeats the whole query. */
export function pageWithQuery<Item>(items: readonly Item[], call: AzureCall, settings: AzureSettings): OrderPage<Item> {
  const token = call.query.get("$skiptoken") ?? "0";
  if (!/^\d{1,9}$/.test(token)) throw invalidContent(`The $skiptoken '${token}' is not valid.`);
  const offset = Number(token);
  const end = offset + settings.pageSize;
  const next = repeatsPageToken(call) ? offset || end : end;
  const hasNext = repeatsPageToken(call) || next < items.length;
  return { value: items.slice(offset, end), ...(hasNext && { nextLink: linkTo(next, call) }) };
}

function linkTo(offset: number, { origin, path, query }: AzureCall): string {
  const next = new URLSearchParams(query);
  next.set("$skiptoken", String(offset));
  return `${origin}${path}?${next}`;
}
