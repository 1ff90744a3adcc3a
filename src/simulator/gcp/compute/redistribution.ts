import type { GcpCall } from "../gcp-service.js";
import { type CommitmentInsert, commitmentStatus, endOf, remainingResources } from "./commitment-insert.js";
import type { CommitmentResource, Resource } from "./commitment-resource.js";
import { computeRefusals } from "./compute-errors.js";
import type { Inserts } from "./inserts.js";

/** The commitments that a new one takes its resources from. */
export interface Sources {
  readonly merged: readonly CommitmentInsert[];
  readonly split: CommitmentInsert | undefined;
}

/**
 * Finds the commitments that an insert merges or splits.
 *
 * Refuses sources that are not there or are over, a merger of other resources than its sources have together, a split
 * that leaves nothing, and a split of what is reserved.
 */
export function sourcesOf(resource: CommitmentResource, call: GcpCall, inserts: Inserts): Sources {
  const { mergeSourceCommitments, splitSourceCommitment, resources } = resource;
  const merged = mergeSourceCommitments.map((named) => source("mergeSourceCommitments", named, { call, inserts }));
  const split =
    splitSourceCommitment === undefined
      ? undefined
      : source("splitSourceCommitment", splitSourceCommitment, { call, inserts });
  const together = merged.flatMap((insert) => remainingResources(insert, call.now));
  if (merged.length > 0 && !isSame(resources, together)) {
    throw refused("resources", "Must be those of the merged commitments together");
  }
  if (split !== undefined && isReserved(split)) {
    throw refused("splitSourceCommitment", "A commitment with reservations is not split");
  }
  if (split !== undefined && !isLess(resources, remainingResources(split, call.now))) {
    throw refused("resources", "Must leave something of each resource that is split");
  }
  return { merged, split };
}

/** The end of a merged commitment: the latest end of its sources. `undefined` for one that is not merged. */
export const mergedEnd = ({ merged }: Sources, moment: number): number | undefined =>
  merged.length === 0 ? undefined : Math.max(...merged.map((insert) => endOf(insert, moment)));

const isReserved = ({ resource: { reservations, existingReservations } }: CommitmentInsert): boolean =>
  reservations.length + existingReservations.length > 0;

/** Cancels the merged commitments, and takes from the split one, from the moment at which the new commitment starts. */
export function takeFrom({ merged, split }: Sources, { startsAt, resource }: CommitmentInsert): void {
  for (const insert of merged) insert.states.set("CANCELLED", startsAt);
  split?.givenAway.push({ from: startsAt, resources: resource.resources });
}

interface Region {
  readonly call: GcpCall;
  readonly inserts: Inserts;
}

function source(field: string, named: string, { call, inserts }: Region): CommitmentInsert {
  const name = named.slice(named.lastIndexOf("/") + 1);
  const found = inserts.shown(call, call.now).find((insert) => insert.resource.name === name);
  if (found === undefined) throw refused(field, `There is no commitment '${name}'`);
  const status = commitmentStatus(found, call.now);
  if (status === "ACTIVE" || status === "NOT_YET_ACTIVE") return found;
  throw refused(field, `The commitment '${name}' is ${status}`);
}

const keyOf = ({ type, acceleratorType = "" }: Resource) => `${type} ${acceleratorType}`;

function totals(resources: readonly Resource[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const row of resources) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + Number(row.amount));
  return sums;
}

function isSame(asked: readonly Resource[], together: readonly Resource[]): boolean {
  const [one, other] = [totals(asked), totals(together)];
  return one.size === other.size && [...one].every(([key, amount]) => other.get(key) === amount);
}

function isLess(asked: readonly Resource[], whole: readonly Resource[]): boolean {
  const [part, all] = [totals(asked), totals(whole)];
  return [...part].every(([key, amount]) => amount < (all.get(key) ?? 0));
}

function refused(field: string, message: string) {
  return computeRefusals.invalidInput({ field: `resource.${field}`, value: field, message });
}
