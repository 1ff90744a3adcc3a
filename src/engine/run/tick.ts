import { LONGEST_SPAN_MS, requireCount } from "../../domain/bounds.js";
import { stopwatch } from "../../domain/clock.js";
import { messageOf } from "../../domain/errors.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import { checkKeys } from "../../domain/options.js";
import { moveDueExecutions } from "../../state-machine/move-due-executions.js";
import { type ReapReport, reapStuckExecutions } from "../../state-machine/reap-stuck-executions.js";
import type { EngineContext } from "../engine-options.js";
import { recordUnrecorded } from "../line/record-evidence.js";
import { type LabelReport, labelLater } from "./label-due.js";
import { type Outcomes, sumOf } from "./outcomes.js";
import { BOUNDS_KEYS, type RunBounds, stopOf } from "./run-bounds.js";
import { runDue } from "./run-due.js";

/** Bounds of one round. */
export interface TickOptions extends RunBounds {
  /** The most executions of each kind of work. Default 50. */
  readonly limit?: number;
}

/** What one round did. */
export interface TickReport {
  readonly expired: number;
  /** Scheduled executions whose time had come. They are run like approved executions. */
  readonly fired: number;
  /** Approved executions, and running ones whose worker is gone, that were run. */
  readonly ran: number;
  readonly reconciled: number;
  /** What became of the lines of the executions that were run or reconciled. */
  readonly outcomes: Outcomes;
  readonly labeled: number;
  readonly reaped: ReapReport;
  /** Errors that were thrown after the round had begun to buy. The round went on after them. */
  readonly errors: readonly TickError[];
  /** Whether more may be due than `limit` or `deadline` let through. */
  readonly more: boolean;
}

/** An error of one execution. Without an id, it is an error of labeling or reaping as a whole. */
export interface TickError {
  readonly executionId?: string;
  readonly error: unknown;
}

/** An execution claimed from `in_doubt` counts as reconciled, any other as run. */
const CLAIMED: readonly ExecutionStatus[] = ["approved", "running", "in_doubt"];

/**
 * Runs one bounded round of everything that moves by itself. It expires executions, fires scheduled ones that are due,
 * runs executions that are approved or were left by a dead worker, reconciles executions in doubt, labels, and reaps.
 *
 * Call it from a scheduler of your own, from as many processes as you like. Processes that call it at the same time
 * work on different executions. Reaping waits for a round that reaches every due execution, and takes only what was
 * stuck when the round began. So neither a backlog nor a long round turns healthy work into failures. If the store fails
 * before anything was bought, its error is thrown. A later failure stands in the report, beside what was done.
 * `INVALID_REQUEST` refuses an unknown option, a limit that is not a positive whole number, and a deadline that lies more
 * than a day back.
 */
export async function tickOnce(context: EngineContext, options: TickOptions = {}): Promise<TickReport> {
  checkKeys<TickOptions>("options", options, { ...BOUNDS_KEYS, limit: true });
  const { limit = 50 } = options;
  const { store, reapAfterMs, logger } = context;
  requireCount("limit", limit);
  const stop = stopOf(context.clock, options);
  const passed = stopwatch(context.clock);
  await recordUnrecorded(context);
  const moved = await moveDueExecutions(context.store, { actor: context.worker, limit });
  const { ends, more } = await runDue(context, { from: CLAIMED, mode: "run", limit, stop });
  const errors: TickError[] = ends.flatMap(({ executionId, errors: thrown }) =>
    thrown.map((error) => ({ executionId, error })),
  );
  const labels = await orNoted({ context, errors }, NOTHING_LABELED, labelLater(context, { limit, stop }));
  const reaped = more
    ? NOTHING_REAPED
    : await orNoted(
        { context, errors },
        NOTHING_REAPED,
        reapStuckExecutions(store, {
          // What this round itself has handed back may have waited for the rest of it.
          reapAfterMs: Math.min(reapAfterMs + Math.ceil(passed()), LONGEST_SPAN_MS),
          ...{ logger, limit, signal: stop.signal, actor: context.worker },
        }),
      );
  const sound = ends.filter(({ errors: thrown }) => thrown.length === 0);
  const reconciled = sound.filter(({ from }) => from === "in_doubt").length;
  return {
    expired: moved.filter(({ to }) => to === "expired").length,
    fired: moved.filter(({ to }) => to === "approved").length,
    ran: sound.length - reconciled,
    reconciled,
    outcomes: sumOf(ends.flatMap(({ ran }) => (ran === undefined ? [] : [ran.outcomes]))),
    labeled: labels.labeled,
    reaped,
    errors,
    more: more || moved.length >= limit || labels.more || reaped.found >= limit,
  };
}

const NOTHING_LABELED: LabelReport = { labeled: 0, more: false };
const NOTHING_REAPED: ReapReport = { found: 0, reaped: 0, raceLost: 0, errored: 0 };

interface Notes {
  readonly context: EngineContext;
  readonly errors: TickError[];
}

/**
 * What a part of the round did. If the part fails, its error is noted, because the report of earlier purchases must not
 * be lost.
 */
async function orNoted<Done>({ context, errors }: Notes, nothing: Done, part: Promise<Done>): Promise<Done> {
  try {
    return await part;
  } catch (error) {
    context.logger.error("A part of the round failed", { error: messageOf(error) });
    errors.push({ error });
    return nothing;
  }
}
