import { endOf, type LineItemInfo, orderName, type PlacedOrder, renewsAt, stateAt } from "./placed-order.js";

const CREATE = "LINE_ITEM_CHANGE_TYPE_CREATE";
const COMPLETED = "LINE_ITEM_CHANGE_STATE_COMPLETED";
const NOT_EFFECTIVE = /_(PENDING_APPROVAL|APPROVED|ACTIVATING)$/;
const NEVER_EFFECTIVE = /_(REJECTED|ABANDONED)$/;
const CANCELLED = /_REASON_TYPE_/;

/**
 * The order as the API shows it, at `moment`. Which of its parts hold an order that has not taken effect is not
 * documented; here its line item has a pending change.
 */
export function orderJson(order: PlacedOrder, moment: number): object {
  const state = stateAt(order, moment);
  const item = lineItemJson(order, state, moment);
  const isOver = CANCELLED.test(state) || NEVER_EFFECTIVE.test(state);
  return {
    name: orderName(order),
    displayName: order.displayName,
    ...(isOver ? { cancelledLineItems: [item] } : { lineItems: [item] }),
    createTime: timeText(order.placedAt),
    updateTime: timeText(order.doneAt),
    etag: etagOf(order),
  };
}

/** The etag, which every change of the order changes. */
export const etagOf = ({ renewals }: PlacedOrder): string => `W/"${renewals.length}"`;

function lineItemJson(order: PlacedOrder, state: string, moment: number): object {
  const lineItemId = `item-${order.number}`;
  const making = { changeId: `change-${order.number}`, changeType: CREATE, newLineItemInfo: infoJson(order.info) };
  if (NOT_EFFECTIVE.test(state)) return { lineItemId, pendingChange: { ...making, changeState: state } };
  if (NEVER_EFFECTIVE.test(state)) return { lineItemId, changeHistory: [{ ...making, changeState: state }] };
  const isCancelled = CANCELLED.test(state);
  const made = { ...making, changeState: isCancelled ? COMPLETED : state };
  const ending = { changeType: "LINE_ITEM_CHANGE_TYPE_CANCEL", changeState: COMPLETED, changeStateReasonType: state };
  return {
    lineItemId,
    lineItemInfo: { ...infoJson(order.info), subscription: subscriptionJson(order, moment) },
    changeHistory: isCancelled ? [made, ending] : [made],
  };
}

/** 64-bit numbers travel as text. */
const infoJson = ({ offer, parameters }: LineItemInfo): object => ({
  offer,
  parameters: parameters.map(({ name, value: { int64Value, ...value } }) => ({
    name,
    value: { ...value, ...(int64Value !== undefined && { int64Value: String(int64Value) }) },
  })),
});

/** A value that is false is left out, as Google's JSON does. */
function subscriptionJson(order: PlacedOrder, moment: number): object {
  const end = endOf(order);
  return {
    startTime: timeText(order.doneAt),
    ...(end !== undefined && { endTime: timeText(end) }),
    ...(renewsAt(order, moment) && { autoRenewalEnabled: true }),
  };
}

const timeText = (moment: number): string => new Date(moment).toISOString();
