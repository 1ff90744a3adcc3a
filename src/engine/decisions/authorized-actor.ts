import { BuyonceError } from "../../domain/errors.js";
import type { Execution } from "../../domain/execution.js";
import type { ActorOrId } from "../../guards/actor.js";
import type { Verb } from "../../guards/authority.js";
import { isOtherPerson } from "../../guards/four-eyes.js";
import { isAuthorized } from "../ask-authority.js";
import type { EngineContext } from "../engine-options.js";
import { readMakers } from "../read-makers.js";
import { requireActor } from "./require-actor.js";

/** A decision about an execution, and the field of the call that names who decides. */
export interface Deciding {
  readonly verb: Exclude<Verb, "submit" | "freeze" | "unfreeze" | "changeLimits" | "read">;
  readonly field: string;
  readonly actor: ActorOrId;
  readonly executionId: string;
}

/** The verbs that let money move. Under `fourEyes` they need another person than those who made the execution. */
const APPROVING: readonly Verb[] = ["approve", "schedule"];

/**
 * The id of the person who decides, once the person is known to be allowed to. It is the only way to that id.
 *
 * The rules are asked before anything of the execution shows. `NOT_AUTHORIZED` names the verb and the id alone, and is
 * the same whether or not an execution has the id. Without rules, the store is not asked.
 */
export async function authorizedActor(context: EngineContext, deciding: Deciding): Promise<string> {
  const { verb, field, executionId } = deciding;
  const actor = requireActor(field, deciding.actor);
  const needsOther = context.fourEyes && APPROVING.includes(verb);
  if (context.authorize === undefined && !needsOther) return actor.id;
  const execution = await context.store.get(executionId);
  const allowed = await isAuthorized(context, { verb, actor, at: "decision", executionId, execution });
  if (!allowed || (needsOther && (await isMaker(context, execution, actor.id)))) throw notAuthorized(verb, executionId);
  return actor.id;
}

const isMaker = async ({ store }: EngineContext, execution: Execution | undefined, id: string): Promise<boolean> =>
  execution !== undefined && !isOtherPerson(id, await readMakers(store, execution));

/** The refusal of somebody who may not do something. It says nothing about the execution. */
export const notAuthorized = (verb: Verb, executionId?: string): BuyonceError =>
  new BuyonceError("NOT_AUTHORIZED", `Not authorized to ${[verb, executionId].filter(Boolean).join(" ")}.`, {
    details: { verb, ...(executionId !== undefined && { executionId }) },
  });
