import { setTimeout } from "node:timers/promises";
import type { Commitment } from "../../domain/evidence.js";
import type { Money } from "../../domain/money.js";
import type { PurchaseOutcome } from "../commitment-provider.js";
import type { AzureConnection } from "./connect.js";
import { isOnItsWay, sightingOf } from "./order-states.js";
import type { OrderView } from "./order-view.js";

/**
 * Looks at an order until Azure has finished it or the time for that is over.
 *
 * The SDK's own pollers are not used: one ends at the first answer whatever its state, the other may never end. An
 * order that is not finished here stays in doubt. Later ticks look again, also after a crash.
 */
export async function followOrder(
  { settings, signal }: AzureConnection,
  look: () => Promise<OrderView | undefined>,
): Promise<OrderView | undefined> {
  const isUnfinished = (order: OrderView | undefined) => order === undefined || isOnItsWay(order);
  let order = await look();
  for (
    let waited = 0;
    waited < settings.pollForMs && isUnfinished(order);
    waited += Math.max(settings.pollEveryMs, 1)
  ) {
    await setTimeout(settings.pollEveryMs, undefined, { signal });
    order = await look();
  }
  return order;
}

/** What an order says of the purchase that made it. */
export function outcomeOfOrder(
  order: OrderView | undefined,
  { now }: Pick<AzureConnection, "now">,
  charge?: Money,
): PurchaseOutcome {
  if (order === undefined) return { kind: "unknown", reason: "Azure accepted the order, and does not show it yet" };
  return { kind: "committed", commitment: commitmentOf(order, charge), sighting: sightingOf(order, now) };
}

/** An order as a commitment. */
export const commitmentOf = (order: OrderView, charge?: Money): Omit<Commitment, "adopted"> => ({
  commitmentIds: [order.id],
  ...(order.startedAt !== undefined && { startedAt: order.startedAt }),
  ...(charge && { charge }),
});
