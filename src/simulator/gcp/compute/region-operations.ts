import * as z from "zod/mini";
import { listedAsOf } from "../../call-effects.js";
import { type GcpOperation, readParams } from "../gcp-service.js";
import type { GcpSettings } from "../gcp-simulator-options.js";
import { operationJson, operationState } from "./commitment-insert.js";
import { computeRefusals, notFound } from "./compute-errors.js";
import type { Inserts, ShownOperation } from "./inserts.js";
import { listPage, type Rows } from "./list-page.js";

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

/** Lists the operations of the region. */
export function listRegionOperations(settings: GcpSettings, inserts: Inserts): GcpOperation {
  return {
    permission: "compute.regionOperations.list",
    run(params, call) {
      const asOf = listedAsOf(call);
      const how = { filterFields: FILTER_FIELDS, shown: (row: ShownOperation) => shownAt(row, asOf), orders: ORDERS };
      const { rows, nextToken } = listPage(inserts.operations(call, asOf), how, { params, call, settings });
      const selfLink = `${LINK}/${call.project}/regions/${call.region}/operations`;
      const list = { kind: "compute#operationList", id: selfLink, selfLink, nextPageToken: nextToken };
      return { ...list, ...(rows.length > 0 && { items: rows.map(how.shown) }) };
    },
  };
}

const ORDERS: Rows<ShownOperation>["orders"] = {
  name: ({ operation: a }, { operation: b }) => a.operationName.localeCompare(b.operationName),
  "creationTimestamp desc": ({ operation: a }, { operation: b }) =>
    b.insertedAt - a.insertedAt || b.operationId.localeCompare(a.operationId),
};

const shownAt = ({ insert, operation }: ShownOperation, moment: number): object =>
  operationJson(insert, operation, operationState(operation, moment));
