import { anySignal } from "../../domain/any-signal.js";
import { messageOf } from "../../domain/errors.js";
import { lineAt } from "../../domain/line-at.js";
import { deriveIdempotencyToken } from "../../idempotency/derive-idempotency-token.js";
import { scrubToken } from "../../idempotency/scrub-token.js";
import { requireExecution } from "../../state-machine/require-execution.js";
import { isTerminal } from "../../state-machine/transitions.js";
import type { LineRef } from "../../store-port/execution-store.js";
import type { EngineContext } from "../engine-options.js";
import { type LabeledLine, labelCommitment, labeledProgress } from "../line/label-line.js";
import { attemptFailed } from "../line/line-decision.js";
import { lineageAttempt } from "../lineage-attempt.js";
import type { Stop } from "../stop.js";
import { pauseMs } from "./finish-execution.js";

/** How many labels were set, and whether more lines may need one. */
export interface LabelReport {
  readonly labeled: number;
  readonly more: boolean;
}

/** The bounds of one round of labeling: at most `limit` lines, and none is begun once `stop` is over. */
export interface LabelWork {
  readonly limit: number;
  readonly stop: Stop;
}

/** Labels committed lines that could not be labeled when they were bought. */
export async function labelLater(context: EngineContext, { limit, stop }: LabelWork): Promise<LabelReport> {
  const refs = await context.store.unlabeled({ limit });
  let labeled = 0;
  for (const ref of refs) {
    if (stop.isOver()) return { labeled, more: true };
    try {
      if (await labelOne(context, ref, stop)) labeled += 1;
    } catch (thrown) {
      if (stop.isOver()) return { labeled, more: true };
      await postpone(context, ref, thrown).catch((failure: unknown) =>
        context.logger.error("A failed label could not be postponed", { ...ref, error: messageOf(failure) }),
      );
    }
  }
  return { labeled, more: refs.length >= limit };
}

/** Records why a label failed, and lets other lines go first for a while. */
async function postpone(context: EngineContext, ref: LineRef, thrown: unknown): Promise<void> {
  const execution = await requireExecution(context.store, ref.executionId);
  const line = lineAt(execution, ref.lineIndex);
  const error = scrubToken(messageOf(thrown), deriveIdempotencyToken(execution.lineageKey, ref.lineIndex));
  const { progress, event } = attemptFailed(line, { code: "LABEL_FAILED", message: error }, execution.updatedAt);
  const failingForMs = execution.updatedAt - (progress.lastError?.since ?? execution.updatedAt);
  const pause = { inMs: Math.max(10 * context.retryDelayMs, pauseMs(context, failingForMs)) };
  context.logger.warn("Labeling a commitment failed; a later tick tries again", { ...ref, error });
  await context.store.commit({
    executionId: execution.id,
    guard: { version: execution.version },
    // An execution that still has work to do keeps the time of its next step.
    wakeAt: isTerminal(execution.status) ? pause : (execution.wakeAt ?? pause),
    ...(line.needsLabel && { lines: [{ index: line.index, progress }] }),
    event: { ...event, actor: context.worker, lineIndex: line.index },
  });
}

async function labelOne(context: EngineContext, ref: LineRef, stop: Stop): Promise<boolean> {
  const execution = await requireExecution(context.store, ref.executionId);
  const line = lineAt(execution, ref.lineIndex);
  const provider = context.providers.get(line.request.service);
  // The line must be postponed: lines that this engine cannot label would keep all other lines waiting.
  if (provider?.label === undefined)
    throw new Error(`No registered provider can label commitments of ${line.request.service}`);
  const token = deriveIdempotencyToken(execution.lineageKey, line.index);
  const limited = anySignal([stop.signal, context.clock.timeout(context.lineTimeoutMs)]);
  const providerContext = {
    signal: limited,
    logger: context.logger,
    now: execution.updatedAt,
    lineageAttempt: await lineageAttempt(context.store, execution),
  };
  const { store } = context;
  const label = await labelCommitment({ provider, token, store, executionId: execution.id }, line, providerContext);
  return label !== undefined && recordLabel(context, ref, label);
}

/**
 * Marks the line as labeled, unless a worker holds the execution or the execution changed. Then a later tick finds the
 * label at the cloud.
 */
async function recordLabel(context: EngineContext, ref: LineRef, label: LabeledLine): Promise<boolean> {
  const execution = await requireExecution(context.store, ref.executionId);
  const line = lineAt(execution, ref.lineIndex);
  if (line.state !== "committed" || !line.needsLabel) return false;
  const result = await context.store.commit({
    executionId: execution.id,
    guard: { version: execution.version },
    lines: [{ index: line.index, progress: labeledProgress(line, label) }],
    event: {
      kind: "labeled",
      actor: context.worker,
      lineIndex: line.index,
      data: { commitmentIds: label.commitmentIds },
    },
  });
  if (result.kind === "refused" && result.because === "commitment")
    throw new Error(`${label.commitmentIds.join(", ")} is recorded for another line`);
  return result.kind === "moved";
}
