import type { AuditEvent } from "../../domain/audit-event.js";
import type { Clock } from "../../domain/clock.js";
import { cloudOf } from "../../domain/commitment-request/commitment-request.js";
import type { PurchaseLine } from "../../domain/execution.js";
import type {
  CommitmentClaim,
  CommitmentIds,
  DoubtQuery,
  HistoryPage,
  HistoryQuery,
  LineRef,
  StuckExecution,
} from "../../store-port/execution-store.js";
import type { DueRows } from "../law/changes.js";
import { isAwake, isDue, isStuck, stuckSince } from "../law/due.js";
import { cursorOf, placeOf } from "../law/history-place.js";
import { isByPerson, keyOf } from "../law/uniqueness.js";
import { waitedLane } from "./lane-queues.js";
import type { MemoryRecord } from "./memory-record.js";
import type { MemoryRecords } from "./memory-records.js";
import { firstOf, isUnlabeled, matchesHistory } from "./queries.js";

/** What the store tells, at the time of its clock; no copies yet. */
export interface MemoryReads extends DueRows {
  stuck(olderThanMs: number, limit: number): readonly StuckExecution[];
  unlabeled(limit: number): readonly LineRef[];
  claims(query: CommitmentIds): readonly CommitmentClaim[];
  laneHolder(lane: string): LineRef | undefined;
  laneWaiters(lanes: readonly string[]): readonly LineRef[];
  doubts(query: DoubtQuery): readonly LineRef[];
  events(executionId: string, page: { readonly afterVersion?: number; readonly limit?: number }): readonly AuditEvent[];
  history(query: HistoryQuery): HistoryPage;
}

/** Reads what is stored. */
export function memoryReads(records: MemoryRecords, clock: Clock): MemoryReads {
  const due: MemoryReads["due"] = ({ statuses, limit, except, freshOnly }) => {
    const now = clock.now();
    return firstOf(records.in[freshOnly ? "fresh" : "due"].values(), {
      limit,
      isWanted: ({ execution: { id, status } }) => statuses.includes(status) && !except.includes(id),
      isOver: ({ execution }) => !isDue(execution, now),
    }).map(({ execution }) => execution);
  };

  const stuck = (olderThanMs: number, limit: number): readonly StuckExecution[] => {
    const now = clock.now();
    return firstOf(records.in.stuck.values(), {
      limit,
      isWanted: (record) => isStuck(record, olderThanMs, now),
      isOver: ({ lastActiveAt }) => lastActiveAt >= now - olderThanMs,
    }).map((record) => ({ execution: record.execution, stuckForMs: now - stuckSince(record) }));
  };

  /** Each execution found has at least one line, so that many executions are enough. */
  const unlabeled = (limit: number): readonly LineRef[] =>
    firstOf(records.in.unlabeled.values(), { limit, isWanted: ({ execution }) => isAwake(execution, clock.now()) })
      .flatMap(({ execution }) =>
        execution.lines.filter(isUnlabeled).map(({ index }) => ({ executionId: execution.id, lineIndex: index })),
      )
      .slice(0, limit);

  const claims = ({ cloud, account, commitmentIds }: CommitmentIds): readonly CommitmentClaim[] =>
    [...new Set(commitmentIds)].flatMap((commitmentId) => {
      const { executionId, line } =
        records.holders.of(keyOf({ kind: "commitment", cloud, account, commitmentId })) ?? {};
      if (executionId === undefined || line === undefined) return [];
      return [{ commitmentId, executionId, lineIndex: line.index, byPerson: isByPerson(line) }];
    });

  const laneHolder = (lane: string): LineRef | undefined => {
    const { executionId, line } = records.holders.of(keyOf({ kind: "lane", lane })) ?? {};
    return executionId === undefined || line === undefined ? undefined : { executionId, lineIndex: line.index };
  };

  const laneWaiters = (lanes: readonly string[]): readonly LineRef[] =>
    [...new Set(lanes)].flatMap((lane) => longestWaiting(records.waiters.of(lane), lane, clock.now()));

  const doubts = ({ cloud, account, sentWithinMs, limit }: DoubtQuery): readonly LineRef[] => {
    const since = clock.now() - sentWithinMs;
    const isWanted = ({ request, state, submittedAt }: PurchaseLine) =>
      state === "in_doubt" &&
      cloudOf(request.service) === cloud &&
      request.account === account &&
      (submittedAt ?? 0) > since;
    return [...records.in.doubtful.values()]
      .flatMap(({ execution: { id, lines } }) =>
        lines.filter(isWanted).map(({ index, submittedAt }) => ({ executionId: id, lineIndex: index, submittedAt })),
      )
      .toSorted((a, b) => Number(b.submittedAt) - Number(a.submittedAt))
      .slice(0, limit)
      .map(({ executionId, lineIndex }) => ({ executionId, lineIndex }));
  };

  const history = ({ limit: wanted = 50, cursor, ...query }: HistoryQuery): HistoryPage => {
    const limit = Math.min(wanted, 200);
    const { history: all } = records.in;
    const found = firstOf(cursor === undefined ? all.values() : all.valuesAfter(placeOf(cursor)), {
      limit: limit + 1,
      isWanted: ({ execution }) => matchesHistory(execution, query),
    });
    const executions = found.slice(0, limit).map(({ execution }) => execution);
    const last = executions.at(-1);
    return { executions, ...(last !== undefined && found.length > limit ? { nextCursor: cursorOf(last) } : {}) };
  };

  return {
    due,
    stuck,
    unlabeled,
    claims,
    laneHolder,
    laneWaiters,
    doubts,
    // Versions have no gaps, so the version of an event is its place.
    events: (executionId, { afterVersion = 0, limit = 1_000 }) =>
      records.trailOf(executionId).slice(afterVersion, afterVersion + limit),
    history,
  };
}

/** The line that has waited longest for a lane among executions that sleep, as a list of at most one. */
function longestWaiting(queue: Iterable<MemoryRecord>, lane: string, now: number): readonly LineRef[] {
  return [...queue]
    .filter(({ execution }) => !isAwake(execution, now))
    .flatMap(({ execution: { id, lines } }) =>
      lines
        .filter((line) => waitedLane(line) === lane)
        .map(({ index, lastError }) => ({ executionId: id, lineIndex: index, since: Number(lastError?.since) })),
    )
    .toSorted((a, b) => a.since - b.since || byText(a.executionId, b.executionId) || a.lineIndex - b.lineIndex)
    .slice(0, 1)
    .map(({ executionId, lineIndex }) => ({ executionId, lineIndex }));
}

const byText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
