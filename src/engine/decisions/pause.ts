import type { Execution } from "../../domain/execution.js";
import { checkKeys } from "../../domain/options.js";
import { moveStatus } from "../../state-machine/transition-execution-status.js";
import type { EngineContext } from "../engine-options.js";
import { AWAITING_APPROVAL } from "./approve.js";
import { requireActor } from "./require-actor.js";

/** Who pauses an execution. */
export interface Pause {
  readonly pausedBy: string;
  readonly reason?: string;
}

/** Pauses an execution that waits for approval. */
export async function pauseExecution(context: EngineContext, executionId: string, pause: Pause): Promise<Execution> {
  checkKeys<Pause>("pause", pause, { pausedBy: true, reason: true });
  return moveStatus(context.store, {
    executionId,
    from: AWAITING_APPROVAL,
    to: "paused",
    kind: "paused",
    actor: requireActor("pausedBy", pause.pausedBy),
    ...(pause.reason === undefined ? {} : { reason: pause.reason }),
  });
}

/** Who resumes a paused execution. */
export interface Resumption {
  readonly resumedBy: string;
}

/** Brings a paused execution back to `pending`. */
export async function resumeExecution(
  context: EngineContext,
  executionId: string,
  resumption: Resumption,
): Promise<Execution> {
  checkKeys<Resumption>("resumption", resumption, { resumedBy: true });
  return moveStatus(context.store, {
    executionId,
    from: ["paused"],
    to: "pending",
    kind: "resumed",
    actor: requireActor("resumedBy", resumption.resumedBy),
  });
}
