import type { AuditEventKind } from "../domain/audit-event.js";
import { BuyonceError } from "../domain/errors.js";
import type { Execution } from "../domain/execution.js";
import type { ExecutionStatus } from "../domain/execution-status.js";
import type { ExecutionChange, ExecutionStore } from "../store-port/execution-store.js";
import { settle } from "./settle.js";
import { canTransition } from "./transitions.js";

/** One move of one execution. */
export interface StatusTransition extends Pick<ExecutionChange, "approvedBy" | "wakeAt"> {
  readonly executionId: string;
  /** The statuses it may come from; each must be allowed to go to `to`. Never empty. */
  readonly from: readonly ExecutionStatus[];
  readonly to: ExecutionStatus;
  /** Who moves it, for the audit trail. Default `"unknown"`. */
  readonly actor?: string;
  readonly reason?: string;
  readonly kind?: AuditEventKind;
  /** Refuses an execution whose time for approval is over, also where tick has not expired it yet. */
  readonly unexpired?: true;
}

const END_STATUSES: readonly ExecutionStatus[] = ["in_doubt", "completed", "partially_completed", "failed"];

/**
 * Moves an execution from one of the expected statuses to another, by compare-and-swap, with its audit event.
 *
 * Of any number of racing calls exactly one gets the moved execution; every other gets
 * `EXECUTION_NOT_IN_EXPECTED_STATUS`, which carries the execution as it is now in `current`, and has changed nothing.
 * `ILLEGAL_TRANSITION` where the table does not know the move, `EXECUTION_NOT_FOUND` for an unknown id. A move to
 * `in_doubt`, `completed`, `partially_completed` or `failed`, and one from `running`, needs lines that prove it
 * (`STATUS_NOT_PROVED_BY_LINES`). One to `running` takes no lease, so the next tick claims it.
 */
export async function transitionExecutionStatus(store: ExecutionStore, move: StatusTransition): Promise<Execution> {
  checkMove(move);
  // Only a running execution can have a lease; the others take the store's cheaper path.
  const fromRunning = move.from.includes("running");
  const needsProof = END_STATUSES.includes(move.to) || fromRunning;
  const proof = needsProof ? await provedVersion(store, move) : {};
  const result = await store.commit({
    executionId: move.executionId,
    guard: {
      status: move.from,
      ...(fromRunning && { leaseFree: true }),
      ...(move.unexpired && { unexpired: true }),
      ...proof,
    },
    status: move.to,
    reason: move.reason ?? null,
    ...(fromRunning && { lease: { kind: "release" } }),
    ...(move.approvedBy === undefined ? {} : { approvedBy: move.approvedBy }),
    ...(move.wakeAt === undefined ? {} : { wakeAt: move.wakeAt }),
    event: {
      kind: move.kind ?? "transitioned",
      actor: move.actor ?? "unknown",
      ...(move.reason === undefined ? {} : { reason: move.reason }),
    },
  });
  if (result.kind === "moved") return result.execution;
  throw await lostRace(store, move);
}

function checkMove({ from, to }: StatusTransition): void {
  if (from.length === 0) throw new TypeError("from must name at least one status");
  const illegal = from.filter((status) => !canTransition(status, to));
  if (illegal.length > 0)
    throw new BuyonceError("ILLEGAL_TRANSITION", `No execution goes from ${illegal.join(" or ")} to ${to}.`, {
      details: { from, to },
    });
}

async function provedVersion(store: ExecutionStore, move: StatusTransition): Promise<{ version?: number }> {
  const execution = await found(store, move.executionId);
  if (!move.from.includes(execution.status)) throw notExpected(execution, move);
  const proved = settle(execution.lines);
  // Handing back is for executions of which nothing can have been bought: they may be canceled or reaped as failed.
  const holds = move.to === "approved" ? proved === "failed" : proved === move.to;
  if (holds) return { version: execution.version };
  throw new BuyonceError(
    "STATUS_NOT_PROVED_BY_LINES",
    `The lines of ${execution.id} prove ${proved}, not ${move.to}.`,
    {
      details: { requested: move.to, proved },
      current: execution,
    },
  );
}

async function lostRace(store: ExecutionStore, move: StatusTransition): Promise<BuyonceError> {
  return notExpected(await found(store, move.executionId), move);
}

/** The execution, or `EXECUTION_NOT_FOUND`. */
export async function found(store: ExecutionStore, executionId: string): Promise<Execution> {
  const execution = await store.get(executionId);
  if (execution === undefined)
    throw new BuyonceError("EXECUTION_NOT_FOUND", `No execution has the id "${executionId}".`);
  return execution;
}

function notExpected(current: Execution, { from, to }: Pick<StatusTransition, "from" | "to">): BuyonceError {
  const held = from.includes(current.status) ? ", held by a live worker or just changed" : "";
  return new BuyonceError(
    "EXECUTION_NOT_IN_EXPECTED_STATUS",
    `Execution ${current.id} is ${current.status}${held}; going to ${to} needs ${from.join(" or ")}.`,
    { current },
  );
}
