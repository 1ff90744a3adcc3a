import type { AuditEvent } from "../../domain/audit-event.js";
import { type Clock, systemClock } from "../../domain/clock.js";
import type { Execution } from "../../domain/execution.js";
import type {
  CommitResult,
  CreateExecution,
  CreateResult,
  ExecutionChange,
  ExecutionStore,
} from "../../store-port/execution-store.js";
import { applyChange, guardHolds } from "./apply-change.js";
import { compareAges, isAwake, isDue, isStuck, matchesHistory } from "./queries.js";
import { claimsOf, isOpen, uniquenessBroken } from "./uniqueness.js";

/** One stored execution with what the port keeps beside it. */
export interface MemoryRecord {
  readonly execution: Execution;
  readonly lastSignOfLifeAt: number;
  /** Insertion order, to break ties of equal times. */
  readonly order: number;
}

/**
 * A store in the memory of this process, for tests and for trying things out: nothing survives the process.
 *
 * It keeps the whole law of the port, so a wiring proved on it is proved for the real stores. Time is `clock`'s.
 */
export function memoryStore(options: { readonly clock?: Clock } = {}): ExecutionStore {
  const clock = options.clock ?? systemClock;
  const records = new Map<string, MemoryRecord>();
  const trails = new Map<string, AuditEvent[]>();

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
    const record = newRecord(input, clock.now(), records.size);
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

  const store: ExecutionStore = {
    create: async (input) => create(structuredClone(input)),
    get: async (executionId) => records.get(executionId)?.execution,
    commit: async (change) => commit(structuredClone(change)),
    due: async ({ limit }) =>
      all()
        .filter(({ execution }) => isDue(execution, clock.now()))
        .sort((a, b) => a.execution.updatedAt - b.execution.updatedAt || a.order - b.order)
        .slice(0, limit)
        .map(({ execution }) => ({ executionId: execution.id, status: execution.status })),
    stuck: async ({ olderThanMs, limit }) =>
      all()
        .filter((record) => isStuck(record, olderThanMs, clock.now()))
        .sort((a, b) => a.lastSignOfLifeAt - b.lastSignOfLifeAt || a.order - b.order)
        .slice(0, limit)
        .map((record) => ({ execution: record.execution, stuckForMs: clock.now() - record.lastSignOfLifeAt })),
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
        .map(({ executionId, lineIndex, commitmentId }) => ({ executionId, lineIndex, commitmentId })),
    events: async (executionId, page = {}) =>
      (trails.get(executionId) ?? [])
        .filter((event) => event.version > (page.afterVersion ?? 0))
        .slice(0, page.limit ?? 1_000),
    history: async (query) => {
      const limit = Math.min(query.limit ?? 50, 200);
      const after = query.cursor === undefined ? undefined : records.get(query.cursor);
      if (query.cursor !== undefined && after === undefined) throw new TypeError("unknown history cursor");
      const matching = all()
        .filter(({ execution }) => matchesHistory(execution, query))
        .sort(compareAges)
        .filter((record) => after === undefined || compareAges(record, after) > 0);
      const page = matching.slice(0, limit).map(({ execution }) => execution);
      const last = page.at(-1);
      return { executions: page, ...(last !== undefined && matching.length > limit ? { nextCursor: last.id } : {}) };
    },
  };
  return copyingOut(store);
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
  const { expiresInMs, ...given } = execution;
  return {
    execution: {
      ...given,
      version: 1,
      fence: 0,
      lease: null,
      createdAt: now,
      updatedAt: now,
      statusChangedAt: now,
      approvedBy: null,
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
    stuck: async (query) => structuredClone(await store.stuck(query)),
    unlabeled: (query) => store.unlabeled(query),
    claims: (query) => store.claims(query),
    events: async (executionId, page) => structuredClone(await store.events(executionId, page)),
    history: async (query) => structuredClone(await store.history(query)),
  };
}
