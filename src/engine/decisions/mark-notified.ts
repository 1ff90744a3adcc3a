import * as z from "zod/mini";
import { checked } from "../../domain/checked.js";
import type { Execution } from "../../domain/execution.js";
import { checkKeys, refuse } from "../../domain/options.js";
import { nonBlankSchema } from "../../domain/text.js";
import type { ActorOrId } from "../../guards/actor.js";
import { moveStatus } from "../../state-machine/transition-execution-status.js";
import type { EngineContext } from "../engine-options.js";
import { problemsIn } from "../read-options.js";
import { authorizedActor } from "./authorized-actor.js";

/** How the approvers were told that an execution waits for them. */
export interface Notification {
  /** Where they were told: a chat room, a mail address, a ticket. */
  readonly channel: string;
  /** Who told them, such as the name of your service. */
  readonly notifiedBy: ActorOrId;
}

/**
 * Records that the approvers know: `pending` to `notified`. Call it after the message has gone out.
 *
 * Only the first call moves the execution. A later call is refused with `EXECUTION_NOT_IN_EXPECTED_STATUS`.
 */
export async function markNotified(
  context: EngineContext,
  executionId: string,
  notification: Notification,
): Promise<Execution> {
  checkKeys<Notification>("notification", notification, { channel: true, notifiedBy: true });
  const { channel } = notification;
  const parsed = checked(nonBlankSchema().check(z.maxLength(200)), channel);
  refuse(parsed.success ? [] : problemsIn(parsed.error, "channel"));
  const actor = await authorizedActor(context, {
    verb: "markNotified",
    field: "notifiedBy",
    actor: notification.notifiedBy,
    executionId,
  });
  return moveStatus(
    context.store,
    { executionId, from: ["pending"], to: "notified", kind: "notified", actor },
    { data: { channel } },
  );
}
