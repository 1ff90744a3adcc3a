import * as z from "zod/mini";
import { listedAsOf, repeatsPageToken } from "../../call-effects.js";
import { pageOf } from "../../paging.js";
import { parseFilter } from "../filter.js";
import { type GcpCall, type GcpOperation, readParams } from "../gcp-service.js";
import type { GcpSettings } from "../gcp-simulator-options.js";
import { type CommitmentInsert, commitmentJson, commitmentPath } from "./commitment-insert.js";
import { computeRefusals, notFound } from "./compute-errors.js";
import type { Inserts } from "./inserts.js";
import { listInput } from "./list-input.js";

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
      const { items, nextPageToken } = listed(inserts.shown(call, asOf), { params, call, asOf, settings });
      const selfLink = `${LINK}/${call.project}/regions/${call.region}/commitments`;
      const list = { kind: "compute#commitmentList", id: selfLink, selfLink, nextPageToken };
      return { ...list, ...(items.length > 0 && { items: items.map((insert) => commitmentJson(insert, asOf)) }) };
    },
  };
}

/** Lists the project's commitments in all its regions; a region that has none on the page says so in a warning. */
export function aggregatedList(settings: GcpSettings, inserts: Inserts): GcpOperation {
  return {
    permission: "compute.commitments.list",
    run(params, call) {
      const asOf = listedAsOf(call);
      const { items, nextPageToken } = listed(inserts.shownIn(call.project, asOf), { params, call, asOf, settings });
      const selfLink = `${LINK}/${call.project}/aggregated/commitments`;
      const list = { kind: "compute#commitmentAggregatedList", id: selfLink, selfLink, nextPageToken };
      return { ...list, items: scopesOf(items, asOf) };
    },
  };
}

interface Listing {
  readonly params: Readonly<Record<string, unknown>>;
  readonly call: GcpCall;
  readonly asOf: number;
  readonly settings: GcpSettings;
}

function listed(inserts: readonly CommitmentInsert[], { params, call, asOf, settings }: Listing) {
  const { maxResults, pageToken, filter, orderBy } = readParams(listInput, params, computeRefusals);
  const passes = filter === undefined ? () => true : parseFilter(filter, FILTER_FIELDS);
  if (passes === undefined) throw invalid("filter", filter);
  const rows = inserts.filter((insert) => passes(commitmentJson(insert, asOf))).sort(ORDERS[orderBy ?? "name"]);
  const page = pageOf(rows, {
    token: pageToken,
    size: maxResults,
    emptyPages: settings.emptyPages,
    repeatToken: repeatsPageToken(call),
  });
  if (page === undefined) throw invalid("pageToken", pageToken);
  return { items: page.rows, nextPageToken: page.nextToken };
}

const ORDERS: Readonly<Record<string, (a: CommitmentInsert, b: CommitmentInsert) => number>> = {
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

function invalid(field: string, value: unknown) {
  return computeRefusals.invalidInput({ field, value, message: `Invalid ${field}` });
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
