import { BuyonceError, isBuyonceError } from "../../domain/errors.js";
import type { Actor } from "../../guards/actor.js";
import type { EngineContext } from "../engine-options.js";
import { mayRead } from "./reading.js";

/** What a refusal says of another execution. */
type Found = Readonly<Record<string, unknown>> & { readonly executionId: string };

/**
 * A refusal because of other baskets, without those that the actor may not read.
 *
 * That a basket is in the way must show. Whose it is shows only to those who may read it. Any other error stays as it is.
 */
export async function readableRefusal(context: EngineContext, thrown: unknown, actor: Actor): Promise<unknown> {
  if (context.authorize === undefined) return thrown;
  if (!isBuyonceError(thrown, "NEED_ALREADY_COVERED", "PLAN_STEP_TAKEN")) return thrown;
  const { code, details, current } = thrown;
  const found = (code === "NEED_ALREADY_COVERED" ? details["covered"] : [details]) as readonly Found[];
  const shown = await Promise.all(found.map((one) => ifReadable(context, one, actor)));
  if (shown.every((one) => one !== undefined)) return thrown;
  const facts = shown.map((one, at) => one ?? withoutId(found[at]));
  return new BuyonceError(code, "Refused because of a basket that you may not read.", {
    details: code === "NEED_ALREADY_COVERED" ? { covered: facts } : (facts[0] ?? {}),
    current,
  });
}

async function ifReadable(context: EngineContext, found: Found, actor: Actor): Promise<Found | undefined> {
  const execution = await context.store.get(found.executionId);
  return execution !== undefined && (await mayRead(context, execution, actor)) ? found : undefined;
}

const withoutId = (found: Found | undefined): Readonly<Record<string, unknown>> => {
  const { executionId: _, status: __, ...rest } = found ?? { executionId: "" };
  return rest;
};
