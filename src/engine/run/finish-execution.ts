import type { EpochMs } from "../../domain/clock.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import { isUnsettled } from "../../domain/line-state.js";
import type { LineChange } from "../../store-port/execution-store.js";
import type { ExecutionSession, WorkerChange } from "../claim/execution-session.js";
import type { EngineContext } from "../engine-options.js";
import { endOfLines } from "../line/end-of-lines.js";
import { type LabeledLine, labeledProgress } from "../line/label-line.js";
import { attemptFailed } from "../line/line-decision.js";
import { linesWith } from "../line/lines-with.js";
import { approvalEnds } from "../line/may-send.js";
import { waitsForPrice } from "../line/price-drift.js";
import { boundsOf, settleWaitEnds } from "../line/settle-wait.js";
import type { LaneWait } from "../line/wake-waiters.js";
import { clause, reasonOf } from "../reason-of.js";

/**
 * Ends the work on a claim: settles the execution from its lines, or hands it back with the time of the next step.
 *
 * It is one compare-and-swap, which also marks the lines that were labeled meanwhile. Without the lease nothing is
 * changed.
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

/** Facts about lines that were learnt during the work and are written when the work ends. */
export interface FinishNotes {
  readonly labeled: readonly LabeledLine[];
  /** Planned lines whose lane another line holds, and which line that is. */
  readonly waiting: readonly WaitingLine[];
  /** Whether the work was stopped before every line was worked on. */
  readonly isStopped: boolean;
}

/** A planned line that waits for its lane. */
export interface WaitingLine extends LaneWait {
  /** Who holds the lane, in words. */
  readonly holder: string;
}

function finishing(context: EngineContext, execution: Execution, notes: FinishNotes): WorkerChange | undefined {
  // The change of its last line has ended the execution.
  if (execution.status !== "running") return undefined;
  const lines = execution.lines.flatMap((line) => noted(line, notes, execution.updatedAt));
  const labeled = notes.labeled.map((label) => label.index);
  const { reason, kind, ...end } = endOf(context, withChanges(execution, lines), notes);
  return {
    ...end,
    reason,
    release: true,
    ...(lines.length > 0 ? { lines } : {}),
    event: { kind, actor: context.worker, reason, ...(labeled.length > 0 ? { data: { labeled } } : {}) },
  };
}

function noted(line: PurchaseLine, { labeled, waiting }: FinishNotes, now: EpochMs): LineChange[] {
  const label = labeled.find((one) => one.index === line.index);
  if (label !== undefined) return [{ index: line.index, progress: labeledProgress(line, label) }];
  const wait = line.state === "planned" ? waiting.find((one) => one.index === line.index) : undefined;
  return wait ? [{ index: line.index, progress: attemptFailed(line, laneBusy(wait), now).progress }] : [];
}

const laneBusy = ({ holder, lane }: WaitingLine) => ({
  code: "LANE_BUSY",
  lane,
  message: `${holder} holds the lane; until that line is settled, the purchases of both lines could not be told apart`,
});

const withChanges = (execution: Execution, changes: readonly LineChange[]): Execution => ({
  ...execution,
  lines: linesWith(execution.lines, changes),
});

type End = Required<Pick<WorkerChange, "status" | "wakeAt">> & {
  readonly kind: "settled" | "handed_back";
  readonly reason: string;
};

function endOf(context: EngineContext, execution: Execution, { isStopped }: FinishNotes): End {
  const { lines } = execution;
  if (lines.some((line) => isUnsettled(line.state))) return doubtful(context, execution, isStopped);
  const planned = lines.filter((line) => line.state === "planned");
  if (planned.length === 0) return { kind: "settled", ...endOfLines(lines) };
  const { lastError } = planned.find((line) => line.lastError !== null) ?? {};
  return {
    kind: "handed_back",
    // `approved` means that nothing was bought so far. If a line was bought, the execution waits as `running`, without
    // a lease.
    status: lines.some((line) => line.state === "committed") ? "running" : "approved",
    wakeAt: {
      inMs: Math.min(...planned.map((line) => (isStopped && isUntried(line) ? 0 : pauseOf(context, execution, line)))),
    },
    reason: `${planned.length} of ${lines.length} lines are still to buy${lastError ? `; ${clause(lastError.message)}` : ""}.`,
  };
}

/** Whether nothing may be wrong with a line but that the work was stopped, or was before. */
const isUntried = ({ lastError }: PurchaseLine): boolean =>
  lastError === null || lastError.code === "NOT_SENT" || lastError.code === "LANE_BUSY";

/** A line that waits for people is looked at again when the approval runs out, which ends the wait. */
const pauseOf = (context: EngineContext, execution: Execution, line: PurchaseLine): number =>
  waitsForPrice(line)
    ? Math.max(context.retryDelayMs, approvalEnds(execution, context.approvalLifetimeMs) - execution.updatedAt)
    : pauseMs(context, failingFor(line, execution.updatedAt));

function doubtful(context: EngineContext, execution: Execution, isStopped: boolean): End {
  const unsettled = execution.lines.filter((line) => isUnsettled(line.state));
  const isLeft = isStopped && execution.lines.some((line) => line.state === "planned" && isUntried(line));
  const looks = unsettled.map((line) => nextLook(context, line, execution));
  const wakeAt = isLeft ? execution.updatedAt : Math.min(...looks);
  return { kind: "settled", status: "in_doubt", wakeAt, reason: reasonOf(execution.lines) };
}

/** When another look at an unsettled line may bring news, by the store's clock. */
function nextLook(context: EngineContext, line: PurchaseLine, { createdAt, updatedAt: now }: Execution): EpochMs {
  const contract = context.providers.get(line.request.service)?.idempotency;
  // The doubt is counted from the first request, if there was one.
  const later = now + pauseMs(context, now - (line.unprovedSince ?? line.submittedAt ?? createdAt));
  if (boundsOf(line, contract).kind !== "none") return later;
  // Absence proves nothing before the end of the settle wait, and presence shows only in the inventory.
  return Math.max(later, settleWaitEnds(line, contract) + 1);
}

const failingFor = ({ lastError }: PurchaseLine, now: EpochMs): number => (lastError ? now - lastError.since : 0);

/**
 * The pause before another try: a tenth of the time that the failure or the doubt has lasted.
 *
 * So the audit trail of a lasting failure grows only with the logarithm of its age: about 250 rounds in a century.
 */
export const pauseMs = (context: EngineContext, ageMs: number): number => Math.max(context.retryDelayMs, ageMs / 10);
