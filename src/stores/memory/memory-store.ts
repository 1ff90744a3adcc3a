import type { AuditEvent } from "../../domain/audit-event.js";
import { type Clock, systemClock } from "../../domain/clock.js";
import type { Execution } from "../../domain/execution.js";
import { invalidRequest } from "../../domain/input-problem.js";
import { checkKeys } from "../../domain/options.js";
import { checkHistoryQuery } from "../../store-port/check-history-query.js";
import type {
  ClaimBatch,
  ClaimedExecution,
  CommitResult,
  CreateExecution,
  CreateResult,
  DueSweep,
  ExecutionChange,
  ExecutionStore,
  MovedExecution,
  Removal,
} from "../../store-port/execution-store.js";
import { applyChange, guardHolds } from "./apply-change.js";
import type { MemoryRecord } from "./memory-record.js";
import {
  compareAges,
  cursorOf,
  dueAt,
  isAwake,
  isDue,
  isStuck,
  matchesHistory,
  positionOf,
  stuckSince,
} from "./queries.js";
import { claimsOf, isOpen, laneHolder, uniquenessBroken } from "./uniqueness.js";

/** What a store in memory goes by. */
interface MemoryStoreOptions {
  /** The clock that every time stamp comes from, and that every lease is judged by; default the machine's. */
  readonly clock?: Clock;
}

/**
 * A store in the memory of this process, for tests and for trying things out: nothing survives the process.
 *
 * It keeps the whole law of the port, so a wiring proved on it is proved for the real stores. Time is `clock`'s.
 */
export function memoryStore(options: MemoryStoreOptions = {}): ExecutionStore {
  const clock = clockOf(options);
  const records = new Map<string, MemoryRecord>();
  const trails = new Map<string, AuditEvent[]>();
  let creations = 0;

  const all = () => [...records.values()];
  const save = (record: MemoryRecord, event: ExecutionChange["event"]) => {
    const { id, version, updatedAt, status } = record.execution;
    records.set(id, record);
    trails.set(id, [
      ...(trails.get(id) ?? []),
      structuredClone({ ...event, executionId: id, version, at: updatedAt, status }),
    ]);
  };

  const create = (input: CreateExecution): CreateResult => {
    const { id, requestKey, lineageKey } = input.execution;
    const existing = all().find((record) => record.execution.requestKey === requestKey);
    if (existing !== undefined) return { kind: "existing", execution: existing.execution };
    const predecessor = input.retryOf && records.get(input.retryOf.executionId);
    if (input.retryOf && !canBeRetried(predecessor, input.retryOf.version))
      return { kind: "refused", because: "predecessor" };
    if (all().some(({ execution }) => execution.lineageKey === lineageKey && isOpen(execution)))
      return { kind: "refused", because: "lineage" };
    const record = newRecord(input, clock.now(), creations++);
    const broken = uniquenessBroken(record.execution, all());
    if (broken === "lineage") return { kind: "refused", because: "lineage" };
    if (broken !== undefined) throw new Error(`a new line has a ${broken} that another line holds`);
    save(record, input.event);
    if (input.retryOf && predecessor) save(withSuccessor(predecessor, id, clock.now()), input.retryOf.predecessorEvent);
    return { kind: "created", execution: record.execution };
  };

  const commit = (change: ExecutionChange): CommitResult => {
    const record = records.get(change.executionId);
    const now = clock.now();
    checkLines(change);
    if (record === undefined || !hasLines(record.execution, change) || !guardHolds(record.execution, change.guard, now))
      return { kind: "refused", because: "guard" };
    const next = applyChange(record, change, now);
    const broken = uniquenessBroken(next.execution, all());
    if (broken !== undefined) return { kind: "refused", because: broken };
    save(next, change.event);
    return { kind: "moved", execution: next.execution };
  };

  const due = () =>
    all()
      .filter(({ execution }) => isDue(execution, clock.now()))
      .sort((a, b) => Number(dueAt(a.execution)) - Number(dueAt(b.execution)) || a.order - b.order)
      .map(({ execution }) => execution);

  const moveDue = ({ moves, actor, limit }: DueSweep): readonly MovedExecution[] =>
    due()
      .flatMap(({ id, status }) => moves.filter(({ from }) => from === status).map((move) => ({ id, ...move })))
      .slice(0, limit)
      .flatMap(({ id: executionId, from, to, kind, reason }) => {
        const event = { kind, actor, reason };
        const { kind: result } = commit({ executionId, guard: {}, status: to, reason, wakeAt: null, event });
        return result === "moved" ? [{ executionId, from, to }] : [];
      });

  const claimDue = ({ from, limit, except, owner, durationMs, event }: ClaimBatch): readonly ClaimedExecution[] =>
    due()
      .filter(({ id, status }) => from.includes(status) && !except.includes(id))
      .slice(0, limit)
      .flatMap(({ id: executionId, status }) => {
        const lease = { kind: "take", owner, durationMs } as const;
        const claim = commit({ executionId, guard: {}, status: "running", lease, wakeAt: null, event });
        return claim.kind === "moved" ? [{ execution: claim.execution, from: status }] : [];
      });

  const remove = ({ executions, notBefore }: Removal): boolean => {
    const found = executions.map(({ executionId }) => records.get(executionId)?.execution);
    const lineages = new Set(found.map((execution) => execution?.lineageKey));
    const whole = all().filter(({ execution }) => lineages.has(execution.lineageKey)).length === executions.length;
    const same = executions.every(({ version }, at) => found[at]?.version === version);
    if (clock.now() < notBefore || !same || !whole) return false;
    for (const { executionId } of executions) for (const stored of [records, trails]) stored.delete(executionId);
    return true;
  };

  const store: ExecutionStore = {
    create: async (input) => create(structuredClone(input)),
    get: async (executionId) => records.get(executionId)?.execution,
    commit: async (change) => commit(structuredClone(change)),
    due: async ({ limit }) =>
      due()
        .slice(0, limit)
        .map(({ id, status }) => ({ executionId: id, status })),
    moveDue: async (sweep) => moveDue(structuredClone(sweep)),
    claimDue: async (batch) => claimDue(structuredClone(batch)),
    remove: async (removal) => remove(structuredClone(removal)),
    stuck: async ({ olderThanMs, limit }) =>
      all()
        .filter((record) => isStuck(record, olderThanMs, clock.now()))
        .sort((a, b) => a.lastSignOfLifeAt - b.lastSignOfLifeAt || a.order - b.order)
        .slice(0, limit)
        .map((record) => ({ execution: record.execution, stuckForMs: clock.now() - stuckSince(record) })),
    unlabeled: async ({ limit }) =>
      all()
        .filter(({ execution }) => isAwake(execution, clock.now()))
        .sort((a, b) => a.execution.updatedAt - b.execution.updatedAt || a.order - b.order)
        .flatMap(({ execution }) =>
          execution.lines
            .filter((line) => line.state === "committed" && line.needsLabel)
            .map((line) => ({ executionId: execution.id, lineIndex: line.index })),
        )
        .slice(0, limit),
    claims: async ({ cloud, account, commitmentIds }) =>
      all()
        .flatMap(({ execution }) => claimsOf(execution))
        .filter(
          (claim) => claim.cloud === cloud && claim.account === account && commitmentIds.includes(claim.commitmentId),
        )
        .map(({ cloud: _, account: __, ...claim }) => claim),
    laneHolder: async (lane) => laneHolder(all(), lane),
    events: async (executionId, page = {}) =>
      (trails.get(executionId) ?? [])
        .filter((event) => event.version > (page.afterVersion ?? 0))
        .slice(0, page.limit ?? 1_000),
    history: async (query) => {
      checkHistoryQuery(query);
      const limit = Math.min(query.limit ?? 50, 200);
      const after = query.cursor === undefined ? undefined : positionOf(query.cursor);
      const matching = all()
        .filter(({ execution }) => matchesHistory(execution, query))
        .sort((a, b) => compareAges(a.execution, b.execution))
        .filter((record) => after === undefined || compareAges(record.execution, after) > 0);
      const page = matching.slice(0, limit).map(({ execution }) => execution);
      const last = page.at(-1);
      return {
        executions: page,
        ...(last !== undefined && matching.length > limit ? { nextCursor: cursorOf(last) } : {}),
      };
    },
  };
  return copyingOut(store);
}

