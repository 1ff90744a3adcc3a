import * as z from "zod/mini";
import { checked } from "../../domain/checked.js";
import { cloudOf } from "../../domain/commitment-request/commitment-request.js";
import type { Freeze, FreezeScope } from "../../domain/freeze.js";
import { newFreezeId } from "../../domain/id.js";
import { type InputProblem, invalidRequest } from "../../domain/input-problem.js";
import { once } from "../../domain/once.js";
import { didYouMean, refuse } from "../../domain/options.js";
import { nonBlankSchema } from "../../domain/text.js";
import { type ActorOrId, withIdOnly } from "../../guards/actor.js";
import { mayGovern } from "../ask-authority.js";
import type { EngineContext } from "../engine-options.js";
import { problemsIn } from "../read-options.js";
import { notAuthorized } from "./authorized-actor.js";
import { requireActor } from "./require-actor.js";

/** What to freeze, who does, and why. */
export interface FreezeRequest {
  /** Every part that is stated must match. A scope without parts covers everything. */
  readonly scope: FreezeScope;
  readonly frozenBy: ActorOrId;
  readonly reason: string;
}

/** Who lifts a freeze, and why. */
export interface UnfreezeRequest {
  readonly liftedBy: ActorOrId;
  readonly reason: string;
}

const text = once(() => nonBlankSchema().check(z.maxLength(500)));

const freezeSchema = once(() =>
  z.strictObject({
    scope: z.strictObject({ cloud: z.optional(text()), service: z.optional(text()), account: z.optional(text()) }),
    frozenBy: text(),
    reason: text(),
  }),
);

const unfreezeSchema = once(() => z.strictObject({ liftedBy: text(), reason: text() }));

/**
 * Stops every purchase of a scope, in all processes, until a person lifts the freeze.
 *
 * A request whose write-ahead was stored before may still be sent. Nothing that is known of purchases is touched: doubts
 * end, and labels are put on.
 */
export async function freezeScope(context: EngineContext, request: FreezeRequest): Promise<Freeze> {
  const parsed = checked(freezeSchema(), withIdOnly(request, "frozenBy"));
  if (!parsed.success) throw invalidRequest(problemsIn(parsed.error, "freeze"));
  const { scope, frozenBy, reason } = parsed.data;
  if (!(await mayGovern(context, "freeze", requireActor("frozenBy", request.frozenBy)))) throw notAuthorized("freeze");
  refuse([...scopeProblems(context, scope as FreezeScope)]);
  const freeze = await context.store.freeze({ id: newFreezeId(), scope: scope as FreezeScope, frozenBy, reason });
  context.logger.warn("Purchases are frozen", { ...freeze });
  return freeze;
}

/** Lifts a freeze. False if it does not hold any more. */
export async function unfreezeScope(
  context: EngineContext,
  freezeId: string,
  request: UnfreezeRequest,
): Promise<boolean> {
  const parsed = checked(unfreezeSchema(), withIdOnly(request, "liftedBy"));
  if (!parsed.success) throw invalidRequest(problemsIn(parsed.error, "unfreeze"));
  if (!(await mayGovern(context, "unfreeze", requireActor("liftedBy", request.liftedBy))))
    throw notAuthorized("unfreeze");
  const isLifted = await context.store.unfreeze({ id: freezeId, ...parsed.data });
  if (isLifted) context.logger.warn("A freeze of purchases is lifted", { freezeId, ...parsed.data });
  return isLifted;
}

/** The parts of a scope that no provider of this engine has: a misspelt freeze would stop nothing. */
function* scopeProblems({ providers }: EngineContext, { cloud, service }: FreezeScope): Generator<InputProblem> {
  const services = [...providers.keys()];
  const clouds = [...new Set(services.map(cloudOf))];
  if (service !== undefined && !services.includes(service))
    yield { path: "scope.service", problem: `"${service}" has no provider here${didYouMean(service, services)}` };
  if (cloud !== undefined && !clouds.includes(cloud))
    yield { path: "scope.cloud", problem: `"${cloud}" has no provider here${didYouMean(cloud, clouds)}` };
  if (cloud !== undefined && service !== undefined && cloudOf(service) !== cloud)
    yield { path: "scope.cloud", problem: `is not the cloud of "${service}"` };
}
