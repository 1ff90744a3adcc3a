import type { Prepared } from "../../domain/evidence.js";
import type { ProviderContext } from "../commitment-provider.js";

/** What the write-ahead keeps of a line's `holdMs`: the time at which the purchase starts, the same in every send. */
export const heldUntil = (
  { holdMs }: { readonly holdMs?: number | undefined },
  { now }: Pick<ProviderContext, "now">,
): { readonly purchaseTime?: number } => (holdMs === undefined ? {} : { purchaseTime: now + holdMs });

/**
 * The time until which the write-ahead puts the purchase off, if it does. It is exact to the second, as signatures and
 * listings are.
 */
export function purchaseTimeIn({ detail }: Prepared): Date | undefined {
  const time = detail?.["purchaseTime"];
  if (time === undefined) return undefined;
  if (typeof time !== "number") throw new TypeError("`prepared.detail.purchaseTime` must be a number");
  return new Date(Math.floor(time / 1000) * 1000);
}
