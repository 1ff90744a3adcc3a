import type { Execution, Lease, LineProgress, PurchaseLine } from "../../domain/execution.js";
import { nextApprovers } from "../../guards/approvals.js";
import type { ChangeGuard, ExecutionChange, LeaseMove, LineChange } from "../../store-port/execution-store.js";
import type { StoredRecord } from "./stored-record.js";

const isLive = (lease: Lease | null, now: number): boolean => lease !== null && lease.expiresAt > now;

/** Whether everything that a guard states is true now. */
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
export function applyChange<Kept extends StoredRecord>(record: Kept, change: ExecutionChange, now: number): Kept {
  const { execution } = record;
  const status = change.status ?? execution.status;
  const moved = status !== execution.status;
  const taken = change.lease?.kind === "take";
  const alive = moved || taken || change.lease?.kind === "renew";
  return {
    ...record,
    lastActiveAt: alive ? now : record.lastActiveAt,
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
      approvers: nextApprovers(execution, change),
      reason: change.reason === undefined ? execution.reason : change.reason,
      wakeAt: change.wakeAt === undefined ? execution.wakeAt : absolute(change.wakeAt, now),
      lines: withChanges(execution.lines, change.lines ?? [], now),
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

function withChanges(
  lines: readonly PurchaseLine[],
  changes: readonly LineChange[],
  now: number,
): readonly PurchaseLine[] {
  const changed = [...lines];
  for (const { index, progress, stampSubmission } of changes) {
    const at = positionOf(lines, index);
    const line = lines[at];
    if (line) changed[at] = { ...line, ...(stampSubmission ? stamped(progress, now) : progress) };
  }
  return changed;
}

/** The position of a line among lines in the order of their indices. -1 if there is no such line. */
function positionOf(lines: readonly PurchaseLine[], index: number): number {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Number(lines[middle]?.index) < index) low = middle + 1;
    else high = middle;
  }
  return lines[low]?.index === index ? low : -1;
}

/** Whether an execution has every line that a change names. */
export const hasLines = ({ lines }: Execution, { lines: changes = [] }: ExecutionChange): boolean =>
  changes.every(({ index }) => positionOf(lines, index) >= 0);

const stamped = (progress: LineProgress, now: number): LineProgress => ({
  ...progress,
  submittedAt: now,
  unprovedSince: progress.unprovedSince ?? now,
});
