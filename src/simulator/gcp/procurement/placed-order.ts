import * as z from "zod/mini";
import { knownGcpOffer } from "../../../domain/commitment-request/gcp-offers.js";
import type { StateHistory } from "../../state-history.js";

const valueSchema = z.strictObject({
  int64Value: z.optional(z.union([z.string().check(z.regex(/^-?\d{1,18}$/)), z.int()])),
  stringValue: z.optional(z.string()),
  doubleValue: z.optional(z.union([z.number(), z.string().check(z.regex(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i))])),
});

const parameterSchema = z.strictObject({ name: z.string().check(z.minLength(1)), value: valueSchema });

/** What a line item is for, as an order asks for it. */
export const lineItemInfoSchema = z.strictObject({
  offer: z
    .string()
    .check(z.regex(/^(services\/[^/]+\/standardOffers|billingAccounts\/[^/]+\/offers)\/[^/]+$/, "must name an offer")),
  parameters: z.array(parameterSchema),
});

/** What a line item is for. */
export type LineItemInfo = z.infer<typeof lineItemInfoSchema>;

/** Why the operation of an order ends without an order. */
export interface OrderFailure {
  /** The name of the status. */
  readonly status: string;
  readonly message: string;
}

/** An order that was accepted: its operation and, unless it fails, the order. */
export interface PlacedOrder {
  readonly number: number;
  readonly orderId: string;
  readonly operationId: string;
  /** The billing account. */
  readonly account: string;
  /** As sent. */
  readonly requestId?: string | undefined;
  readonly displayName: string;
  readonly info: LineItemInfo;
  readonly placedAt: number;
  readonly doneAt: number;
  readonly failure?: OrderFailure | undefined;
  readonly states: StateHistory;
  /** Each change of the renewal, with its operation. */
  readonly renewals: Renewal[];
}

/** A change of whether an order renews itself. */
export interface Renewal {
  readonly at: number;
  readonly isOn: boolean;
  readonly operationId: string;
}

/** The name of an order. */
export const orderName = ({ account, orderId }: Pick<PlacedOrder, "account" | "orderId">): string =>
  `billingAccounts/${account}/orders/${orderId}`;

/** The end of the first term; `undefined` for an offer whose term nobody knows here. */
export function endOf({ info, doneAt }: PlacedOrder): number | undefined {
  const term = knownGcpOffer(info.offer)?.term;
  if (term === undefined) return undefined;
  const end = new Date(doneAt);
  end.setUTCFullYear(end.getUTCFullYear() + (term === "1yr" ? 1 : 3));
  return end.getTime();
}

/** Whether the order renews itself, as of `moment`. */
export const renewsAt = ({ renewals }: PlacedOrder, moment: number): boolean =>
  renewals.findLast(({ at }) => at <= moment)?.isOn ?? false;

/**
 * The state of the order's line item at `moment`, in the API's words for the changes of line items: computed from what
 * is kept, so nothing has to run for it to change.
 */
export function stateAt(order: PlacedOrder, moment: number): string {
  const set = order.states.asOf(moment);
  if (set !== undefined) return set;
  if (moment < order.doneAt) return "LINE_ITEM_CHANGE_STATE_ACTIVATING";
  const end = endOf(order);
  const isOver = end !== undefined && moment >= end && !renewsAt(order, moment);
  return isOver ? "LINE_ITEM_CHANGE_STATE_REASON_TYPE_EXPIRED" : "LINE_ITEM_CHANGE_STATE_COMPLETED";
}
