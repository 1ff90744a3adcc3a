import type { EpochMs } from "../../domain/clock.js";
import type { Execution } from "../../domain/execution.js";
import type { StoredRecord } from "./stored-record.js";

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

/** Whether tick has work for an execution. */
export const isDue = (execution: Execution, now: number): boolean => {
  const since = dueAt(execution);
  return since !== null && since <= now;
};

/** Whether an execution has a status in which it can get stuck. */
export const canGetStuck = ({ execution: { status } }: Pick<StoredRecord, "execution">): boolean =>
  status === "approved" || status === "running";

/** Whether an execution shows no activity. */
export const isStuck = (record: Watched, olderThanMs: number, now: number): boolean =>
  canGetStuck(record) && !leaseIsLive(record.execution, now) && stuckSince(record) < now - olderThanMs;

/** The last activity, or `wakeAt` if that time is later. */
export const stuckSince = ({ execution, lastActiveAt }: Active): EpochMs =>
  Math.max(lastActiveAt, execution.wakeAt ?? 0);

type Watched = Pick<StoredRecord, "execution" | "lastActiveAt">;

interface Active extends Pick<StoredRecord, "lastActiveAt"> {
  readonly execution: Pick<Execution, "wakeAt">;
}
