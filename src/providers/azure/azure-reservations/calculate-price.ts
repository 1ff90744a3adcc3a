import Big from "big.js";
import * as z from "zod/mini";
import {
  AZURE_RESERVED_RESOURCE_TYPES,
  type AzureReservationsRequest,
} from "../../../domain/commitment-request/azure-reservations.js";
import type { Money } from "../../../domain/money.js";
import { checkPrice } from "../../check-price.js";
import { parseAnswer } from "../../parse-answer.js";
import { askBeforehand } from "../ask-arm.js";
import type { ArmCall, AzureConnection } from "../connect.js";
import { bareId } from "../order-view.js";
import { API_VERSION } from "../spelling.js";
import { unknownValueHint } from "../unknown-value-hint.js";
import { capacityBody } from "./bodies.js";

/** What Azure calculated, and the order id that it minted for a purchase at this price. */
export interface CalculatedPrice {
  /** The bare GUID, where Azure states it. */
  readonly orderId?: string;
  /** Over the whole term. */
  readonly price: Money;
  /** What a purchase under this order id is charged at once, where Azure says so. */
  readonly charge?: Money;
}

/** A line without its price. */
export type UnpricedReservations = Omit<AzureReservationsRequest, "expectedPrice">;

const money = z.object({ currencyCode: z.string(), amount: z.number().check(z.nonnegative()) });
const answer = z.object({
  properties: z.object({
    reservationOrderId: z.nullish(z.string()),
    billingCurrencyTotal: money,
    // A schedule states the charge, which is not compared. What cannot be read of it is left out.
    paymentSchedule: z.nullish(z.array(z.object({ billingCurrencyTotal: z.catch(z.nullish(money), undefined) }))),
  }),
});

/**
 * Has Azure calculate what a line costs. Throws `PRICE_DRIFT` if the price is not as expected.
 *
 * The totals are those of the billing currency. `netTotal`, `taxTotal` and `grandTotal` are 0 in every recording of
 * this call and are not read. Monthly plans state what is due at once as the first row of their schedule. Upfront plans
 * have no schedule.
 */
export async function calculatePrice(
  connection: AzureConnection,
  request: AzureReservationsRequest,
  displayName: string,
): Promise<CalculatedPrice> {
  const calculated = await askPrice(connection, request, displayName);
  checkPrice(request, calculated.price);
  return calculated;
}

/** Has Azure calculate what a line costs that has no price yet. */
export async function askPrice(
  connection: AzureConnection,
  request: UnpricedReservations,
  displayName: string,
): Promise<CalculatedPrice> {
  const path = `/providers/Microsoft.Capacity/calculatePrice?api-version=${API_VERSION}`;
  const call: ArmCall = { method: "POST", path, body: capacityBody(request, displayName) };
  const body = await askBeforehand(connection, call, typeHint(request));
  const { reservationOrderId, billingCurrencyTotal, paymentSchedule } = parseAnswer(
    answer,
    body,
    "calculated price",
  ).properties;
  const price = moneyOf(billingCurrencyTotal);
  const due = request.payment === "all_upfront" ? billingCurrencyTotal : paymentSchedule?.[0]?.billingCurrencyTotal;
  const orderId = bareId(reservationOrderId ?? "");
  return { ...(orderId !== "" && { orderId }), price, ...(due && { charge: moneyOf(due) }) };
}

/** What to say of a resource type if Azure refuses it: nothing of a known one. */
const typeHint = ({ reservedResourceType: type }: UnpricedReservations): string =>
  unknownValueHint("reserved resource type", type, AZURE_RESERVED_RESOURCE_TYPES);

const moneyOf = ({ currencyCode, amount }: z.infer<typeof money>): Money => ({
  amount: new Big(amount).toFixed(),
  currency: currencyCode,
});
