import * as z from "zod";
import { listedAsOf } from "../../call-effects.js";
import { checked, type GcpOperation } from "../gcp-service.js";
import { commitmentJson, commitmentPath } from "./commitment-insert.js";
import { computeRefusals, notFound } from "./compute-errors.js";
import type { Inserts } from "./inserts.js";

const input = z.object({ commitment: z.string() });

/** Shows a commitment of the region by its name. */
export function getCommitment(inserts: Inserts): GcpOperation {
  return {
    permission: "compute.commitments.get",
    run(params, call) {
      const { commitment } = checked(input, params, computeRefusals);
      const asOf = listedAsOf(call);
      const found = inserts.shown(call, asOf).find((insert) => insert.resource.name === commitment);
      if (found === undefined) throw notFound(commitmentPath(call, commitment));
      return commitmentJson(found, asOf);
    },
  };
}
