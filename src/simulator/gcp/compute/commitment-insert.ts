import { STATUS_CODES } from "node:http";
import type { StateHistory } from "../../state-history.js";
import { type CommitmentResource, PLAN_MONTHS, type Resource } from "./commitment-resource.js";
import { monthsLater, pacificText } from "./pacific-time.js";

const LINK = "https://www.googleapis.com/compute/v1";

/** Why an operation ends without a commitment. */
export interface InsertFailure {
  readonly code: string;
  readonly message: string;
  readonly httpStatus: number;
}

/** An operation of a region: an insert, or a later change of its commitment. */
export interface RegionOperation {
  readonly operationType: "insert" | "update";
  readonly operationId: string;
  readonly operationName: string;
  /** Who sent it. */
  readonly user: string;
  /** As sent. */
  readonly requestId?: string | undefined;
  readonly insertedAt: number;
  readonly doneAt: number;
  readonly failure?: InsertFailure | undefined;
}

/** An insert that was accepted: its operation and, unless it fails, the commitment. */
export interface CommitmentInsert extends RegionOperation {
  readonly operationType: "insert";
  readonly commitmentId: string;
  readonly project: string;
  readonly region: string;
  readonly resource: CommitmentResource;
  /** When the term starts. */
  readonly startsAt: number;
  /** When the first term ends, if that does not follow from the plan. */
  readonly endsAt?: number | undefined;
  readonly states: StateHistory;
  /** What splits took from it, and from when on. */
  readonly givenAway: GivenAway[];
  /** What was changed since, in the order of the changes. */
  readonly updates: CommitmentUpdate[];
}

/** A change of a commitment that was accepted. */
export interface CommitmentUpdate extends RegionOperation {
  readonly operationType: "update";
  readonly change: CommitmentChange;
  /** From when on it counts, unless it fails. */
  readonly effectiveAt: number;
}

/** What can be changed of a commitment. */
export type CommitmentChange = Partial<Pick<CommitmentResource, "autoRenew" | "plan" | "customEndTimestamp">>;

/** Resources that a split took. */
export interface GivenAway {
  readonly from: number;
  readonly resources: readonly Resource[];
}

const MESSAGES: Readonly<Record<string, string>> = {
  NOT_YET_ACTIVE: "The commitment is not yet active.",
  ACTIVE: "The commitment is active, and so will apply to current resource usage.",
  EXPIRED: "The commitment has expired.",
  CANCELLED: "The commitment has been cancelled.",
};

/** The path under which the commitment is found, or would be. */
export function commitmentPath({ project, region }: { project: string; region: string }, name: string): string {
  return `projects/${project}/regions/${region}/commitments/${name}`;
}

/** The state of the commitment at `moment`, computed from what is kept: nothing has to run for the state to change. */
export function commitmentStatus(insert: CommitmentInsert, moment: number): string {
  return insert.states.asOf(moment) ?? statusByClock(insert, moment);
}

function statusByClock(insert: CommitmentInsert, moment: number): string {
  if (moment < insert.doneAt) return "CREATING";
  if (moment < insert.startsAt) return "NOT_YET_ACTIVE";
  return moment < endOf(insert, moment) ? "ACTIVE" : "EXPIRED";
}

/** What a commitment was asked to be, with every change that counts at `moment`. */
export function resourceAt({ resource, updates }: CommitmentInsert, moment: number): CommitmentResource {
  const counting = updates.filter(({ failure, effectiveAt }) => failure === undefined && effectiveAt <= moment);
  const changed = { ...resource };
  for (const { change } of counting) Object.assign(changed, change);
  return changed;
}

/**
 * The end of the term that runs at `moment`. With automatic renewal, one term follows the other. A longer plan counts
 * from the start of the commitment; Google's documents do not say so.
 */
