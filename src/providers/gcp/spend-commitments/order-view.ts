import * as z from "zod/mini";
import { parseAnswer } from "../../parse-answer.js";
import type { OrdersConnection } from "./connect-orders.js";

const time = z.nullish(z.string());

const infoSchema = z.object({
  offer: z.nullish(z.string()),
  parameters: z.nullish(
    z.array(
      z.object({
        name: z.nullish(z.string()),
        value: z.nullish(
          // 64-bit numbers travel as text, and doubles may.
          z.object({
            int64Value: z.optional(z.unknown()),
            stringValue: z.nullish(z.string()),
            doubleValue: z.optional(z.unknown()),
          }),
        ),
      }),
    ),
  ),
  subscription: z.nullish(z.object({ startTime: time, endTime: time, autoRenewalEnabled: z.nullish(z.boolean()) })),
});

const changeSchema = z.object({
  changeType: z.nullish(z.string()),
  changeState: z.nullish(z.string()),
  changeStateReasonType: z.nullish(z.string()),
  newLineItemInfo: z.nullish(infoSchema),
});

const lineItemSchema = z.object({
  lineItemId: z.nullish(z.string()),
  lineItemInfo: z.nullish(infoSchema),
  pendingChange: z.nullish(changeSchema),
  changeHistory: z.nullish(z.array(changeSchema)),
});

const orderSchema = z.object({
  name: z.string().check(z.regex(/^billingAccounts\/[^/]+\/orders\/[^/]+$/, "must be the name of an order")),
  displayName: z.nullish(z.string()),
  lineItems: z.nullish(z.array(lineItemSchema)),
  cancelledLineItems: z.nullish(z.array(lineItemSchema)),
  createTime: time,
  etag: z.nullish(z.string()),
});

/** A line item of an order. */
export type LineItem = z.infer<typeof lineItemSchema>;

/** What a line item is for. */
export type LineItemInfo = z.infer<typeof infoSchema>;

/** An order as Google shows it. */
export type OrderView = z.infer<typeof orderSchema>;

/** Reads an order; throws for an answer that is no order. */
export const readOrder = (answer: unknown): OrderView => parseAnswer(orderSchema, answer, "order");

const named = z.object({ displayName: z.nullish(z.string()) });

/**
 * Every order of the billing account that has one of these display names, whatever its state. Of the other orders,
 * which may be of anything that is sold on the marketplace, nothing else is read.
 */
export async function ordersNamed(
  connection: OrdersConnection,
  names: readonly string[],
): Promise<readonly OrderView[]> {
  const isNamed = (row: unknown) => names.includes(parseAnswer(named, row, "order").displayName ?? "");
  return (await connection.list()).filter(isNamed).map(readOrder);
}

/** The line item of an order, and what it is for. */
export function itemOf({ lineItems, cancelledLineItems }: OrderView) {
  const [item] = [...(lineItems ?? []), ...(cancelledLineItems ?? [])];
  const made = [item?.pendingChange, ...(item?.changeHistory ?? [])].map((change) => change?.newLineItemInfo);
  return { id: item?.lineItemId ?? undefined, info: item?.lineItemInfo ?? made.find(Boolean) ?? undefined };
}
