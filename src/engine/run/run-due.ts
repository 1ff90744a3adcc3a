import { messageOf } from "../../domain/errors.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import { claimDueExecutions, type DueClaim } from "../claim/claim-execution.js";
import type { EngineContext } from "../engine-options.js";
import type { WorkMode } from "../line/work-line.js";
import type { Stop } from "../stop.js";
import { followedBy } from "./outcomes.js";
import { type RunEnd, runClaimed } from "./run-execution.js";

/** Which due executions to work on, and how. */
export interface DueWork {
  readonly from: readonly ExecutionStatus[];
  readonly mode: WorkMode;
  /** At most so many. */
  readonly limit: number;
  readonly stop: Stop;
}

/** How one of them ended. */
export interface DueEnd {
  readonly executionId: string;
  readonly from: ExecutionStatus;
  /** What it has become, also beside an error. Absent if nothing is known of it. */
  readonly ran?: RunEnd;
  readonly errors: readonly unknown[];
}

/** What was done, and whether more may be due. */
export interface DueReport {
  readonly ends: readonly DueEnd[];
  readonly more: boolean;
}

/**
 * Claims due executions and runs each at most once, and once more if it waited for a lane that a run has freed. The
 * engine's concurrency says how many run at the same time.
 *
 * The first claim takes the executions that have been due longest, for at most half of the round and half of the
 * concurrency. All later claims prefer fresh executions. So fresh work never waits behind a backlog of failed work, and
 * the backlog never starves. Workers that end at the same time share one claim, so a busy round sends few statements,
 * and no lease runs while its execution waits. If the first claim fails, its error is thrown. The failure of a later
 * claim stops only the workers that share it. A failing execution stops no worker.
 */
export async function runDue(context: EngineContext, work: DueWork): Promise<DueReport> {
  const ends: OneEnd[] = [];
  const begun = new Set<string>();
  let room = work.limit;
  let more = true;
  let wakes = 0;

  const claim = async (wanted: number, freshFirst = true): Promise<readonly DueClaim[]> => {
    const limit = Math.min(wanted, room);
    if (limit === 0 || !more || work.stop.isOver()) return [];
    room -= limit;
    const wakesBefore = wakes;
    const claims = await claimDueExecutions(context, { from: work.from, limit, freshFirst, except: [...begun] });
    room += limit - claims.length;
    // Whoever was woken while the store looked is not among those that it found.
    more &&= claims.length === limit || wakes > wakesBefore;
    for (const { session } of claims) begun.add(session.current().id);
    return claims;
  };
  const claimNext = sharing((wanted) =>
    claim(wanted).catch((thrown: unknown) => {
      context.logger.error("Claiming the next executions failed", { error: messageOf(thrown) });
      return [];
    }),
  );
  const runOneAfterTheOther = async (first?: DueClaim): Promise<void> => {
    for (let next = first ?? (await claimNext()); next !== undefined; next = await claimNext())
      note(await runOne(context, work, next));
  };
  const note = (end: OneEnd): void => {
    ends.push(end);
    for (const id of end.woken) {
      begun.delete(id);
      wakes += 1;
      more = true;
    }
  };

  const concurrency = Math.min(context.concurrency, work.limit);
  const oldest = Math.min(Math.ceil(context.concurrency / 2), Math.floor(work.limit / 2));
  const first = oldest > 0 ? await claim(oldest, false) : await claim(1);
  await Promise.all(Array.from({ length: concurrency }, (_, at) => runOneAfterTheOther(first[at])));
  return { ends: endsByExecution(ends), more };
}

/**
 * How each execution ended. An execution that was woken is run again while its run before still wakes others, so the
 * claims, and not the ends, say which run came first.
 */
function endsByExecution(ends: readonly OneEnd[]): readonly DueEnd[] {
  const byExecution = new Map<string, DueEnd>();
  for (const { woken: _, fence: __, ...end } of [...ends].sort((a, b) => a.fence - b.fence))
    byExecution.set(end.executionId, together(byExecution.get(end.executionId), end));
  return [...byExecution.values()];
}

/** How an execution ended that was run twice. */
function together(earlier: DueEnd | undefined, later: DueEnd): DueEnd {
  if (earlier === undefined) return later;
  const ran = ranTwice(earlier.ran, later.ran);
  return { ...earlier, ...(ran && { ran }), errors: [...earlier.errors, ...later.errors] };
}

const ranTwice = (earlier: RunEnd | undefined, later: RunEnd | undefined): RunEnd | undefined =>
  earlier && later ? { ...later, outcomes: followedBy(earlier.outcomes, later.outcomes) } : (later ?? earlier);

/** How one run ended. */
interface OneEnd extends DueEnd {
  /** The fence of its claim. It grows with each claim of the execution. */
  readonly fence: number;
  readonly woken: readonly string[];
}

/** Lets those who ask while an answer is under way share the next one; who gets nothing gets `undefined`. */
function sharing<One>(askFor: (wanted: number) => Promise<readonly One[]>): () => Promise<One | undefined> {
  let waiting: ((one: One | undefined) => void)[] = [];
  let isAsking = false;
  const ask = async (): Promise<void> => {
    isAsking = true;
    while (waiting.length > 0) {
      const served = waiting;
      waiting = [];
      const got = await askFor(served.length);
      for (const [at, resolve] of served.entries()) resolve(got[at]);
    }
    isAsking = false;
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (!isAsking) void ask();
    });
}

async function runOne(context: EngineContext, { mode, stop }: DueWork, { session, from }: DueClaim): Promise<OneEnd> {
  const { id: executionId, fence } = session.current();
  const failed = (error: unknown) =>
    context.logger.error("The execution failed to run", { executionId, error: messageOf(error) });
  try {
    const { woken, errors, ...ran } = await runClaimed(context, session, mode, stop);
    errors.forEach(failed);
    return { executionId, from, fence, ran, woken, errors };
  } catch (error) {
    failed(error);
    return { executionId, from, fence, woken: [], errors: [error] };
  }
}
