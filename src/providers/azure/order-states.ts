import type { EpochMs } from "../../domain/clock.js";
import type { Sighting } from "../commitment-provider.js";
import { type StateTable, sightingIn } from "../state-table.js";
import type { OrderView } from "./order-view.js";

/** What the provisioning states of orders mean: those of reservations and of savings plans alike. */
export const AZURE_ORDER_STATES: StateTable = {
  succeeded: { means: "live", because: "The order is complete, and what it bought is billed." },
  creating: { means: "pending", because: "Azure has taken the order on." },
  pendingresourcehold: { means: "pending", because: "Azure is reserving the resources." },
  confirmedresourcehold: { means: "pending", because: "The resources are reserved; the billing follows." },
  pendingcapacity: { means: "pending", because: "Recorded on the way to Succeeded, for up to 43 minutes." },
  pendingbilling: { means: "pending", because: "Azure is billing the order." },
  confirmedbilling: { means: "pending", because: "The order is billed and not complete yet." },
  created: { means: "pending", because: "The order exists and is not complete yet." },
  failed: { means: "void", because: "The purchase failed, so nothing is billed." },
  billingfailed: { means: "void", because: "The payment failed, so nothing is billed." },
  split: { means: "ended", because: "It was bought, and later divided into other reservations." },
  merged: { means: "ended", because: "It was bought, and later became a part of another reservation." },
  cancelled: {
    means: "unclear",
    because: "It stands for a purchase that was given up, and for a reservation that was bought and returned.",
  },
  expired: {
    means: "unclear",
    endedIf: "its term is over by the end that the order states",
    because: "No document says whether an order that was never completed expires too.",
  },
};

/**
 * The beginnings of states that mean `pending`, besides the states of {@link AZURE_ORDER_STATES}.
 *
 * Recordings show more states on the way, such as `ConfirmedCapacity`, than the API's types list.
 */
export const AZURE_PENDING_BEGINNINGS: readonly string[] = ["pending", "confirmed", "creat"];

const BECAME: ReadonlyMap<string, string> = new Map([
  ["split", "split into other reservations"],
  ["merged", "merged into another reservation"],
]);

/** Whether Azure still works on an order. */
export function isOnItsWay({ state = "" }: Pick<OrderView, "state">): boolean {
  const word = state.toLowerCase();
  if (Object.hasOwn(AZURE_ORDER_STATES, word)) return AZURE_ORDER_STATES[word]?.means === "pending";
  return AZURE_PENDING_BEGINNINGS.some((beginning) => word.startsWith(beginning));
}

/** What the state of an order means, at a time by the store's clock. */
export function sightingOf(order: OrderView, now: EpochMs): Sighting {
  const { state, endsAt } = order;
  if (state !== undefined && isOnItsWay(order)) return { meaning: "pending", state };
  const word = state?.toLowerCase() ?? "";
  // The end of the term explains only the states whose row says so. A cancelled order stays unclear.
  const isOver = AZURE_ORDER_STATES[word]?.endedIf !== undefined && endsAt !== undefined && endsAt < now;
  return sightingIn(AZURE_ORDER_STATES, state, { isOver, became: BECAME.get(word) });
}
