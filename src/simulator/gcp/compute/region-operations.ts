import * as z from "zod/mini";
import { listedAsOf, repeatsPageToken } from "../../call-effects.js";
import { pageOf } from "../../paging.js";
import { parseFilter } from "../filter.js";
import { type GcpOperation, readParams } from "../gcp-service.js";
import type { GcpSettings } from "../gcp-simulator-options.js";
import { operationJson, operationState } from "./commitment-insert.js";
import { computeRefusals, notFound } from "./compute-errors.js";
import type { Inserts, ShownOperation } from "./inserts.js";
import { listInput } from "./list-input.js";

const input = z.object({ operation: z.string() });

/**
 * Shows an operation of the region by its name; its numeric id is not known here.
 *
 * Serves both `get` and `wait`. `wait` may return at once, done or not, and here it always does.
 */
export function showRegionOperation(inserts: Inserts): GcpOperation {
  return {
    permission: "compute.regionOperations.get",
    run(params, call) {
      const { operation: name } = readParams(input, params, computeRefusals);
      const asOf = listedAsOf(call);
      const found = inserts.operations(call, asOf).find(({ operation }) => operation.operationName === name);
      if (found !== undefined) return shownAt(found, asOf);
      throw notFound(`projects/${call.project}/regions/${call.region}/operations/${name}`);
    },
  };
}

const FILTER_FIELDS: ReadonlySet<string> = new Set([
  "id",
  "insertTime",
  "name",
  "operationType",
  "status",
  "targetId",
  "targetLink",
  "user",
]);

const LINK = "https://www.googleapis.com/compute/v1/projects";

/** Lists the operations of the region. By default they are ordered by name. */
export function listRegionOperations(settings: GcpSettings, inserts: Inserts): GcpOperation {
  return {
    permission: "compute.regionOperations.list",
    run(params, call) {
      const { maxResults, pageToken, filter, orderBy } = readParams(listInput, params, computeRefusals);
      const passes = filter === undefined ? () => true : parseFilter(filter, FILTER_FIELDS);
      if (passes === undefined) throw invalid("filter", filter);
      const asOf = listedAsOf(call);
      const rows = [...inserts.operations(call, asOf)].sort(ORDERS[orderBy ?? "name"]);
      const page = pageOf(rows.map((row) => shownAt(row, asOf)).filter(passes), {
        token: pageToken,
        size: maxResults,
        emptyPages: settings.emptyPages,
        repeatToken: repeatsPageToken(call),
      });
      if (page === undefined) throw invalid("pageToken", pageToken);
      const selfLink = `${LINK}/${call.project}/regions/${call.region}/operations`;
      const list = { kind: "compute#operationList", id: selfLink, selfLink, nextPageToken: page.nextToken };
      return { ...list, ...(page.rows.length > 0 && { items: page.rows }) };
    },
  };
}

const ORDERS: Readonly<Record<string, (a: ShownOperation, b: ShownOperation) => number>> = {
  name: ({ operation: a }, { operation: b }) => a.operationName.localeCompare(b.operationName),
  "creationTimestamp desc": ({ operation: a }, { operation: b }) =>
    b.insertedAt - a.insertedAt || b.operationId.localeCompare(a.operationId),
};

const shownAt = ({ insert, operation }: ShownOperation, moment: number): object =>
  operationJson(insert, operation, operationState(operation, moment));

const invalid = (field: string, value: unknown) =>
  computeRefusals.invalidInput({ field, value, message: `Invalid ${field}` });
