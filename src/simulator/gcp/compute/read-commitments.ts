import * as z from "zod/mini";
import { listedAsOf } from "../../call-effects.js";
import { type GcpOperation, readParams } from "../gcp-service.js";
import type { GcpSettings } from "../gcp-simulator-options.js";
import { type CommitmentInsert, commitmentJson, commitmentPath } from "./commitment-insert.js";
import { computeRefusals, notFound } from "./compute-errors.js";
import type { Inserts } from "./inserts.js";
import { listPage, type Rows } from "./list-page.js";

const LINK = "https://www.googleapis.com/compute/v1/projects";

/** Regions that an aggregated list names even if it has nothing to show there. Google's list names all regions so. */
const EMPTY_SCOPES = ["asia-east1", "europe-west1", "us-central1", "us-east1"];

const FILTER_FIELDS: ReadonlySet<string> = new Set([
  "autoRenew",
  "category",
  "creationTimestamp",
  "description",
  "endTimestamp",
  "id",
  "name",
  "plan",
  "region",
  "startTimestamp",
  "status",
  "type",
]);

/** Lists the project's commitments in one region. */
export function listCommitments(settings: GcpSettings, inserts: Inserts): GcpOperation {
  return {
    permission: "compute.commitments.list",
    run(params, call) {
      const asOf = listedAsOf(call);
      const { rows, nextToken } = listPage(inserts.shown(call, asOf), shownAt(asOf), { params, call, settings });
      const selfLink = `${LINK}/${call.project}/regions/${call.region}/commitments`;
      const list = { kind: "compute#commitmentList", id: selfLink, selfLink, nextPageToken: nextToken };
      return { ...list, ...(rows.length > 0 && { items: rows.map((insert) => commitmentJson(insert, asOf)) }) };
    },
  };
}

/** Lists the project's commitments in all its regions; a region that has none on the page says so in a warning. */
export function aggregatedList(settings: GcpSettings, inserts: Inserts): GcpOperation {
  return {
    permission: "compute.commitments.list",
    run(params, call) {
      const asOf = listedAsOf(call);
      const shown = inserts.shownIn(call.project, asOf);
      const { rows, nextToken } = listPage(shown, shownAt(asOf), { params, call, settings });
      const selfLink = `${LINK}/${call.project}/aggregated/commitments`;
      const list = { kind: "compute#commitmentAggregatedList", id: selfLink, selfLink, nextPageToken: nextToken };
      return { ...list, items: scopesOf(rows, asOf) };
    },
  };
}

const shownAt = (asOf: number): Rows<CommitmentInsert> => ({
  filterFields: FILTER_FIELDS,
  shown: (insert) => commitmentJson(insert, asOf),
  orders: ORDERS,
});

const ORDERS: Rows<CommitmentInsert>["orders"] = {
  name: (a, b) => a.resource.name.localeCompare(b.resource.name) || a.region.localeCompare(b.region),
  "creationTimestamp desc": (a, b) => b.insertedAt - a.insertedAt || b.commitmentId.localeCompare(a.commitmentId),
};

function scopesOf(inserts: readonly CommitmentInsert[], asOf: number): object {
  const scopes = new Map<string, object>(EMPTY_SCOPES.map((region) => [`regions/${region}`, nothingIn(region)]));
  for (const region of new Set(inserts.map((insert) => insert.region))) {
    const found = inserts.filter((insert) => insert.region === region);
    scopes.set(`regions/${region}`, { commitments: found.map((insert) => commitmentJson(insert, asOf)) });
  }
  return Object.fromEntries(scopes);
}

function nothingIn(region: string): object {
  const scope = `regions/${region}`;
  const message = `There are no results for scope '${scope}' on this page.`;
  return { warning: { code: "NO_RESULTS_ON_PAGE", message, data: [{ key: "scope", value: scope }] } };
}

const getInput = z.object({ commitment: z.string() });

/** Shows a commitment of the region by its name. */
export function getCommitment(inserts: Inserts): GcpOperation {
  return {
    permission: "compute.commitments.get",
    run(params, call) {
      const { commitment } = readParams(getInput, params, computeRefusals);
      const asOf = listedAsOf(call);
      const found = inserts.shown(call, asOf).find((insert) => insert.resource.name === commitment);
      if (found === undefined) throw notFound(commitmentPath(call, commitment));
      return commitmentJson(found, asOf);
    },
  };
}
