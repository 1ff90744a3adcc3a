import { checkFunctions } from "../domain/options.js";
import type { Actor } from "./actor.js";
import type { Authorize, Verb } from "./authority.js";

/**
 * The right that each verb needs. Who may cancel may also hold back, and bring back what was held. Who may issue links sees
 * their secrets, and so can decide as any recipient who need not sign in.
 */
const RIGHT_OF = {
  submit: "submit",
  approve: "approve",
  schedule: "approve",
  pause: "cancel",
  resume: "cancel",
  cancel: "cancel",
  cancelQueued: "cancel",
  retry: "retry",
  resolve: "resolve",
  markNotified: "notify",
  issueDecisionToken: "issue",
  revokeDecisionTokens: "revoke",
  freeze: "freeze",
  unfreeze: "freeze",
  changeLimits: "limits",
  read: "read",
} as const satisfies Readonly<Record<Verb, string>>;

/** A right over any execution, or only over those that the actor created. A new basket is the submitter's own. */
export type Permission = `${(typeof RIGHT_OF)[Verb]}-${"any" | "own"}`;

/** Who has which permissions. */
export interface AnyOwnPolicy {
  /**
   * The permissions of an actor as they are now. It is also asked right before a purchase, with the approver's id
   * alone, so it must find them by the id. An actor that it does not know has none.
   */
  permissionsOf(actor: Actor): readonly Permission[] | Promise<readonly Permission[]>;
}

/**
 * A policy for the engine's `authorize`: an actor needs the permission over any execution, or over its own ones.
 *
 * Nothing else is allowed: an actor without permissions may do nothing, and a permission that is not known allows
 * nothing.
 */
export function anyOwnPolicy(policy: AnyOwnPolicy): Authorize {
  checkFunctions("policy", policy, ["permissionsOf"]);
  return async ({ verb, actor, own }) => {
    const held = await policy.permissionsOf(actor);
    const right = RIGHT_OF[verb];
    return held.includes(`${right}-any`) || (own && held.includes(`${right}-own`));
  };
}
