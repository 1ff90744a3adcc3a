import type { Sighting } from "../../commitment-provider.js";
import { type StateTable, sightingIn } from "../../state-table.js";
import type { OrderView } from "./order-view.js";

const NOT_EFFECTIVE = "The order exists, and its commitment has not taken effect yet.";

/** What the states of an order's line item mean. They are those of the changes that made and ended the line item. */
export const GCP_ORDER_STATES: StateTable = {
  line_item_change_state_pending_approval: { means: "pending", because: NOT_EFFECTIVE },
  line_item_change_state_approved: { means: "pending", because: NOT_EFFECTIVE },
  line_item_change_state_activating: { means: "pending", because: NOT_EFFECTIVE },
  line_item_change_state_completed: { means: "live", because: "The commitment has taken effect." },
  line_item_change_state_rejected: {
    means: "void",
    because: "The order was refused before it took effect, so nothing is owed.",
  },
  line_item_change_state_abandoned: {
    means: "void",
    because: "The order was given up before it took effect, so nothing is owed.",
  },
  line_item_change_state_reason_type_expired: { means: "ended", because: "The term is over." },
  line_item_change_state_reason_type_user_cancelled: {
    means: "ended",
    because: "The commitment was bought, and later cancelled by its owner.",
  },
  line_item_change_state_reason_type_system_cancelled: {
    means: "unclear",
    because: "Google cancelled the line item, and does not say whether anything is owed for it.",
  },
  cancelled_line_items: {
    means: "unclear",
    because: "The order lists its line item as cancelled, and does not say why. The word is buyonce's own.",
  },
};

const UNSPECIFIED = /_UNSPECIFIED$/;

/** What the state of an order means. An order without line items, or without a state, counts as bought. */
export const sightingOf = (order: OrderView): Sighting => sightingIn(GCP_ORDER_STATES, stateOf(order));

function stateOf({ lineItems, cancelledLineItems }: OrderView): string | undefined {
  const [item] = lineItems ?? [];
  const [cancelled] = cancelledLineItems ?? [];
  if (item !== undefined) {
    const making = [item.pendingChange, ...(item.changeHistory ?? [])].find(isMaking);
    return stated(making?.changeState);
  }
  if (cancelled === undefined) return undefined;
  const history = cancelled.changeHistory ?? [];
  const reasons = history.flatMap(({ changeStateReasonType }) => stated(changeStateReasonType) ?? []);
  const made = stated(history.find(isMaking)?.changeState);
  const isVoid = sightingIn(GCP_ORDER_STATES, made).meaning === "void";
  return reasons.at(-1) ?? (isVoid ? made : "CANCELLED_LINE_ITEMS");
}

const isMaking = (change: { readonly changeType?: string | null | undefined } | null | undefined): boolean =>
  change?.changeType === "LINE_ITEM_CHANGE_TYPE_CREATE";

const stated = (state: string | null | undefined): string | undefined =>
  state && !UNSPECIFIED.test(state) ? state : undefined;
