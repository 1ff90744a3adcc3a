import type { NewAuditEvent } from "../../domain/audit-event.js";
import type { Clock } from "../../domain/clock.js";
import type { Execution } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
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
import type { DecisionTokens } from "./decision-tokens.js";
import { isApproval, type PurchaseGuards } from "./purchase-guards.js";
import { type SpendingLimits, withOverruns } from "./spending-limits.js";
import { newRecord, type StoredRecord, withSuccessor } from "./stored-record.js";
import type { Uniqueness } from "./uniqueness.js";

/** Finds and keeps the records of one store. One change at a time may use it. */
export interface Records<Kept extends StoredRecord> {
  /** The record that a change is about. Lines that can neither decide the change nor be changed by it may be missing. */
  forChange(change: ExecutionChange): Kept | undefined;
  /** The record of an execution that is to be retried. Its lines may be missing. */
  predecessor(executionId: string): Kept | undefined;
  withRequestKey(requestKey: string): Execution | undefined;
  /** Stores a new record with its event. If that breaks a uniqueness, it stores nothing and returns the uniqueness. */
  add(record: StoredRecord, event: NewAuditEvent): Uniqueness | undefined;
  /** Stores the next version of a record with its event. If that breaks a uniqueness, as {@link Records.add}. */
  save(before: Kept, next: Kept, event: NewAuditEvent): Uniqueness | undefined;
  /** The lineage and version of an execution. */
  placeOf(executionId: string): Pick<Execution, "lineageKey" | "version"> | undefined;
  /** How many executions a lineage has. */
  countOfLineage(lineageKey: string): number;
  /** Removes executions with everything that belongs to them. */
  remove(executionIds: readonly string[]): void;
}

/** Finds due executions. The longest waiting comes first. */
export interface DueRows {
  due(wanted: DueQuery): readonly Pick<Execution, "id" | "status">[];
}

/** Which due executions are wanted. */
export interface DueQuery {
  readonly statuses: readonly ExecutionStatus[];
  readonly limit: number;
  readonly except: readonly string[];
  /** Only executions that have not slept. */
  readonly freshOnly: boolean;
}

/** What a store does, at the time of its clock; what it is given must be its own. */
export interface StoreChanges {
  create(input: CreateExecution): CreateResult;
  commit(change: ExecutionChange): CommitResult;
  moveDue(sweep: DueSweep): readonly MovedExecution[];
  claimDue(batch: ClaimBatch): readonly ClaimedExecution[];
  remove(removal: Removal): boolean;
}

/** What the changes ask of the other parts of the store. */
interface ChangeRules {
  readonly rows: DueRows;
  readonly guards: PurchaseGuards;
  readonly limits: SpendingLimits;
  readonly tokens: DecisionTokens;
}

/** Changes what is stored. */
export function storeChanges<Kept extends StoredRecord>(
  records: Records<Kept>,
  { rows, guards, limits, tokens }: ChangeRules,
  clock: Clock,
): StoreChanges {
  const create = (input: CreateExecution): CreateResult => {
    const { id, requestKey } = input.execution;
    const existing = records.withRequestKey(requestKey);
    if (existing !== undefined) return { kind: "existing", execution: existing };
    const predecessor = input.retryOf && records.predecessor(input.retryOf.executionId);
    if (input.retryOf && !canBeRetried(predecessor, input.retryOf.version))
      return { kind: "refused", because: "predecessor" };
    const record = newRecord(input, clock.now());
    const broken = records.add(record, input.event);
    if (broken === "lineage") return { kind: "refused", because: "lineage" };
    if (broken !== undefined) throw new Error(`a new line has a ${broken} that another line holds`);
    if (input.retryOf && predecessor)
      records.save(
        predecessor,
        withSuccessor(predecessor, id, record.execution.createdAt),
        input.retryOf.predecessorEvent,
      );
    return { kind: "created", execution: record.execution };
  };

  const commit = (change: ExecutionChange): CommitResult => {
    const record = records.forChange(change);
    const now = clock.now();
    checkChange(change);
    if (record === undefined || !hasLines(record.execution, change) || !guardHolds(record.execution, change.guard, now))
      return { kind: "refused", because: "guard" };
    if (tokens.refuses(record.execution, change, now)) return { kind: "refused", because: "token" };
    const refusal = guards.refusal(record.execution, change, now);
    if (refusal !== undefined) return refusal;
    const raised = limits.raised(record, change);
    if ("because" in raised) return raised;
    // A clock that was set back does not let an execution change before its last change.
    const at = Math.max(now, record.execution.updatedAt);
    const changed = applyChange(raised, change, at);
    const next = isApproval(record.execution, change) ? limits.approved(changed, now) : limits.settled(changed);
    const broken = records.save(record, next, withOverruns(change.event, record, next));
    if (broken !== undefined) return { kind: "refused", because: broken };
    limits.count(record, next);
    tokens.apply(next.execution, change);
    return { kind: "moved", execution: answerTo(change, next.execution) };
  };

  const moveDue = ({ moves, actor, limit }: DueSweep): readonly MovedExecution[] => {
    const moveOf = new Map(moves.map((move) => [move.from, move]));
    return rows
      .due({ statuses: [...moveOf.keys()], limit, except: [], freshOnly: false })
      .flatMap(({ id: executionId, status: from }) => {
        const { to, kind, reason } = moveOf.get(from) as DueMove;
        const event = { kind, actor, reason };
        const answer = "named_lines";
        const result = commit({ executionId, guard: {}, status: to, reason, wakeAt: null, event, answer });
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
    const wanted = { statuses: from, except, limit };
    const fresh = freshFirst ? rows.due({ ...wanted, freshOnly: true }) : [];
    const chosen = [...except, ...fresh.map(({ id }) => id)];
    const others = rows.due({ ...wanted, except: chosen, limit: limit - fresh.length, freshOnly: false });
    return [...fresh, ...others].flatMap(({ id: executionId, status }) => {
      const lease = { kind: "take", owner, durationMs } as const;
      const claim = commit({ executionId, guard: {}, status: "running", lease, wakeAt: null, event });
      return claim.kind === "moved" ? [{ execution: claim.execution, from: status }] : [];
    });
  };

  const remove = ({ executions, notBefore }: Removal): boolean => {
    const found = executions.map(({ executionId }) => records.placeOf(executionId));
    const lineages = new Set(found.flatMap((place) => place?.lineageKey ?? []));
    const size = [...lineages].reduce((sum, lineageKey) => sum + records.countOfLineage(lineageKey), 0);
    const same = executions.every(({ version }, at) => found[at]?.version === version);
    if (clock.now() < notBefore || !same || size !== executions.length) return false;
    records.remove(executions.map(({ executionId }) => executionId));
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

/**
 * The answer to a change, with the named lines only if they are enough. A copy of 500 lines would cost more than the
 * change of one.
 */
function answerTo({ answer, lines = [] }: ExecutionChange, execution: Execution): Execution {
  if (answer !== "named_lines") return execution;
  const named = new Set(lines.map(({ index }) => index));
  return { ...execution, lines: execution.lines.filter(({ index }) => named.has(index)) };
}

const canBeRetried = (record: StoredRecord | undefined, version: number): boolean =>
  record?.execution.version === version && record.execution.successorId === null;
