import type { AuditEvent, NewAuditEvent } from "../../domain/audit-event.js";
import type { Execution } from "../../domain/execution.js";
import { type Holders, holders } from "./holders.js";
import { type LaneQueues, laneQueues } from "./lane-queues.js";
import { type MemoryFeed, memoryFeed } from "./memory-feed.js";
import type { MemoryRecord } from "./memory-record.js";
import { type NeedIndex, needIndex } from "./need-index.js";
import {
  byActivity,
  byAge,
  byAgeOfDoubt,
  byDueTime,
  byLastChange,
  canGetStuck,
  dueAt,
  isInDoubt,
  isUnlabeled,
  type Placed,
} from "./queries.js";
import { type SortedList, sortedList } from "./sorted-list.js";
import type { Uniqueness } from "./uniqueness.js";

/** All stored records, with indices to find them without a full scan. */
export interface MemoryRecords {
  get(executionId: string): MemoryRecord | undefined;
  withRequestKey(requestKey: string): MemoryRecord | undefined;
  /** The executions of a plan. */
  ofPlan(planId: string): Iterable<Execution>;
  /** How many executions a lineage has. */
  countOfLineage(lineageKey: string): number;
  /** The audit trail of an execution, in the order of versions. */
  trailOf(executionId: string): readonly AuditEvent[];
  readonly feed: Pick<MemoryFeed, "page" | "cursor" | "moveCursor">;
  readonly holders: Pick<Holders, "of">;
  readonly needs: Pick<NeedIndex, "open" | "keys" | "boughtAfter">;
  readonly waiters: Pick<LaneQueues, "of">;
  /** For each query, the records that it can want, in its order. */
  readonly in: Readonly<
    Record<"due" | "fresh" | "stuck" | "unlabeled" | "doubtful", Pick<SortedList<MemoryRecord>, "values">>
  > & {
    readonly history: Pick<SortedList<MemoryRecord, Placed>, "values" | "valuesAfter">;
  };
  /** Stores a version with its event. If that breaks a uniqueness, it stores nothing and returns the uniqueness. */
  save(record: MemoryRecord, event: NewAuditEvent): Uniqueness | undefined;
  /** Removes an execution with its trail. */
  remove(executionId: string): void;
}

/** An empty set of records. */
export function memoryRecords(): MemoryRecords {
  const records = new Map<string, MemoryRecord>();
  const trails = new Map<string, AuditEvent[]>();
  const idOfRequestKey = new Map<string, string>();
  const sizeOfLineage = new Map<string, number>();
  const idsOfPlan = new Map<string, Set<string>>();
  const held = holders();
  const needs = needIndex();
  const feed = memoryFeed();
  const waiters = laneQueues();
  const lists = {
    history: sortedList<MemoryRecord, Placed>(byAge),
    due: partlySorted(byDueTime, ({ execution }) => dueAt(execution) !== null),
    fresh: partlySorted(byDueTime, ({ execution }) => execution.wakeAt === null && dueAt(execution) !== null),
    stuck: partlySorted(byActivity, canGetStuck),
    doubtful: partlySorted(byAgeOfDoubt, ({ execution }) => execution.lines.some(isInDoubt)),
    unlabeled: partlySorted(byLastChange, ({ execution }) => execution.lines.some(isUnlabeled)),
  };
  const sizeOf = (lineageKey: string) => sizeOfLineage.get(lineageKey) ?? 0;

  const enter = ({ id, requestKey, lineageKey, plan }: Execution): void => {
    trails.set(id, []);
    if (plan !== null) idsOfPlan.set(plan.id, (idsOfPlan.get(plan.id) ?? new Set()).add(id));
    idOfRequestKey.set(requestKey, id);
    sizeOfLineage.set(lineageKey, sizeOf(lineageKey) + 1);
  };
  const leave = ({ id, requestKey, lineageKey, plan }: Execution): void => {
    records.delete(id);
    if (plan !== null) idsOfPlan.get(plan.id)?.delete(id);
    trails.delete(id);
    feed.remove(id);
    idOfRequestKey.delete(requestKey);
    if (sizeOf(lineageKey) > 1) sizeOfLineage.set(lineageKey, sizeOf(lineageKey) - 1);
    else sizeOfLineage.delete(lineageKey);
  };
  /** The only place that changes records, so that all indices follow. */
  const replace = (old: MemoryRecord | undefined, next: MemoryRecord | undefined): Uniqueness | undefined => {
    const broken = held.replace(old?.execution, next?.execution);
    if (broken !== undefined) return broken;
    for (const list of Object.values(lists)) list.replace(old, next);
    needs.replace(old?.execution, next?.execution);
    waiters.replace(old, next);
    if (next !== undefined) records.set(next.execution.id, next);
    if (old === undefined && next !== undefined) enter(next.execution);
    if (old !== undefined && next === undefined) leave(old.execution);
    return undefined;
  };

  return {
    get: (executionId) => records.get(executionId),
    withRequestKey: (requestKey) => records.get(idOfRequestKey.get(requestKey) ?? ""),
    *ofPlan(planId) {
      for (const id of idsOfPlan.get(planId) ?? []) {
        const { execution } = records.get(id) ?? {};
        if (execution !== undefined) yield execution;
      }
    },
    countOfLineage: sizeOf,
    trailOf: (executionId) => trails.get(executionId) ?? [],
    feed,
    holders: held,
    needs,
    waiters,
    in: lists,
    save(record, event) {
      const { id: executionId, version, updatedAt: at, status } = record.execution;
      const broken = replace(records.get(executionId), record);
      if (broken !== undefined) return broken;
      const stored = { ...event, executionId, version, at, status };
      trails.get(executionId)?.push(stored);
      feed.add(stored);
      return undefined;
    },
    remove: (executionId) => {
      replace(records.get(executionId), undefined);
    },
  };
}

/** A sorted list of the records that belong in it; the others are left out. */
function partlySorted(
  compare: (a: MemoryRecord, b: MemoryRecord) => number,
  belongs: (record: MemoryRecord) => boolean,
): SortedList<MemoryRecord> {
  const list = sortedList(compare);
  const ifBelongs = (record: MemoryRecord | undefined) => (record && belongs(record) ? record : undefined);
  return { ...list, replace: (old, next) => list.replace(ifBelongs(old), ifBelongs(next)) };
}
