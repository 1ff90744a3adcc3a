import type { Execution, Lease, LineProgress, PurchaseLine } from "../../domain/execution.js";
import type { ChangeGuard, ExecutionChange, LeaseMove, LineChange } from "../../store-port/execution-store.js";
import type { MemoryRecord } from "./memory-record.js";

const isLive = (lease: Lease | null, now: number): boolean => lease !== null && lease.expiresAt > now;

/** Whether everything a guard states is true now. */
export const guardHolds = (execution: Execution, guard: ChangeGuard, now: number): boolean =>
  (guard.status === undefined || guard.status.includes(execution.status)) &&
  (guard.version === undefined || guard.version === execution.version) &&
  (guard.fence === undefined ||
    (guard.fence === execution.fence && execution.status === "running" && isLive(execution.lease, now))) &&
  (guard.leaseFree === undefined || !isLive(execution.lease, now)) &&
  (guard.unexpired === undefined || execution.expiresAt === null || execution.expiresAt > now) &&
  (guard.after === undefined || now > guard.after) &&
  (guard.before === undefined || now < guard.before);

/** The record after a change whose guard holds. */
export function applyChange(record: MemoryRecord, change: ExecutionChange, now: number): MemoryRecord {
  const { execution } = record;
  const status = change.status ?? execution.status;
  const moved = status !== execution.status;
  const taken = change.lease?.kind === "take";
  const alive = moved || taken || change.lease?.kind === "renew";
  return {
    ...record,
    lastSignOfLifeAt: alive ? now : record.lastSignOfLifeAt,
    execution: {
      ...execution,
      status,
      version: execution.version + 1,
      fence: execution.fence + (taken ? 1 : 0),
      lease: change.lease === undefined ? execution.lease : movedLease(execution.lease, change.lease, now),
      updatedAt: now,
      statusChangedAt: moved ? now : execution.statusChangedAt,
      ...(change.approvedBy !== undefined && {
        approvedBy: change.approvedBy,
        approvedAt: change.approvedFrom ?? now,
      }),
      reason: change.reason === undefined ? execution.reason : change.reason,
      wakeAt: change.wakeAt === undefined ? execution.wakeAt : absolute(change.wakeAt, now),
      lines: execution.lines.map((line) => changedLine(line, change.lines, now)),
    },
  };
}

function movedLease(lease: Lease | null, move: LeaseMove, now: number): Lease | null {
  if (move.kind === "release") return null;
  const expiresAt = now + move.durationMs;
  return move.kind === "take" ? { owner: move.owner, expiresAt } : lease && { ...lease, expiresAt };
}

const absolute = (wakeAt: number | { readonly inMs: number } | null, now: number): number | null =>
  wakeAt === null || typeof wakeAt === "number" ? wakeAt : now + wakeAt.inMs;

function changedLine(line: PurchaseLine, changes: readonly LineChange[] = [], now: number): PurchaseLine {
  const change = changes.find(({ index }) => index === line.index);
  if (change === undefined) return line;
  return { ...line, ...(change.stampSubmission ? stamped(change.progress, now) : change.progress) };
}

const stamped = (progress: LineProgress, now: number): LineProgress => ({
  ...progress,
  submittedAt: now,
  unprovedSince: progress.unprovedSince ?? now,
});
