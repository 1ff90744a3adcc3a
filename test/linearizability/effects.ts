import type { AuditEvent, NewAuditEvent } from "../../src/domain/audit-event.js";
import type { Execution } from "../../src/domain/execution.js";
import { SETTLED_STATUS, settle } from "../../src/state-machine/settle.js";
import type {
  ChangeGuard,
  ClaimBatch,
  CreateExecution,
  DueSweep,
  ExecutionChange,
  ReapSweep,
} from "../../src/store-port/execution-store.js";
import { applyChange, guardHolds } from "../../src/stores/law/apply-change.js";
import { isDue, isStuck } from "../../src/stores/law/due.js";
import type { StoredRecord } from "../../src/stores/law/stored-record.js";
import type { Call } from "./history.js";
import { mayBe, windowOf } from "./windows.js";

/** What a call makes of an execution, by the law of the port. */
export interface Effect {
  readonly next: StoredRecord;
  /** What its event must say. */
  readonly event: NewAuditEvent;
  /** Whether everything it was guarded by may have been true. */
  readonly allowed: boolean;
}

/**
 * What a call makes of an execution that stood as `previous`; `undefined` where it makes no such change.
 *
 * The model is what the store in memory does to one record, at the time that the version was stamped with.
 */
export function effectOf(call: Call, previous: StoredRecord | undefined, stamp: AuditEvent): Effect | undefined {
  if (call.operation === "create") return effectOfCreate(call.asked[0], previous, stamp);
  if (previous === undefined) return undefined;
  const window = windowOf(call);
  const may = (condition: (now: number) => boolean, guard?: ChangeGuard) =>
    mayBe(previous.execution, window, condition, guard);
  const made = (change: Omit<ExecutionChange, "executionId" | "guard">, allowed: boolean): Effect => ({
    next: applyChange(previous, { executionId: stamp.executionId, guard: {}, ...change }, stamp.at),
    event: change.event,
    allowed,
  });
  switch (call.operation) {
    case "commit": {
      const { executionId, guard, ...change } = call.asked[0];
      if (executionId !== stamp.executionId) return undefined;
      return made(
        change,
        may((now) => guardHolds(previous.execution, guard, now), guard),
      );
    }
    case "moveDue":
      return made(
        changeOfSweep(call.asked[0], previous.execution),
        may((now) => isDue(previous.execution, now)),
      );
    case "claimDue":
      return made(
        changeOfClaim(call.asked[0]),
        isWanted(call.asked[0], previous.execution) && may((now) => isDue(previous.execution, now)),
      );
    case "reap":
      return made(
        changeOfReap(call.asked[0], previous.execution, stamp),
        may((now) => isStuck(previous, call.asked[0].olderThanMs, now)),
      );
    default:
      return undefined;
  }
}

function effectOfCreate(input: CreateExecution, previous: StoredRecord | undefined, stamp: AuditEvent) {
  const { execution, event, retryOf } = input;
  if (execution.id === stamp.executionId)
    return { next: firstRecord(input, stamp.at), event, allowed: previous === undefined };
  if (previous === undefined || retryOf?.executionId !== stamp.executionId) return undefined;
  const { version, successorId } = previous.execution;
  const marked = { successorId: execution.id, version: version + 1, updatedAt: stamp.at };
  return {
    next: { ...previous, execution: { ...previous.execution, ...marked } },
    event: retryOf.predecessorEvent,
    allowed: version === retryOf.version && successorId === null,
  };
}

/** The first version of an execution. */
export function firstRecord({ execution, retryOf }: CreateExecution, at: number): StoredRecord {
  const { expiresInMs, ...given } = execution;
  const times = { createdAt: at, updatedAt: at, statusChangedAt: at };
  const expiresAt = expiresInMs === null ? null : at + expiresInMs;
  const unclaimed = { version: 1, fence: 0, lease: null, approvedBy: null, approvedAt: null, approvers: [] };
  const lineage = { retryOf: retryOf?.executionId ?? null, successorId: null };
  return {
    execution: { ...given, ...unclaimed, ...times, expiresAt, ...lineage },
    lastActiveAt: at,
    holds: [],
  };
}

function changeOfSweep(
  { moves, actor }: DueSweep,
  { status }: Execution,
): Omit<ExecutionChange, "executionId" | "guard"> {
  const move = moves.find(({ from }) => from === status);
  const { kind = "transitioned", reason = "no move was asked for", to } = move ?? {};
  return { ...(to && { status: to }), reason, wakeAt: null, event: { kind, actor, reason } };
}

const isWanted = ({ from, except }: ClaimBatch, { id, status }: Execution): boolean =>
  from.includes(status) && !except.includes(id);

const changeOfClaim = ({ owner, durationMs, event }: ClaimBatch) =>
  ({ status: "running", lease: { kind: "take", owner, durationMs }, wakeAt: null, event }) as const;

function changeOfReap({ actor, verdicts }: ReapSweep, { status, lines }: Execution, stamp: AuditEvent) {
  const verdict = verdicts.find(({ from, proof }) => from === status && SETTLED_STATUS[proof] === settle(lines));
  // How long it was stuck is the store's to say.
  const reason = stamp.reason ?? "";
  const told =
    verdict !== undefined && reason.startsWith(`Stuck in ${status} for `) && reason.endsWith(verdict.because);
  const event = {
    kind: "reaped",
    actor,
    reason: told ? reason : `Stuck in ${status} for ...; ${verdict?.because}`,
  } as const;
  return { ...(verdict && { status: verdict.to }), reason, wakeAt: null, lease: { kind: "release" }, event } as const;
}
