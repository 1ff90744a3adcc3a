import { isBuyonceError } from "../../domain/errors.js";
import type { Execution } from "../../domain/execution.js";
import { checkKeys } from "../../domain/options.js";
import type { ActorOrId } from "../../guards/actor.js";
import type { StatusTransition } from "../../state-machine/check-move.js";
import { moveStatus } from "../../state-machine/transition-execution-status.js";
import type { EngineContext } from "../engine-options.js";
import { AWAITING_APPROVAL } from "./approve.js";
import { authorizedActor } from "./authorized-actor.js";

/** Who pauses an execution. */
export interface Pause {
  readonly pausedBy: ActorOrId;
  readonly reason?: string;
}

/** Pauses an execution that waits for approval. One that is paused already is returned as it is. */
export async function pauseExecution(context: EngineContext, executionId: string, pause: Pause): Promise<Execution> {
  checkKeys<Pause>("pause", pause, { pausedBy: true, reason: true });
  const deciding = { verb: "pause", field: "pausedBy", actor: pause.pausedBy, executionId } as const;
  return movedOnce(context, {
    executionId,
    from: AWAITING_APPROVAL,
    to: "paused",
    kind: "paused",
    actor: await authorizedActor(context, deciding),
    ...(pause.reason === undefined ? {} : { reason: pause.reason }),
  });
}

/** Who resumes a paused execution. */
export interface Resumption {
  readonly resumedBy: ActorOrId;
}

/** Brings a paused execution back to `pending`. One that is pending already is returned as it is. */
export async function resumeExecution(
  context: EngineContext,
  executionId: string,
  resumption: Resumption,
): Promise<Execution> {
  checkKeys<Resumption>("resumption", resumption, { resumedBy: true });
  const deciding = { verb: "resume", field: "resumedBy", actor: resumption.resumedBy, executionId } as const;
  return movedOnce(context, {
    executionId,
    from: ["paused"],
    to: "pending",
    kind: "resumed",
    actor: await authorizedActor(context, deciding),
  });
}

/** Makes a move. If the execution is where the move leads, it is returned as it is. */
async function movedOnce({ store }: EngineContext, move: StatusTransition): Promise<Execution> {
  try {
    return await moveStatus(store, move);
  } catch (thrown) {
    const current = isBuyonceError(thrown, "EXECUTION_NOT_IN_EXPECTED_STATUS") && (await store.get(move.executionId));
    if (current && current.status === move.to) return current;
    throw thrown;
  }
}
