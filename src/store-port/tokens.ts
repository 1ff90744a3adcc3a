import type { EpochMs } from "../domain/clock.js";
import type { LinkVerb } from "../domain/link-verb.js";

export type { LinkVerb } from "../domain/link-verb.js";

/** A token that lets one recipient decide once about one execution. The store knows the hash of its secret only. */
export interface DecisionToken {
  /** The SHA-256 of the secret, as 64 lowercase hex characters. */
  readonly hash: string;
  readonly executionId: string;
  readonly verb: LinkVerb;
  /** Who decides with it. */
  readonly recipient: string;
  /** The content that it decides about: the fingerprint of the execution when the token was issued. */
  readonly contentFingerprint: string;
  readonly issuedBy: string;
  readonly issuedAt: EpochMs;
  readonly expiresAt: EpochMs;
  /** When it decided. Null while it has not. */
  readonly usedAt: EpochMs | null;
}

/**
 * What a change does with decision tokens of its execution.
 *
 * `issue` adds one for the content that the execution has, issued by the actor of the event. It runs out `validForMs` after
 * the change. `use` is the decision of a token: the change is made only if the token is not used, not revoked and not
 * expired, and is for this verb, this execution and its content; then it is used. `revoke` ends all that are not used; it
 * needs `guard.version`.
 */
export type TokenMove =
  | {
      readonly kind: "issue";
      readonly hash: string;
      readonly verb: LinkVerb;
      readonly recipient: string;
      readonly validForMs: number;
    }
  | { readonly kind: "use"; readonly hash: string; readonly verb: LinkVerb }
  | { readonly kind: "revoke" };
