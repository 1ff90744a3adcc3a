import type { Sighting } from "../../commitment-provider.js";
import { type StateTable, sightingIn } from "../../state-table.js";
import type { LineItem, OrderView } from "./order-view.js";

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

/**
 * What the state of an order means. An order without line items, or without a state, counts as bought.
 *
 * An order is void only if every line item of it is, and a line item only if every change that was to make it is.
 */
export function sightingOf({ lineItems, cancelledLineItems }: OrderView): Sighting {
  const states = [...(lineItems ?? []).map(makingState), ...(cancelledLineItems ?? []).map(endingState)];
  return sightingIn(GCP_ORDER_STATES, firstOwed(states));
}

/** The state of the change that made a line item. */
const makingState = ({ pendingChange, changeHistory }: LineItem): string | undefined =>
  firstOwed([pendingChange, ...(changeHistory ?? [])].filter(isMaking).map((change) => stated(change?.changeState)));

/** Why a line item was cancelled, where Google says so. */
function endingState(item: LineItem): string | undefined {
  const reasons = (item.changeHistory ?? []).flatMap((change) => stated(change.changeStateReasonType) ?? []);
  const made = makingState(item);
  return reasons.at(-1) ?? (isVoid(made) ? made : "CANCELLED_LINE_ITEMS");
}

/** The first state by which something may be owed, or else the first. An unknown state may be. */
const firstOwed = (states: readonly (string | undefined)[]): string | undefined =>
  states.every(isVoid) ? states[0] : states.find((state) => !isVoid(state));

const isVoid = (state: string | undefined): boolean => sightingIn(GCP_ORDER_STATES, state).meaning === "void";

const isMaking = (change: { readonly changeType?: string | null | undefined } | null | undefined): boolean =>
  change?.changeType === "LINE_ITEM_CHANGE_TYPE_CREATE";

const stated = (state: string | null | undefined): string | undefined =>
  state && !UNSPECIFIED.test(state) ? state : undefined;
