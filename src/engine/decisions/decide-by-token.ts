import { isBuyonceError } from "../../domain/errors.js";
import type { Execution } from "../../domain/execution.js";
import { checkKeys } from "../../domain/options.js";
import type { Actor, ActorOrId } from "../../guards/actor.js";
import { isLinkSecret, isSameHash, linkHash } from "../../guards/decision-link.js";
import { isSamePerson } from "../../guards/four-eyes.js";
import { decisionTokenInvalid } from "../../state-machine/decision-token-invalid.js";
import type { DecisionToken } from "../../store-port/execution-store.js";
import type { EngineContext } from "../engine-options.js";
import { neededApprovals } from "../line/may-send.js";
import { approveByLink } from "./approve.js";
import { mayDecide } from "./authorized-actor.js";
import { cancelByLink } from "./cancel.js";
import { type LinkOutcome, UNDECIDED } from "./link-decision.js";
import { actorRequired, requireActor } from "./require-actor.js";

/** What is known of who uses a link. */
export interface DecisionByToken {
  /**
   * The person who is signed in, who must be the recipient. Required under `fourEyes`, and if several people must approve,
   * because a link proves possession, not identity.
   */
  readonly actor?: ActorOrId;
  readonly reason?: string;
}

const DECIDE = { approve: approveByLink, cancel: cancelByLink } as const;

/**
 * Makes the decision of a link, once.
 *
 * The rules are asked about the recipient, as they are now. Whatever is wrong with the token or with the rights of its
 * recipient, the refusal is the same (`DECISION_TOKEN_INVALID`). The token is used in the statement that decides, so a
 * rollback leaves it unused.
 */
export async function decideByToken(
  context: EngineContext,
  secret: string,
  decision: DecisionByToken = {},
): Promise<LinkOutcome<Execution>> {
  checkKeys<DecisionByToken>("decision", decision, { actor: true, reason: true });
  if (!isLinkSecret(secret)) throw decisionTokenInvalid();
  const { actor: said, reason } = decision;
  const signedIn = said === undefined ? undefined : requireActor("actor", said);
  if ((context.fourEyes || context.approvals > 1) && signedIn === undefined) throw actorRequired();
  const hash = linkHash(secret);
  const token = await findToken(context, hash);
  if (signedIn !== undefined && !isSamePerson(signedIn.id, token.recipient)) throw decisionTokenInvalid();
  const actor: Actor = { ...signedIn, id: token.recipient };
  const execution = await context.store.get(token.executionId);
  const asked = { verb: token.verb, actor, executionId: token.executionId, execution, via: "link" } as const;
  if (execution === undefined || !(await mayDecide(context, asked))) throw decisionTokenInvalid();
  if (signedIn === undefined && neededApprovals(context, execution) > 1) throw actorRequired();
  if (token.usedAt !== null) return { kind: "already_decided", execution };
  try {
    return await DECIDE[token.verb](context, { token, actor, ...(reason !== undefined && { reason }) });
  } catch (thrown) {
    return await outcomeOfAnother(context, hash, thrown);
  }
}

/** The token, unless it is unknown, revoked or expired. */
async function findToken({ store }: EngineContext, hash: string): Promise<DecisionToken> {
  const token = await store.decisionToken(hash);
  if (token === undefined || !isSameHash(token.hash, hash)) throw decisionTokenInvalid();
  return token;
}

/** What somebody has decided meanwhile. If nobody has, the refusal stands. */
async function outcomeOfAnother(
  context: EngineContext,
  hash: string,
  thrown: unknown,
): Promise<LinkOutcome<Execution>> {
  if (!isBuyonceError(thrown, "EXECUTION_NOT_IN_EXPECTED_STATUS", "DECISION_TOKEN_INVALID")) throw thrown;
  const { executionId } = await findToken(context, hash);
  const execution = await context.store.get(executionId);
  if (execution === undefined) throw decisionTokenInvalid();
  if (UNDECIDED.includes(execution.status)) throw thrown;
  return { kind: "already_decided", execution };
}
