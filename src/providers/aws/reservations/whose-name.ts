import type { PurchaseOutcome } from "../../commitment-provider.js";
import { existing, type Order, type SightedReservation } from "./reservation.js";

/**
 * The outcome of a purchase whose name is taken, judged by the reservations of that name.
 *
 * Such a reservation is ours, whatever its state: an earlier request bought it, and its answer was lost. A reservation
 * that differs is left in doubt, because it may be ours in another spelling.
 */
export function whoseName(named: readonly SightedReservation[], order: Order): PurchaseOutcome {
  if (named.length === 0) return { kind: "unknown", reason: "the name is taken, and nothing of that name is listed" };
  const owed = named.filter(({ sighting }) => sighting.meaning !== "void");
  const { labeled: _, differences, sighting, ...commitment } = existing(owed.length > 0 ? owed : named, order);
  if (differences.length > 0) return { kind: "unknown", reason: `the name is taken: ${differences.join("; ")}` };
  return { kind: "committed", commitment: { ...commitment, adopted: true }, ...(sighting && { sighting }) };
}
