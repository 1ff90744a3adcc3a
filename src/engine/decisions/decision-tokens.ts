import * as z from "zod/mini";
import { spanProblem } from "../../domain/bounds.js";
import { checked } from "../../domain/checked.js";
import type { EpochMs } from "../../domain/clock.js";
import type { Execution } from "../../domain/execution.js";
import { invalidRequest } from "../../domain/input-problem.js";
import { LINK_VERBS, type LinkVerb } from "../../domain/link-verb.js";
import { once } from "../../domain/once.js";
import { checkKeys } from "../../domain/options.js";
import { nonBlankSchema } from "../../domain/text.js";
import { type ActorOrId, isKnownId, withIdOnly } from "../../guards/actor.js";
import { linkFacts, linkHash, newLinkSecret } from "../../guards/decision-link.js";
import { changeAtVersion } from "../claim/change-at-version.js";
import type { EngineContext } from "../engine-options.js";
import { problemsIn } from "../read-options.js";
import { authorizedActor } from "./authorized-actor.js";
import { decidedAlready, UNDECIDED } from "./link-decision.js";

/** Which decision a link carries, for whom, and for how long. */
export interface DecisionTokenRequest {
  readonly verb: LinkVerb;
  /** The id of the person who gets the link, as your rules know it. The decision is recorded as this person's. */
  readonly recipient: string;
  /** By the store's clock. */
  readonly validForMs: number;
  readonly issuedBy: ActorOrId;
}

/** A token that decides once. */
export interface IssuedDecisionToken {
  /** The secret. It is shown here and never again: only its hash is stored. */
  readonly token: string;
  readonly executionId: string;
  readonly verb: LinkVerb;
  readonly recipient: string;
  readonly expiresAt: EpochMs;
}

/** Who ends the links of an execution. */
export interface TokenRevocation {
  readonly revokedBy: ActorOrId;
  readonly reason?: string;
}

const requestSchema = once(() =>
  z.strictObject({
    verb: z.enum(LINK_VERBS, `must be ${LINK_VERBS.join(" or ")}`),
    recipient: nonBlankSchema().check(z.maxLength(500), z.refine(isKnownId, "must name a person")),
    validForMs: z.custom<number>((value) => spanProblem(value) === undefined, spanProblem(Number.NaN)),
    issuedBy: nonBlankSchema(),
  }),
);

/**
 * Makes a token by which its recipient may decide once about an execution that waits for approval.
 *
 * Who holds the token can decide as its recipient, so send it to nobody else. Whether the recipient may decide is asked
 * when the token is used.
 */
export async function issueDecisionToken(
  context: EngineContext,
  executionId: string,
  request: DecisionTokenRequest,
): Promise<IssuedDecisionToken> {
  const parsed = checked(requestSchema(), withIdOnly(request, "issuedBy"));
  if (!parsed.success) throw invalidRequest(problemsIn(parsed.error, "request"));
  const { verb, recipient, validForMs } = parsed.data;
  const deciding = { verb: "issueDecisionToken", field: "issuedBy", actor: request.issuedBy, executionId } as const;
  const actor = await authorizedActor(context, deciding);
  const token = newLinkSecret();
  const hash = linkHash(token);
  const { execution } = await changeAtVersion(context.store, executionId, (current) => {
    if (!UNDECIDED.includes(current.status)) throw decidedAlready(current);
    const data = { verb, recipient, validForMs, link: linkFacts(hash).link };
    return {
      token: { kind: "issue", hash, verb, recipient, validForMs },
      event: { kind: "decision_link_issued", actor, data },
    };
  });
  const stored = await context.store.decisionToken(hash);
  return { token, executionId, verb, recipient, expiresAt: stored?.expiresAt ?? execution.updatedAt + validForMs };
}

/** Ends all tokens of an execution that nobody has used. */
export async function revokeDecisionTokens(
  context: EngineContext,
  executionId: string,
  revocation: TokenRevocation,
): Promise<Execution> {
  checkKeys<TokenRevocation>("revocation", revocation, { revokedBy: true, reason: true });
  const { revokedBy, reason } = revocation;
  const deciding = { verb: "revokeDecisionTokens", field: "revokedBy", actor: revokedBy, executionId } as const;
  const actor = await authorizedActor(context, deciding);
  const event = { kind: "decision_links_revoked", actor, ...(reason !== undefined && { reason }) } as const;
  return (await changeAtVersion(context.store, executionId, () => ({ token: { kind: "revoke" }, event }))).execution;
}
