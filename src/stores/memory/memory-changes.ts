import type { Clock } from "../../domain/clock.js";
import type { Execution } from "../../domain/execution.js";
import type {
  ClaimBatch,
  ClaimedExecution,
  CommitResult,
  CreateExecution,
  CreateResult,
  DueMove,
  DueSweep,
  ExecutionChange,
  MovedExecution,
  Removal,
} from "../../store-port/execution-store.js";
import { applyChange, guardHolds, hasLines } from "./apply-change.js";
import { isApproval, type MemoryGuards } from "./memory-guards.js";
import { type MemoryLimits, withOverruns } from "./memory-limits.js";
import type { MemoryReads } from "./memory-reads.js";
import { type MemoryRecord, newRecord, withSuccessor } from "./memory-record.js";
import type { MemoryRecords } from "./memory-records.js";
import type { MemoryTokens } from "./memory-tokens.js";

/** What the store does, at the time of its clock; what it is given must be its own. */
export interface MemoryChanges {
  create(input: CreateExecution): CreateResult;
  commit(change: ExecutionChange): CommitResult;
  moveDue(sweep: DueSweep): readonly MovedExecution[];
  claimDue(batch: ClaimBatch): readonly ClaimedExecution[];
  remove(removal: Removal): boolean;
}

/** What the changes ask of the other parts of the store. */
interface ChangeRules {
  readonly reads: Pick<MemoryReads, "due" | "fresh">;
  readonly guards: MemoryGuards;
  readonly limits: MemoryLimits;
  readonly tokens: MemoryTokens;
}

/** Changes what is stored. */
export function memoryChanges(
  records: MemoryRecords,
  { reads, guards, limits, tokens }: ChangeRules,
  clock: Clock,
): MemoryChanges {
  let creations = 0;

  const create = (input: CreateExecution): CreateResult => {
    const { id, requestKey } = input.execution;
    const existing = records.withRequestKey(requestKey);
    if (existing !== undefined) return { kind: "existing", execution: existing.execution };
    const predecessor = input.retryOf && records.get(input.retryOf.executionId);
    if (input.retryOf && !canBeRetried(predecessor, input.retryOf.version))
      return { kind: "refused", because: "predecessor" };
    const record = newRecord(input, clock.now(), creations++);
    const broken = records.save(record, input.event);
    if (broken === "lineage") return { kind: "refused", because: "lineage" };
    if (broken !== undefined) throw new Error(`a new line has a ${broken} that another line holds`);
    if (input.retryOf && predecessor)
      records.save(withSuccessor(predecessor, id, clock.now()), input.retryOf.predecessorEvent);
    return { kind: "created", execution: record.execution };
  };

  const commit = (change: ExecutionChange): CommitResult => {
    const record = records.get(change.executionId);
    const now = clock.now();
    checkChange(change);
    if (record === undefined || !hasLines(record.execution, change) || !guardHolds(record.execution, change.guard, now))
      return { kind: "refused", because: "guard" };
    if (tokens.refuses(record.execution, change, now)) return { kind: "refused", because: "token" };
    const refusal = guards.refusal(record.execution, change, now);
    if (refusal !== undefined) return refusal;
    const raised = limits.raised(record, change);
    if ("kind" in raised) return raised;
    const changed = applyChange(raised, change, now);
    const next = isApproval(record.execution, change) ? limits.approved(changed, now) : limits.settled(changed);
    const broken = records.save(next, withOverruns(change.event, record, next));
    if (broken !== undefined) return { kind: "refused", because: broken };
    limits.count(record, next);
    tokens.apply(next.execution, change);
    return { kind: "moved", execution: next.execution };
  };

  const moveDue = ({ moves, actor, limit }: DueSweep): readonly MovedExecution[] => {
    const moveOf = new Map(moves.map((move) => [move.from, move]));
    return reads
      .due(limit, ({ status }) => moveOf.has(status))
      .flatMap(({ id: executionId, status: from }) => {
        const { to, kind, reason } = moveOf.get(from) as DueMove;
        const event = { kind, actor, reason };
        const result = commit({ executionId, guard: {}, status: to, reason, wakeAt: null, event });
        if (result.kind !== "moved") return [];
        const { version, updatedAt: at } = result.execution;
        return [{ executionId, from, to, version, at }];
      });
  };

  const claimDue = ({
    from,
    limit,
    freshFirst,
    except,
    owner,
    durationMs,
    event,
  }: ClaimBatch): readonly ClaimedExecution[] => {
    const isWanted = ({ id, status }: Execution) => from.includes(status) && !except.includes(id);
    const fresh = freshFirst ? reads.fresh(limit, isWanted) : [];
    const others = reads.due(limit - fresh.length, (execution) => isWanted(execution) && !fresh.includes(execution));
    return [...fresh, ...others].flatMap(({ id: executionId, status }) => {
      const lease = { kind: "take", owner, durationMs } as const;
      const claim = commit({ executionId, guard: {}, status: "running", lease, wakeAt: null, event });
      return claim.kind === "moved" ? [{ execution: claim.execution, from: status }] : [];
    });
  };

  const remove = ({ executions, notBefore }: Removal): boolean => {
    const found = executions.map(({ executionId }) => records.get(executionId)?.execution);
    const lineages = new Set(found.flatMap((execution) => execution?.lineageKey ?? []));
    const size = [...lineages].reduce((sum, lineageKey) => sum + records.countOfLineage(lineageKey), 0);
    const same = executions.every(({ version }, at) => found[at]?.version === version);
    if (clock.now() < notBefore || !same || size !== executions.length) return false;
    for (const { executionId } of executions) {
      records.remove(executionId);
      tokens.forget(executionId);
    }
    return true;
  };

  return { create, commit, moveDue, claimDue, remove };
}

function checkChange({ guard, lines = [], token }: ExecutionChange): void {
  if (lines.length > 0 && guard.version === undefined) throw new TypeError("a change of lines needs guard.version");
  if (token?.kind === "revoke" && guard.version === undefined)
    throw new TypeError("a change that revokes tokens needs guard.version");
  if (token !== undefined && lines.some(({ acceptsPrice }) => acceptsPrice))
    throw new TypeError("a change that accepts prices has no token");
  if (new Set(lines.map(({ index }) => index)).size < lines.length)
    throw new TypeError("a change names one line twice");
}

const canBeRetried = (record: MemoryRecord | undefined, version: number): boolean =>
  record?.execution.version === version && record.execution.successorId === null;
