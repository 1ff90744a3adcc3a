import type { EpochMs } from "../../domain/clock.js";
import { cloudOf } from "../../domain/commitment-request/commitment-request.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import { invalidArgument } from "../../domain/input-problem.js";
import type { HistoryQuery } from "../../store-port/execution-store.js";
import type { MemoryRecord } from "./memory-record.js";
import { claimsOf } from "./uniqueness.js";

/** Orders executions that tick has work for, or will have. The longest waiting comes first. */
export const byDueTime = (a: MemoryRecord, b: MemoryRecord): number =>
  Number(dueAt(a.execution)) - Number(dueAt(b.execution)) || a.order - b.order;

/** Orders executions by their last activity. The oldest activity comes first. */
export const byActivity = (a: MemoryRecord, b: MemoryRecord): number =>
  a.lastActiveAt - b.lastActiveAt || a.order - b.order;

/** Orders executions by their last change. The oldest change comes first. */
export const byLastChange = (a: MemoryRecord, b: MemoryRecord): number =>
  a.execution.updatedAt - b.execution.updatedAt || a.order - b.order;

/**
 * The wanted values among the given ones, at most `limit`. The first value for which `isOver` holds ends the search.
 */
export function firstOf<Value>(values: Iterable<Value>, { limit, isWanted, isOver }: Search<Value>): readonly Value[] {
  const found: Value[] = [];
  for (const value of values) {
    if (found.length >= limit || isOver?.(value)) break;
    if (isWanted(value)) found.push(value);
  }
  return found;
}

interface Search<Value> {
  readonly limit: number;
  readonly isWanted: (value: Value) => boolean;
  readonly isOver?: (value: Value) => boolean;
}

const leaseIsLive = (execution: Execution, now: number): boolean =>
  execution.lease !== null && execution.lease.expiresAt > now;
/** Whether nothing keeps an execution waiting. */
export const isAwake = (execution: Execution, now: number): boolean =>
  execution.wakeAt === null || execution.wakeAt <= now;

/** The time from which tick has work for an execution. Null for never. */
export function dueAt({ status, expiresAt, wakeAt, updatedAt, lease }: Execution): EpochMs | null {
  switch (status) {
    case "pending":
    case "notified":
      return expiresAt;
    case "scheduled":
      return wakeAt;
    case "approved":
    case "in_doubt":
      return Math.max(wakeAt ?? 0, updatedAt);
    case "running":
      return Math.max(wakeAt ?? 0, lease?.expiresAt ?? 0, updatedAt);
    default:
      return null;
  }
}

/** Whether nobody knows if a line was bought. */
export const isInDoubt = ({ state }: PurchaseLine): boolean => state === "in_doubt";

/** Orders executions by when a line in doubt was sent. The last sent comes first. */
export const byAgeOfDoubt = (a: MemoryRecord, b: MemoryRecord): number =>
  lastSent(b.execution) - lastSent(a.execution) || a.order - b.order;

const lastSent = ({ lines }: Execution): EpochMs =>
  Math.max(0, ...lines.filter(isInDoubt).map(({ submittedAt }) => submittedAt ?? 0));

/** Whether a line is bought and not labeled yet. */
export const isUnlabeled = ({ state, needsLabel }: PurchaseLine): boolean => state === "committed" && needsLabel;

/** Whether tick has work for an execution. */
export const isDue = (execution: Execution, now: number): boolean => {
  const since = dueAt(execution);
  return since !== null && since <= now;
};

/** Whether an execution has a status in which it can get stuck. */
export const canGetStuck = ({ execution: { status } }: MemoryRecord): boolean =>
  status === "approved" || status === "running";

/** Whether an execution shows no activity. */
export const isStuck = (record: MemoryRecord, olderThanMs: number, now: number): boolean =>
  canGetStuck(record) && !leaseIsLive(record.execution, now) && stuckSince(record) < now - olderThanMs;

/** The last activity, or `wakeAt` if that time is later. */
export const stuckSince = ({ execution, lastActiveAt }: MemoryRecord): EpochMs =>
  Math.max(lastActiveAt, execution.wakeAt ?? 0);

type Position = Pick<Execution, "createdAt" | "id">;

/** A place in history. */
export interface Placed {
  readonly execution: Position;
}

/** Orders executions in history. The newest comes first. */
export const byAge = (a: Placed, b: Placed): number => compareAges(a.execution, b.execution);

const compareAges = (a: Position, b: Position): number =>
  b.createdAt - a.createdAt || (a.id === b.id ? 0 : a.id < b.id ? 1 : -1);

/** The cursor for the position after an execution. It can be used even if the execution is gone by then. */
export const cursorOf = ({ createdAt, id }: Position): string => `${createdAt} ${id}`;

/** The place that a cursor stands for. */
export function placeOf(cursor: string): Placed {
  const [, createdAt, id] = /^(\d+) (.+)$/s.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined)
    throw invalidArgument("cursor", "must be the nextCursor of a history page");
  return { execution: { createdAt: Number(createdAt), id } };
}

/** Whether an execution passes every filter of a history query. */
export const matchesHistory = (execution: Execution, query: HistoryQuery): boolean =>
  (query.status === undefined || query.status.includes(execution.status)) &&
  (query.createdBy === undefined || query.createdBy === execution.createdBy) &&
  (query.source === undefined || query.source === execution.source) &&
  (query.planId === undefined || query.planId === execution.plan?.id) &&
  (query.createdFrom === undefined || execution.createdAt >= query.createdFrom) &&
  (query.createdBefore === undefined || execution.createdAt < query.createdBefore) &&
  (query.provider === undefined || execution.lines.some(({ request }) => isSoldBy(request.service, query.provider))) &&
  (query.account === undefined || execution.lines.some(({ request }) => request.account === query.account)) &&
  (query.commitmentId === undefined ||
    claimsOf(execution).some(({ commitmentId }) => commitmentId === query.commitmentId));

const isSoldBy = (service: string, provider: string | undefined): boolean =>
  service === provider || cloudOf(service) === provider;
