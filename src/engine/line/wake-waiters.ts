import { messageOf } from "../../domain/errors.js";
import type { Execution } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import { isUnsettled } from "../../domain/line-state.js";
import type { LineRef } from "../../store-port/execution-store.js";
import type { EngineContext } from "../engine-options.js";

const MAY_WAIT: readonly ExecutionStatus[] = ["approved", "running", "in_doubt"];

/**
 * Wakes, for each of these lanes, the execution that has waited longest for it. Returns the executions that are due now.
 *
 * It only saves time: an execution that nobody wakes is tried again after its pause. So a failure is logged, and changes
 * nothing.
 */
export async function wakeWaiters(context: EngineContext, lanes: readonly string[]): Promise<readonly string[]> {
  if (lanes.length === 0) return [];
  try {
    const woken: string[] = [];
    for (const waiter of await context.store.laneWaiters(lanes))
      if (await wake(context, waiter)) woken.push(waiter.executionId);
    return woken;
  } catch (thrown) {
    context.logger.warn("Executions that wait for a lane could not be woken; they are tried again after their pause", {
      lanes: lanes.length,
      error: messageOf(thrown),
    });
    return [];
  }
}

/** A line that lost its lane to another one. */
export interface LaneWait {
  readonly index: number;
  readonly lane: string;
}

/**
 * Wakes an execution at once if one of its lines lost a lane that has become free since then.
 *
 * It looks at the lines that were tried and lost, not at all that wait: an execution that nobody could buy from would be
 * woken again and again. The store is asked once for each lane.
 */
export async function wakeIfFree(
  context: EngineContext,
  executionId: string,
  lost: readonly LaneWait[],
): Promise<boolean> {
  const indexOf = new Map(lost.map(({ lane, index }) => [lane, index]));
  for (const [lane, lineIndex] of indexOf)
    if (!(await isHeld(context, lane))) return wake(context, { executionId, lineIndex }).catch(() => false);
  return false;
}

/** Lanes count as held if the store cannot tell. */
const isHeld = ({ store }: EngineContext, lane: string): Promise<boolean> =>
  store.laneHolder(lane).then(
    (holder) => holder !== undefined,
    () => true,
  );

async function wake({ store, worker }: EngineContext, { executionId, lineIndex }: LineRef): Promise<boolean> {
  const { kind } = await store.commit({
    executionId,
    guard: { status: MAY_WAIT, leaseFree: true },
    wakeAt: null,
    event: { kind: "woken", actor: worker, reason: `The lane that line ${lineIndex} waits for is free.`, lineIndex },
  });
  return kind === "moved";
}

/** The lanes that the lines of an execution hold. */
export const heldLanes = ({ lines }: Execution): Set<string> =>
  new Set(lines.flatMap(({ state, prepared }) => (isUnsettled(state) ? (prepared?.lane ?? []) : [])));
