import * as z from "zod/mini";
import { repeatsPageToken } from "../../call-effects.js";
import { type Page, pageOf } from "../../paging.js";
import { parseFilter } from "../filter.js";
import { type GcpCall, readParams } from "../gcp-service.js";
import type { GcpSettings } from "../gcp-simulator-options.js";
import { optionalText } from "../optional-text.js";
import { computeRefusals } from "./compute-errors.js";

const MAX_RESULTS = 500;

const pageSize = z.pipe(z.coerce.number(), z.int().check(z.gte(0), z.lte(MAX_RESULTS)));

/** What every listing of Compute Engine takes. A size of 0 is none. */
const input = z.object({
  maxResults: z.pipe(
    z._default(pageSize, MAX_RESULTS),
    z.transform((size) => size || MAX_RESULTS),
  ),
  pageToken: optionalText,
  filter: optionalText,
  orderBy: z.pipe(optionalText, z.optional(z.enum(["name", "creationTimestamp desc"]))),
});

/** How the rows of a listing are filtered and ordered. */
export interface Rows<Row> {
  readonly filterFields: ReadonlySet<string>;
  /** The row as it is answered, which is what a filter reads. */
  readonly shown: (row: Row) => object;
  readonly orders: Readonly<Record<"name" | "creationTimestamp desc", (a: Row, b: Row) => number>>;
}

/** A listing that was asked for. */
export interface Listing {
  readonly params: Readonly<Record<string, unknown>>;
  readonly call: GcpCall;
  readonly settings: GcpSettings;
}

/** The page that a listing asks for. By default it is ordered by name. Refuses a bad filter or page token. */
export function listPage<Row>(rows: readonly Row[], how: Rows<Row>, { params, call, settings }: Listing): Page<Row> {
  const { maxResults, pageToken, filter, orderBy } = readParams(input, params, computeRefusals);
  const passes = filter === undefined ? () => true : parseFilter(filter, how.filterFields);
  if (passes === undefined) throw invalid("filter", filter);
  const sorted = rows.filter((row) => passes(how.shown(row))).sort(how.orders[orderBy ?? "name"]);
  const page = pageOf(sorted, {
    token: pageToken,
    size: maxResults,
    emptyPages: settings.emptyPages,
    repeatToken: repeatsPageToken(call),
  });
  if (page === undefined) throw invalid("pageToken", pageToken);
  return page;
}

const invalid = (field: string, value: unknown) =>
  computeRefusals.invalidInput({ field, value, message: `Invalid ${field}` });
