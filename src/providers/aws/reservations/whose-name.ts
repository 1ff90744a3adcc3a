import type { PurchaseOutcome } from "../../commitment-provider.js";
import { existing, type Order, type SightedReservation } from "./reservation.js";

/**
 * What it means that the name a purchase was sent under is taken, by the reservations of that name.
 *
 * It is ours, whatever its state, bought by an earlier send that nobody heard of. One that differs is left in doubt,
 * because it may be ours in another spelling.
 */
export function whoseName(named: readonly SightedReservation[], order: Order): PurchaseOutcome {
  if (named.length === 0) return { kind: "unknown", reason: "the name is taken, and nothing of that name is listed" };
  const owed = named.filter(({ sighting }) => sighting.meaning !== "void");
  const { labeled: _, differences, sighting, ...commitment } = existing(owed.length > 0 ? owed : named, order);
  if (differences.length > 0) return { kind: "unknown", reason: `the name is taken: ${differences.join("; ")}` };
  return { kind: "committed", commitment: { ...commitment, adopted: true }, ...(sighting && { sighting }) };
}
