import * as z from "zod/mini";
import { checked } from "../../domain/checked.js";
import { BuyonceError, isBuyonceError } from "../../domain/errors.js";
import type { Execution } from "../../domain/execution.js";
import { invalidArgument, invalidRequest } from "../../domain/input-problem.js";
import { once } from "../../domain/once.js";
import { nonBlankSchema } from "../../domain/text.js";
import { type ActorOrId, withIdOnly } from "../../guards/actor.js";
import { limitFree } from "../../guards/limits/limit-free.js";
import type { StatusTransition } from "../../state-machine/check-move.js";
import { type MoveOptions, moveStatus } from "../../state-machine/transition-execution-status.js";
import type { LimitSet, LimitUse } from "../../store-port/execution-store.js";
import { mayGovern } from "../ask-authority.js";
import type { EngineContext } from "../engine-options.js";
import { problemsIn } from "../read-options.js";
import { notAuthorized } from "./authorized-actor.js";
import { requireActor } from "./require-actor.js";

/** What a limit has counted in its current period, and what is left. */
export type LimitStatus = LimitUse & {
  /** What may still be approved, as a decimal. `0` if more than the limit is used. */
  readonly free: string;
};

/** Who replaces the stored limits, and why. */
export interface LimitsDecision {
  readonly changedBy: ActorOrId;
  readonly reason: string;
}

const text = once(() => nonBlankSchema().check(z.maxLength(500)));

const decisionSchema = once(() => z.strictObject({ changedBy: text(), reason: text() }));

/** Makes an approval under the limits of this engine. The first approval stores them, unless it is part of a transaction. */
export async function moveWithinLimits(
  context: EngineContext,
  move: StatusTransition,
  approved: Pick<MoveOptions, "data" | "token">,
): Promise<Execution> {
  const { store, limits, approvals: approvalsNeeded } = context;
  if (limits === null) return await moveStatus(store, move, { ...approved, approvalsNeeded });
  const options = { ...approved, approvalsNeeded, limits: limits.fingerprint };
  return await moveStatus(store, move, options).catch(async (thrown: unknown) => {
    const isFirst = isBuyonceError(thrown, "LIMIT_DEFINITION_DIFFERS") && thrown.details?.["fingerprint"] === null;
    if (!isFirst || !context.storesFirstLimits) throw thrown;
    await storeFirst(context, limits);
    return await moveStatus(store, move, options);
  });
}

/** Stores the limits of this engine if none were ever stored. Of racing processes one wins. */
const storeFirst = ({ store, worker }: EngineContext, set: LimitSet) =>
  store.changeLimits({ set, replaces: null, changedBy: worker, reason: "The first limits of this store." });

/** The stored limits with what they have counted. Those of this engine are stored first, if none ever were. */
export async function currentLimits(context: EngineContext): Promise<readonly LimitStatus[]> {
  const { store, limits } = context;
  if (limits !== null) {
    const result = await storeFirst(context, limits);
    if (result.kind === "differs") throw differs(result.fingerprint);
  }
  const { uses } = (await store.limits()) ?? { uses: [] };
  return uses.map((use) => ({ ...use, free: limitFree(use) }));
}

/** Stores the limits of this engine in place of those that are stored. */
export async function changeLimits(context: EngineContext, decision: LimitsDecision): Promise<readonly LimitStatus[]> {
  const parsed = checked(decisionSchema(), withIdOnly(decision, "changedBy"));
  if (!parsed.success) throw invalidRequest(problemsIn(parsed.error, "changeLimits"));
  const { changedBy, reason } = parsed.data;
  if (!(await mayGovern(context, "changeLimits", requireActor("changedBy", decision.changedBy))))
    throw notAuthorized("changeLimits");
  const { store, limits, logger } = context;
  if (limits === null) throw invalidArgument("limits", "is missing in the options of this engine");
  const stored = await store.limits();
  const result = await store.changeLimits({ set: limits, replaces: stored?.fingerprint ?? null, changedBy, reason });
  if (result.kind === "differs") throw differs(result.fingerprint);
  logger.warn("The spending limits are changed", { changedBy, reason, limits: limits.limits });
  return await currentLimits(context);
}

const differs = (fingerprint: string | null): BuyonceError =>
  new BuyonceError("LIMIT_DEFINITION_DIFFERS", "Other limits are stored than those of this engine.", {
    details: { fingerprint },
  });
