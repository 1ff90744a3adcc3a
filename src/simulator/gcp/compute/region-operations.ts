import * as z from "zod/mini";
import { listedAsOf } from "../../call-effects.js";
import { type GcpOperation, readParams } from "../gcp-service.js";
import { operationJson } from "./commitment-insert.js";
import { computeRefusals, notFound } from "./compute-errors.js";
import type { Inserts } from "./inserts.js";

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
      const { operation } = readParams(input, params, computeRefusals);
      const asOf = listedAsOf(call);
      const insert = inserts.byOperation(call, operation, asOf);
      if (insert !== undefined) return operationJson(insert, asOf < insert.doneAt ? "RUNNING" : "DONE");
      throw notFound(`projects/${call.project}/regions/${call.region}/operations/${operation}`);
    },
  };
}
