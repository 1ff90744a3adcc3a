import { BuyonceError } from "../../domain/errors.js";
import { invalidArgument } from "../../domain/input-problem.js";
import { nonBlankSchema } from "../../domain/text.js";
import type { Actor, ActorOrId } from "../../guards/actor.js";

/** The person who decides, with the id that the audit trail keeps. Throws `INVALID_REQUEST` for a missing or blank id. */
export function requireActor(field: string, said: ActorOrId): Actor {
  const actor: Actor | null = typeof said === "object" ? said : { id: said };
  if (actor === null || !nonBlankSchema().safeParse(actor.id).success)
    throw invalidArgument(
      field,
      `${said === undefined ? "is missing; " : ""}must name who decides, without control characters`,
    );
  return actor;
}

/** The refusal of a decision by link in which nobody is signed in, although the rules need to know who decides. */
export const actorRequired = (): BuyonceError =>
  new BuyonceError("ACTOR_REQUIRED", "Nothing was decided: a link proves no identity, so the recipient must sign in.");
