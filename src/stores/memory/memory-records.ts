import { type AuditEvent, auditEventOf, type NewAuditEvent } from "../../domain/audit-event.js";
import type { Execution } from "../../domain/execution.js";
import type { Records } from "../law/changes.js";
import { canGetStuck, dueAt } from "../law/due.js";
import type { Placed } from "../law/history-place.js";
import type { PlanRows } from "../law/purchase-guards.js";
import type { Uniqueness } from "../law/uniqueness.js";
import { type Holders, holders } from "./holders.js";
import { type LaneQueues, laneQueues } from "./lane-queues.js";
import { type MemoryFeed, memoryFeed } from "./memory-feed.js";
import type { MemoryRecord } from "./memory-record.js";
import type { MemoryTokens } from "./memory-tokens.js";
import { type NeedIndex, needIndex } from "./need-index.js";
import { byActivity, byAge, byAgeOfDoubt, byDueTime, byLastChange, isInDoubt, isUnlabeled } from "./queries.js";
import { type SortedList, sortedList } from "./sorted-list.js";

/** All stored records, with indices to find them without a full scan. */
export interface MemoryRecords extends Records<MemoryRecord>, PlanRows {
  get(executionId: string): MemoryRecord | undefined;
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
}

/** An empty set of records. */
export function memoryRecords(tokens: Pick<MemoryTokens, "forget">): MemoryRecords {
  let creations = 0;
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

  /** Stores a version with its event. */
  const store = (old: MemoryRecord | undefined, next: MemoryRecord, event: NewAuditEvent): Uniqueness | undefined => {
    const broken = replace(old, next);
    if (broken !== undefined) return broken;
    const stored = auditEventOf(next.execution, event);
    trails.get(stored.executionId)?.push(stored);
    feed.add(stored);
    return undefined;
  };

  return {
    get: (executionId) => records.get(executionId),
    forChange: ({ executionId }) => records.get(executionId),
    predecessor: (executionId) => records.get(executionId),
    placeOf: (executionId) => records.get(executionId)?.execution,
    withRequestKey: (requestKey) => records.get(idOfRequestKey.get(requestKey) ?? "")?.execution,
    *withStep(planId) {
      for (const id of idsOfPlan.get(planId) ?? []) {
        const { execution } = records.get(id) ?? {};
        if (execution !== undefined && execution.plan?.step !== null) yield execution;
      }
    },
    countOfLineage: sizeOf,
    trailOf: (executionId) => trails.get(executionId) ?? [],
    feed,
    holders: held,
    needs,
    waiters,
    in: lists,
    add: (record, event) => store(undefined, { ...record, order: creations++ }, event),
    save: store,
    remove(executionIds) {
      for (const executionId of executionIds) {
        replace(records.get(executionId), undefined);
        tokens.forget(executionId);
      }
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
