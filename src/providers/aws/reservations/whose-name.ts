import type { PurchaseOutcome } from "../../commitment-provider.js";
import { existing, isLive, type Order, type Reservation } from "./reservation.js";

/**
 * What it means that the name a purchase was sent under is taken, by the reservations of that name.
 *
 * A live one is ours, bought by an earlier send that nobody heard of. One that differs is left in doubt, because it may
 * be ours in another spelling; dead ones prove that this name can buy nothing.
 */
export function whoseName(named: readonly Reservation[], order: Order): PurchaseOutcome {
  if (named.length === 0) return { kind: "unknown", reason: "the name is taken, and nothing of that name is listed" };
  const live = named.filter(isLive);
  if (live.length === 0) {
    const dead = named.map(({ id, state }) => `${id}, which is ${state}`).join(", ");
    return { kind: "rejected", rejection: { code: "NAME_SPENT", message: `The name belongs to ${dead}.` } };
  }
  const { labeled: _, differences, ...commitment } = existing(live, order);
  if (differences.length > 0) return { kind: "unknown", reason: `the name is taken: ${differences.join("; ")}` };
  return { kind: "committed", commitment: { ...commitment, adopted: true } };
}
