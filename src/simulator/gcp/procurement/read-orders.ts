import * as z from "zod/mini";
import { listedAsOf, repeatsPageToken, withoutLeftOut } from "../../call-effects.js";
import { pageOf } from "../../paging.js";
import { parseFilter } from "../filter.js";
import { type GcpOperation, readParams } from "../gcp-service.js";
import type { GcpSettings } from "../gcp-simulator-options.js";
import { optionalText } from "../optional-text.js";
import { statusRefusals } from "../status-errors.js";
import { orderJson } from "./order-json.js";
import { notFound } from "./order-operations.js";
import type { Orders } from "./orders.js";
import { orderName } from "./placed-order.js";

const DEFAULT_SIZE = 25;
const MAX_SIZE = 200;
const FILTER_FIELDS: ReadonlySet<string> = new Set(["displayName"]);

const listInput = z.object({
  pageSize: z._default(z.pipe(z.coerce.number(), z.int().check(z.gte(0))), DEFAULT_SIZE),
  pageToken: optionalText,
  filter: optionalText,
});

/** Lists the orders of a billing account. A list without orders has no field `orders`. */
export function listOrders(settings: GcpSettings, orders: Orders): GcpOperation {
  return {
    permission: "consumerprocurement.orders.list",
    run(params, call) {
      const { pageSize, pageToken, filter } = readParams(listInput, params, statusRefusals);
      const passes = filter === undefined ? () => true : parseFilter(filter, FILTER_FIELDS);
      if (passes === undefined) throw invalid("filter", filter);
      const asOf = listedAsOf(call);
      const rows = orders.shown(call.project, asOf).map((order) => orderJson(order, asOf));
      const page = pageOf(rows.filter(passes), {
        token: pageToken,
        size: Math.min(pageSize || DEFAULT_SIZE, MAX_SIZE),
        emptyPages: settings.emptyPages,
        repeatToken: repeatsPageToken(call),
      });
      if (page === undefined) throw invalid("page_token", pageToken);
      const { nextToken: nextPageToken } = page;
      return withoutLeftOut(
        { ...(page.rows.length > 0 && { orders: page.rows }), ...(nextPageToken !== undefined && { nextPageToken }) },
        call,
      );
    },
  };
}

const invalid = (field: string, value: unknown) =>
  statusRefusals.invalidInput({ field, value, message: `Invalid ${field}` });

const getInput = z.object({ name: z.string() });

/** Shows an order of the billing account by its name. */
export function getOrder(orders: Orders): GcpOperation {
  return {
    permission: "consumerprocurement.orders.get",
    run(params, call) {
      const { name } = readParams(getInput, params, statusRefusals);
      const asOf = listedAsOf(call);
      const found = orders.shown(call.project, asOf).find((order) => orderName(order) === name);
      if (found === undefined) throw notFound(name);
      return withoutLeftOut(orderJson(found, asOf), call);
    },
  };
}
