import type { Execution, PurchaseLine } from "../domain/execution.js";
import { isUnsettled } from "../domain/line-state.js";
import { settle } from "../state-machine/settle.js";
import type { LineChange } from "../store-port/execution-store.js";
import type { EngineContext } from "./engine-options.js";
import type { ExecutionSession, WorkerChange } from "./execution-session.js";
import { type LabeledLine, labeledProgress } from "./label-lines.js";
import { settleWaitEnds } from "./settle-wait.js";

/**
 * Ends this worker's part: settles the execution from its lines, or hands it back with the time of the next step.
 *
 * One compare-and-swap, which also marks the lines labeled meanwhile. Without the lease nothing is changed.
 */
export async function finishExecution(
  context: EngineContext,
  session: ExecutionSession,
  notes: FinishNotes,
): Promise<Execution> {
  const written = await session.write((execution) => finishing(context, execution, notes));
  if (written.kind === "moved") return written.execution;
  if (written.because === "commitment" && notes.labeled.length > 0)
    return finishExecution(context, session, { ...notes, labeled: [] });
  return session.current();
}

/** What was learnt about lines while they were worked on, and is written when the work ends. */
export interface FinishNotes {
  readonly labeled: readonly LabeledLine[];
  /** Planned lines whose lane another line holds. */
  readonly waiting: readonly number[];
}

function finishing(context: EngineContext, execution: Execution, notes: FinishNotes): WorkerChange {
  const lines = execution.lines.flatMap((line) => noted(line, notes));
  const labeled = notes.labeled.map((label) => label.index);
  const { reason, kind, ...end } = endOf(context, withChanges(execution, lines));
  return {
    ...end,
    reason,
    release: true,
    ...(lines.length > 0 ? { lines } : {}),
    event: { kind, actor: context.worker, reason, ...(labeled.length > 0 ? { data: { labeled } } : {}) },
  };
}

const LANE_BUSY = {
  code: "LANE_BUSY",
  message: "another line that cannot be told apart at the cloud is not settled yet",
};

function noted(line: PurchaseLine, { labeled, waiting }: FinishNotes): LineChange[] {
  const label = labeled.find((one) => one.index === line.index);
  if (label !== undefined) return [{ index: line.index, progress: labeledProgress(line, label) }];
  const isWaiting = line.state === "planned" && waiting.includes(line.index);
  return isWaiting ? [{ index: line.index, progress: { ...line, lastError: LANE_BUSY } }] : [];
}

const withChanges = (execution: Execution, changes: readonly LineChange[]): Execution => ({
  ...execution,
  lines: execution.lines.map((line) => ({
    ...line,
    ...changes.find((change) => change.index === line.index)?.progress,
  })),
});

type End = Required<Pick<WorkerChange, "status" | "wakeAt">> & {
  readonly kind: "settled" | "handed_back";
  readonly reason: string;
};

function endOf(context: EngineContext, execution: Execution): End {
  const { lines } = execution;
  if (lines.some((line) => isUnsettled(line.state))) return doubtful(context, execution);
  const planned = lines.filter((line) => line.state === "planned");
  if (planned.length === 0) return { kind: "settled", status: settle(lines), wakeAt: null, reason: tally(lines) };
  const troubled = planned.find((line) => line.lastError !== null);
  return {
    kind: "handed_back",
    // Approved means that nothing was bought so far; where something was, it waits as running, without a lease.
    status: lines.some((line) => line.state === "committed") ? "running" : "approved",
    wakeAt: { inMs: pauseMs(context, execution.updatedAt - execution.createdAt) },
    reason: `${planned.length} of ${lines.length} lines are still to buy${troubled?.lastError ? `; ${troubled.lastError.message}` : ""}.`,
  };
}

function doubtful(context: EngineContext, execution: Execution): End {
  const unsettled = execution.lines.filter((line) => isUnsettled(line.state));
  const reasons = unsettled.map(
    (line) => `line ${line.index}: ${line.doubt?.reason ?? "a request may have been sent"}`,
  );
  const wakeAt = Math.min(...unsettled.map((line) => nextLook(context, line, execution.updatedAt)));
  return { kind: "settled", status: "in_doubt", wakeAt, reason: `${reasons.join("; ")}.` };
}

/** When looking at an unsettled line again may get anywhere, by the store's clock. */
function nextLook(context: EngineContext, line: PurchaseLine, now: number): number {
  const contract = context.providers.get(line.request.service)?.idempotency;
  // Each resend is submitted anew; how long nobody has known is counted from the first request.
  const later = now + pauseMs(context, now - (line.unprovedSince ?? line.submittedAt ?? now));
  if (contract === undefined || contract.kind !== "none") return later;
  // Absence proves nothing before the end of the wait, and presence shows only in the inventory.
  return Math.max(later, settleWaitEnds(line, contract) + 1);
}

const LONGEST_PAUSE_MS = 900_000;

/** The pause before another try: a tenth of the time that the trouble may have lasted, so that its trail stays short. */
const pauseMs = (context: EngineContext, ageMs: number): number =>
  Math.max(context.retryDelayMs, Math.min(ageMs / 10, LONGEST_PAUSE_MS));

function tally(lines: readonly PurchaseLine[]): string {
  const count = (state: PurchaseLine["state"]) => lines.filter((line) => line.state === state).length;
  return `${count("committed")} of ${lines.length} lines are committed, ${count("rejected")} rejected, ${count("skipped")} skipped.`;
}
