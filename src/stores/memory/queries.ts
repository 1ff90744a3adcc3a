import type { EpochMs } from "../../domain/clock.js";
import { cloudOf } from "../../domain/commitment-request/commitment-request.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import type { HistoryQuery } from "../../store-port/execution-store.js";
import { dueAt } from "../law/due.js";
import type { Placed } from "../law/history-place.js";
import { claimsOf } from "../law/uniqueness.js";
import type { MemoryRecord } from "./memory-record.js";

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

/** Whether nobody knows if a line was bought. */
export const isInDoubt = ({ state }: PurchaseLine): boolean => state === "in_doubt";

/** Orders executions by when a line in doubt was sent. The last sent comes first. */
export const byAgeOfDoubt = (a: MemoryRecord, b: MemoryRecord): number =>
  lastSent(b.execution) - lastSent(a.execution) || a.order - b.order;

const lastSent = ({ lines }: Execution): EpochMs =>
  Math.max(0, ...lines.filter(isInDoubt).map(({ submittedAt }) => submittedAt ?? 0));

/** Whether a line is bought and not labeled yet. */
export const isUnlabeled = ({ state, needsLabel }: PurchaseLine): boolean => state === "committed" && needsLabel;

/** Orders executions in history. The newest comes first. */
export const byAge = (a: Placed, b: Placed): number => compareAges(a.execution, b.execution);

const compareAges = (a: Placed["execution"], b: Placed["execution"]): number =>
  b.createdAt - a.createdAt || (a.id === b.id ? 0 : a.id < b.id ? 1 : -1);

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
