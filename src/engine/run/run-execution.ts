import pLimit, { type LimitFunction } from "p-limit";
import { BuyonceError, isBuyonceError, messageOf } from "../../domain/errors.js";
import type { Execution } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import { isUnsettled } from "../../domain/line-state.js";
import { checkKeys } from "../../domain/options.js";
import { requireExecution } from "../../state-machine/require-execution.js";
import { claimExecution } from "../claim/claim-execution.js";
import type { ExecutionSession } from "../claim/execution-session.js";
import { retriedRead } from "../claim/retried-read.js";
import type { EngineContext } from "../engine-options.js";
import type { LabeledLine } from "../line/label-line.js";
import { recordUnrecorded } from "../line/record-evidence.js";
import { heldLanes, type LaneWait, wakeIfFree, wakeWaiters } from "../line/wake-waiters.js";
import { type LineEnd, type WorkMode, workLine } from "../line/work-line.js";
import { lineageAttempt } from "../lineage-attempt.js";
import { readMakers } from "../read-makers.js";
import type { Stop } from "../stop.js";
import { type FinishNotes, finishExecution, type WaitingLine } from "./finish-execution.js";
import { type Outcomes, outcomesOf } from "./outcomes.js";
import { BOUNDS_KEYS, type RunBounds, stopOf } from "./run-bounds.js";
import { warnOfChanges } from "./warn-of-changes.js";

/** Options of one run. */
export interface RunOptions extends RunBounds {}

const CLAIMABLE: Readonly<Record<WorkMode, readonly ExecutionStatus[]>> = {
  run: ["approved", "running", "in_doubt"],
  reconcile: ["running", "in_doubt"],
};
const NOTHING_TO_DO: readonly ExecutionStatus[] = ["running", "completed", "partially_completed", "failed"];

/** An execution after a call, and what the call made of its lines. */
export interface RunEnd {
  readonly execution: Execution;
  readonly outcomes: Outcomes;
}

/** How a run ended. */
export interface ClaimedEnd extends RunEnd {
  /** Executions that are due now, because a lane became free. */
  readonly woken: readonly string[];
  /** The gravest error of the run, if it had any. What the other lines became stands beside it. */
  readonly errors: readonly unknown[];
}

const untouched = (execution: Execution): RunEnd => ({ execution, outcomes: outcomesOf(execution, execution) });

/**
 * Claims an execution, works on every line as far as possible, and settles the execution.
 *
 * Returns the execution as it is afterwards. An execution that another worker holds or that has ended is returned
 * untouched, so a message delivered twice does no harm. An execution that may not run is refused with
 * `EXECUTION_NOT_IN_EXPECTED_STATUS`.
 */
export async function runExecution(
  context: EngineContext,
  executionId: string,
  mode: WorkMode,
  options: RunOptions = {},
): Promise<RunEnd> {
  checkKeys<RunOptions>("options", options, BOUNDS_KEYS);
  const stop = stopOf(context.clock, options);
  await recordUnrecorded(context);
  if (stop.isOver()) return untouched(await notClaimed(context, executionId, mode));
  const session = await claimExecution(context, executionId, CLAIMABLE[mode], context.worker);
  if (session === undefined) return untouched(await notClaimed(context, executionId, mode));
  const end = await runClaimed(context, session, mode, stop);
  for (const error of end.errors) throw error;
  return end;
}

/** Works on every line of an execution that is claimed already, and settles the execution. */
export async function runClaimed(
  context: EngineContext,
  session: ExecutionSession,
  mode: WorkMode,
  stop: Stop,
): Promise<ClaimedEnd> {
  const before = session.current();
  const { errors, lanes, ...notes } = await workLines(context, session, mode, stop);
  const finished = await finishExecution(context, session, notes).catch((thrown: unknown) => {
    errors.push(thrown);
  });
  const execution = finished ?? session.current();
  warnOfChanges(context, before, execution);
  const woken = await wakeFreed(context, execution, { lanes, lost: notes.waiting });
  const outcomes = outcomesOf(before, execution);
  return { execution, outcomes, woken, errors: errors.length === 0 ? [] : [gravest(errors, execution)] };
}

/** The lanes that a run has held, and the lines that lost one. */
interface RunLanes {
  readonly lanes: ReadonlySet<string>;
  readonly lost: readonly LaneWait[];
}

/** Wakes who waits for a lane that this run has freed, and this execution if its lane was freed meanwhile. */
async function wakeFreed(
  context: EngineContext,
  execution: Execution,
  { lanes, lost }: RunLanes,
): Promise<readonly string[]> {
  const held = heldLanes(execution);
  const woken = await wakeWaiters(
    context,
    [...lanes].filter((lane) => !held.has(lane)),
  );
  return (await wakeIfFree(context, execution.id, lost)) ? [...woken, execution.id] : woken;
}

/**
 * The error to throw of several. Errors that say that money moved come first. The other errors travel in its
 * `details.others`. It never says that no money moved if a line of the execution may have been bought.
 */
