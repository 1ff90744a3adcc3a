import { EXECUTION_STATUSES, type ExecutionStatus } from "../domain/execution-status.js";
import { invalidArgument } from "../domain/input-problem.js";
import { LINE_STATES, type LineState } from "../domain/line-state.js";

/** Who may make a move. */
export type Mover = "submitter" | "approver" | "person" | "tick" | "worker" | "reaper" | "late evidence";

type Moves = Readonly<Partial<Record<ExecutionStatus, readonly Mover[]>>>;

/**
 * Every move that an execution can make, and who makes it. It is the only source of the guard, the diagram in the docs
 * and the property tests.
 */
export const TRANSITION_MOVERS = {
  pending: {
    notified: ["submitter"],
    scheduled: ["approver"],
    paused: ["person"],
    approved: ["approver"],
    canceled: ["person"],
    expired: ["tick"],
  },
  notified: {
    scheduled: ["approver"],
    paused: ["person"],
    approved: ["approver"],
    canceled: ["person"],
    expired: ["tick"],
  },
  paused: { pending: ["person"], canceled: ["person"] },
  scheduled: { approved: ["tick", "person"], canceled: ["person"] },
  approved: { running: ["worker"], failed: ["reaper"], canceled: ["person", "reaper"] },
  running: {
    completed: ["worker", "reaper", "person"],
    partially_completed: ["worker", "reaper", "person"],
    failed: ["worker", "reaper", "person"],
    in_doubt: ["worker", "reaper", "person"],
    approved: ["worker"],
    canceled: ["person", "worker", "reaper"],
  },
  in_doubt: {
    running: ["worker"],
    completed: ["person", "late evidence"],
    partially_completed: ["person", "late evidence"],
    failed: ["person"],
    canceled: ["person"],
  },
  failed: { completed: ["late evidence"], partially_completed: ["late evidence"] },
  partially_completed: { completed: ["late evidence"] },
  completed: {},
  canceled: {},
  expired: {},
} as const satisfies Readonly<Record<ExecutionStatus, Moves>>;

/** From each status, the statuses it may go to. */
export const TRANSITIONS: Readonly<Record<ExecutionStatus, readonly ExecutionStatus[]>> = Object.freeze(
  Object.fromEntries(
    EXECUTION_STATUSES.map((from) => [
      from,
      Object.freeze(EXECUTION_STATUSES.filter((to) => to in TRANSITION_MOVERS[from])),
    ]),
  ) as Record<ExecutionStatus, readonly ExecutionStatus[]>,
);

/** Whether the table has the move. */
export function canTransition(from: ExecutionStatus, to: ExecutionStatus): boolean {
  checkStatus("from", from);
  checkStatus("to", to);
  return TRANSITIONS[from].includes(to);
}

/** Whether an execution with this status has ended. Only late evidence of a commitment can still move it. */
export function isTerminal(status: ExecutionStatus): boolean {
  checkStatus("status", status);
  return Object.values<readonly Mover[]>(TRANSITION_MOVERS[status]).every((movers) =>
    movers.every((mover) => mover === "late evidence"),
  );
}

function checkStatus(path: string, status: ExecutionStatus): void {
  if (!EXECUTION_STATUSES.includes(status))
    throw invalidArgument(path, `must be one of ${EXECUTION_STATUSES.join(", ")}, got ${String(status)}`);
}

/**
 * Every change of state that a line can make. `committed` absorbs every other state: evidence of a commitment is always
 * right. Only a person's own word can be taken back, see {@link CORRECTIONS}.
 */
export const LINE_TRANSITIONS: Readonly<Record<LineState, readonly LineState[]>> = {
  // in_doubt and rejected: the guard or prepare refused for good before anything was sent.
  planned: ["submitting", "committed", "rejected", "in_doubt", "skipped"],
  // skipped: canceled by a person, and proved not to have landed.
  submitting: ["committed", "rejected", "in_doubt", "planned", "skipped"],
  // submitting: a resend under the same token, where the cloud dedupes.
  in_doubt: ["committed", "rejected", "planned", "submitting", "skipped"],
  rejected: ["committed"],
  skipped: ["committed"],
  committed: [],
};

/**
 * What else a line may become if it has its state by a person's word. Another resolution may correct that word, or the
 * cloud's own answer to another line may put the line in doubt.
 */
export const CORRECTIONS: Readonly<Partial<Record<LineState, readonly LineState[]>>> = {
  committed: ["rejected", "in_doubt"],
};

/** Whether a line may make this change. It may always stay in its state, with new evidence. */
export const canLineTransition = (from: LineState, to: LineState): boolean =>
  from === to || (LINE_STATES.includes(to) && LINE_TRANSITIONS[from].includes(to));