export function endOf(insert: CommitmentInsert, moment: number): number {
  const { startsAt, endsAt } = insert;
  const resource = resourceAt(insert, moment);
  const months = PLAN_MONTHS[resource.plan];
  const stated = resource.customEndTimestamp ? Date.parse(resource.customEndTimestamp) : undefined;
  const end = stated ?? endsAt ?? monthsLater(startsAt, months);
  let renewed = end;
  while (resource.autoRenew && renewed <= moment) renewed = monthsLater(renewed, months);
  return renewed;
}

/** The resources that are left at `moment` of those that were bought. */
export function remainingResources({ resource, givenAway }: CommitmentInsert, moment: number): Resource[] {
  const given = givenAway.filter(({ from }) => from <= moment).flatMap(({ resources }) => resources);
  return resource.resources.map((row) => {
    const same = given.filter(({ type, acceleratorType }) => {
      return type === row.type && acceleratorType === row.acceleratorType;
    });
    return { ...row, amount: String(same.reduce((left, { amount }) => left - Number(amount), Number(row.amount))) };
  });
}

/** The commitment as the API shows it, at `moment`. */
export function commitmentJson(insert: CommitmentInsert, moment: number): object {
  const {
    name,
    reservations,
    existingReservations,
    mergeSourceCommitments,
    splitSourceCommitment,
    customEndTimestamp: _,
    ...resource
  } = resourceAt(insert, moment);
  const status = commitmentStatus(insert, moment);
  const linkOf = (source: string) => `${LINK}/${commitmentPath(insert, source.slice(source.lastIndexOf("/") + 1))}`;
  return {
    kind: "compute#commitment",
    id: insert.commitmentId,
    name,
    ...resource,
    resources: remainingResources(insert, moment),
    status,
    statusMessage: MESSAGES[status],
    creationTimestamp: pacificText(insert.insertedAt),
    startTimestamp: pacificText(insert.startsAt),
    endTimestamp: pacificText(endOf(insert, moment)),
    region: regionLink(insert),
    selfLink: `${LINK}/${commitmentPath(insert, name)}`,
    ...(reservations.length > 0 && { reservations }),
    ...(existingReservations.length > 0 && { existingReservations }),
    ...(mergeSourceCommitments.length > 0 && { mergeSourceCommitments: mergeSourceCommitments.map(linkOf) }),
    ...(splitSourceCommitment !== undefined && { splitSourceCommitment: linkOf(splitSourceCommitment) }),
  };
}

/** An operation of a commitment as the API shows it, while it runs or when it is done. */
export function operationJson(insert: CommitmentInsert, operation: RegionOperation, state: "RUNNING" | "DONE"): object {
  const { operationName, failure } = operation;
  return {
    kind: "compute#operation",
    id: operation.operationId,
    name: operationName,
    operationType: operation.operationType,
    status: state,
    progress: state === "DONE" ? 100 : 0,
    targetLink: `${LINK}/${commitmentPath(insert, insert.resource.name)}`,
    targetId: insert.commitmentId,
    region: regionLink(insert),
    user: operation.user,
    insertTime: pacificText(operation.insertedAt),
    startTime: pacificText(operation.insertedAt),
    selfLink: `${regionLink(insert)}/operations/${operationName}`,
    ...(state === "DONE" && { endTime: pacificText(operation.doneAt), ...(failure && failureJson(failure)) }),
  };
}

/** Whether an operation runs at `moment`. */
export const operationState = ({ doneAt }: RegionOperation, moment: number): "RUNNING" | "DONE" =>
  moment < doneAt ? "RUNNING" : "DONE";

function failureJson({ code, message, httpStatus }: InsertFailure): object {
  return {
    httpErrorStatusCode: httpStatus,
    httpErrorMessage: (STATUS_CODES[httpStatus] ?? "").toUpperCase(),
    error: { errors: [{ code, message }] },
  };
}

/** The region's URL. */
function regionLink({ project, region }: CommitmentInsert): string {
  return `${LINK}/projects/${project}/regions/${region}`;
}