function gravest(errors: readonly unknown[], execution: Execution): unknown {
  const [first, ...others] = [...errors].sort((a, b) => Number(movedMoney(b)) - Number(movedMoney(a)));
  if (!isBuyonceError(first)) return first;
  const { code, message, cause, details, current = execution, moneyMoved } = first;
  const said = others.map((other) => (isBuyonceError(other) ? other.details : messageOf(other)));
  const all = others.length === 0 ? details : { ...details, others: said };
  return new BuyonceError(code, message, { cause, details: all, current, moneyMoved });
}

const movedMoney = (thrown: unknown): boolean =>
  isBuyonceError(thrown, "PURCHASE_NOT_RECORDED", "DUPLICATE_COMMITMENT");

async function notClaimed(context: EngineContext, executionId: string, mode: WorkMode): Promise<Execution> {
  const current = await requireExecution(context.store, executionId);
  const approved = mode === "reconcile" && current.status === "approved";
  if (approved || NOTHING_TO_DO.includes(current.status) || CLAIMABLE[mode].includes(current.status)) return current;
  throw new BuyonceError(
    "EXECUTION_NOT_IN_EXPECTED_STATUS",
    `Execution ${executionId} is ${current.status}; to ${mode} it, it must be ${CLAIMABLE[mode].join(", ")}.`,
    { current },
  );
}

interface WorkReport extends FinishNotes {
  readonly errors: unknown[];
  /** The lanes that lines have held. */
  readonly lanes: Set<string>;
}

/**
 * Works on all lines. Lines that waited for a lane are tried again as long as each pass leaves fewer of them waiting.
 */
async function workLines(
  context: EngineContext,
  session: ExecutionSession,
  mode: WorkMode,
  stop: Stop,
): Promise<WorkReport> {
  const limit = pLimit(context.concurrency);
  const held = heldLanes(session.current());
  const options = {
    mode,
    stop,
    lanes: held,
    lineageAttempt: await retriedRead(() => lineageAttempt(context.store, session.current())),
    makers: context.fourEyes ? await retriedRead(() => readMakers(context.store, session.current())) : undefined,
  };
  const inTurn = oneAtATime(context, session.current());
  const labeled: LabeledLine[] = [];
  const errors: unknown[] = [];
  let indices = workable(session.current());
  let lanes: readonly LaneWait[] = [];
  for (let before = Number.POSITIVE_INFINITY; indices.length > 0 && indices.length < before && !stop.isOver(); ) {
    before = indices.length;
    const ends = await Promise.allSettled(
      indices.map((index) => inTurn(index, () => limit(() => workLine(context, session, index, options)))),
    );
    for (const end of ends) {
      if (end.status === "rejected") errors.push(end.reason);
      else if (end.value.kind === "done" && end.value.labeled) labeled.push(end.value.labeled);
    }
    lanes = indices.flatMap((index, position) => waitOf(index, ends[position]));
    indices = lanes.map(({ index }) => index);
  }
  const isStopped = stop.isOver();
  return {
    labeled,
    waiting: isStopped ? [] : await withHolders(context, lanes),
    isStopped,
    errors,
    lanes: held,
  };
}

const waitOf = (index: number, end: PromiseSettledResult<LineEnd> | undefined): readonly LaneWait[] =>
  end?.status === "fulfilled" && end.value.kind === "lane" ? [{ index, lane: end.value.lane }] : [];

/** Names the holders of the lanes that lines wait for. The store is asked once for each lane. */
async function withHolders({ store }: EngineContext, waits: readonly LaneWait[]): Promise<readonly WaitingLine[]> {
  const holders = new Map<string, string>();
  for (const lane of new Set(waits.map((wait) => wait.lane))) {
    const holder = await retriedRead(() => store.laneHolder(lane)).catch(() => undefined);
    holders.set(lane, holder ? `line ${holder.lineIndex} of ${holder.executionId}` : "another line");
  }
  return waits.map(({ index, lane }) => ({ index, lane, holder: holders.get(lane) ?? "another line" }));
}

/**
 * Lets lines that are likely to share a lane wait for each other. These are lines of one service, account and region
 * whose provider has lanes. Side by side, all but one of them would look at the cloud only to find the lane taken.
 */
function oneAtATime({ providers }: EngineContext, { lines }: Execution) {
  const turns = new Map<string, LimitFunction>();
  const keys = new Map(
    lines.flatMap(({ index, request: { service, account, region } }) =>
      providers.get(service)?.inventory ? [[index, JSON.stringify([service, account, region])] as const] : [],
    ),
  );
  return (index: number, work: () => Promise<LineEnd>): Promise<LineEnd> => {
    const key = keys.get(index);
    if (key === undefined) return work();
    const turn = turns.get(key) ?? pLimit(1);
    turns.set(key, turn);
    return turn(work);
  };
}

const workable = (execution: Execution): readonly number[] =>
  execution.lines
    .filter((line) => line.state === "planned" || isUnsettled(line.state) || line.needsLabel)
    .map((line) => line.index);