function clockOf(options: MemoryStoreOptions): Clock {
  checkKeys("options", options, { clock: true });
  const { clock = systemClock } = options;
  if (typeof clock?.now !== "function")
    throw invalidRequest([{ path: "options.clock", problem: "must be a clock, such as manualClock()" }]);
  return clock;
}

function checkLines({ guard, lines = [] }: ExecutionChange): void {
  if (lines.length > 0 && guard.version === undefined) throw new TypeError("a change of lines needs guard.version");
  if (new Set(lines.map(({ index }) => index)).size < lines.length)
    throw new TypeError("a change names one line twice");
}

const hasLines = (execution: Execution, { lines = [] }: ExecutionChange): boolean =>
  lines.every(({ index }) => execution.lines.some((line) => line.index === index));

const canBeRetried = (record: MemoryRecord | undefined, version: number): boolean =>
  record?.execution.version === version && record.execution.successorId === null;

function newRecord({ execution, retryOf }: CreateExecution, now: number, order: number): MemoryRecord {
  const { expiresInMs, lines, ...given } = execution;
  return {
    execution: {
      ...given,
      lines: lines.toSorted((a, b) => a.index - b.index),
      version: 1,
      fence: 0,
      lease: null,
      createdAt: now,
      updatedAt: now,
      statusChangedAt: now,
      approvedBy: null,
      approvedAt: null,
      expiresAt: expiresInMs === null ? null : now + expiresInMs,
      retryOf: retryOf?.executionId ?? null,
      successorId: null,
    },
    lastSignOfLifeAt: now,
    order,
  };
}

const withSuccessor = (record: MemoryRecord, successorId: string, now: number): MemoryRecord => ({
  ...record,
  execution: { ...record.execution, successorId, version: record.execution.version + 1, updatedAt: now },
});

/** Every answer is a copy, so that callers cannot reach what is stored. */
function copyingOut(store: ExecutionStore): ExecutionStore {
  return {
    create: async (input) => structuredClone(await store.create(input)),
    get: async (executionId) => structuredClone(await store.get(executionId)),
    commit: async (change) => structuredClone(await store.commit(change)),
    due: (query) => store.due(query),
    moveDue: (sweep) => store.moveDue(sweep),
    claimDue: async (batch) => structuredClone(await store.claimDue(batch)),
    remove: (removal) => store.remove(removal),
    stuck: async (query) => structuredClone(await store.stuck(query)),
    unlabeled: (query) => store.unlabeled(query),
    claims: (query) => store.claims(query),
    laneHolder: (lane) => store.laneHolder(lane),
    events: async (executionId, page) => structuredClone(await store.events(executionId, page)),
    history: async (query) => structuredClone(await store.history(query)),
  };
}
