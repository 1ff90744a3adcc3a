import type { EpochMs } from "../../domain/clock.js";
import { cloudOf } from "../../domain/commitment-request/commitment-request.js";
import type { Execution } from "../../domain/execution.js";
import type { HistoryQuery } from "../../store-port/execution-store.js";
import type { MemoryRecord } from "./memory-record.js";
import { claimsOf } from "./uniqueness.js";

const leaseIsLive = (execution: Execution, now: number): boolean =>
  execution.lease !== null && execution.lease.expiresAt > now;
/** Whether nothing keeps an execution waiting. */
export const isAwake = (execution: Execution, now: number): boolean =>
  execution.wakeAt === null || execution.wakeAt <= now;

/** Since when tick has work for an execution, or will have; null for never. */
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

/** Whether tick has work for an execution. */
export const isDue = (execution: Execution, now: number): boolean => {
  const since = dueAt(execution);
  return since !== null && since <= now;
};

/** Whether an execution shows no sign of life. */
export const isStuck = (record: MemoryRecord, olderThanMs: number, now: number): boolean =>
  (record.execution.status === "approved" || record.execution.status === "running") &&
  !leaseIsLive(record.execution, now) &&
  stuckSince(record) < now - olderThanMs;

/** The last sign of life, or the time to wake where that came later. */
export const stuckSince = ({ execution, lastSignOfLifeAt }: MemoryRecord): EpochMs =>
  Math.max(lastSignOfLifeAt, execution.wakeAt ?? 0);

type Position = Pick<Execution, "createdAt" | "id">;

/** Newest first. */
export const compareAges = (a: Position, b: Position): number =>
  b.createdAt - a.createdAt || (a.id === b.id ? 0 : a.id < b.id ? 1 : -1);

/** The position after an execution; the execution may be gone when it is used. */
export const cursorOf = ({ createdAt, id }: Position): string => `${createdAt} ${id}`;

/** The position a cursor stands for. */
export function positionOf(cursor: string): Position {
  const [, createdAt, id] = /^(\d+) (.+)$/s.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined)
    throw new TypeError("cursor must be the nextCursor of a history page");
  return { createdAt: Number(createdAt), id };
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
