import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { effectOf } from "../../../../call-effects.js";
import { purchaseIdOf } from "../../../../purchase-id.js";
import { SimulatedError } from "../../../../simulated-error.js";
import { StateHistory } from "../../../../state-history.js";
import { type AwsCall, type AwsOperation, operation } from "../../../aws-service.js";
import type { AwsWorld } from "../../../aws-world.js";
import { ec2Query } from "../../../protocol/ec2-query.js";
import { decimalNumber } from "../../../protocol/query-text.js";
import { totalPrice } from "../../../total-price.js";
import { checkHostOrder, type HostOrder, type HostShop, hostOrderFields, hostPurchaseXml } from "./host-order.js";
import type { HostReservation } from "./host-reservation.js";
import { hostResourceId } from "./host-resource-id.js";
import { specifiedTags, tagSpecificationsSchema } from "./tag-specification.js";

/** EC2 takes up to 64 ASCII characters. */
const CLIENT_TOKEN = /^[!-~]{1,64}$/;

const input = z.object({
  ...hostOrderFields,
  ClientToken: z.string().optional(),
  CurrencyCode: z.literal("USD").optional(),
  LimitPrice: decimalNumber.optional(),
  TagSpecification: tagSpecificationsSchema,
});
type Input = z.infer<typeof input>;

/** Buys one reservation for all the hosts, once for each client token for as long as the token is remembered. */
export function purchaseHostReservation(shop: HostShop): AwsOperation {
  return operation(ec2Query, input, (request, call) => {
    const reservation = replayed(request, call, shop) ?? buy(request, call, shop);
    const { ClientToken: clientToken, CurrencyCode: currencyCode } = request;
    return { clientToken, currencyCode, ...hostPurchaseXml(reservation, reservation.id) };
  });
}

/** The reservation that this token bought in this region, if it is still remembered. */
function replayed(request: Input, call: AwsCall, { world, shelf }: HostShop): HostReservation | undefined {
  const { ClientToken: token } = request;
  if (token === undefined) return undefined;
  if (!CLIENT_TOKEN.test(token)) throw new SimulatedError("InvalidClientToken", 400, "The client token is not valid");
  const original = shelf.boughtUnder(call, token);
  if (original === undefined || call.now >= original.purchasedAt + world.settings.clientTokenWindowMs) return undefined;
  if (isDeepStrictEqual(original.request, request)) return original;
  throw new SimulatedError(
    "IdempotentParameterMismatch",
    400,
    "The client token was used before with other parameters",
  );
}

function buy(request: Input, call: AwsCall, shop: HostShop): HostReservation {
  const tags = specifiedTags(request.TagSpecification);
  const order = checkHostOrder(request, call, shop);
  checkLimitPrice(request, order);
  const kept = effectOf(call, "lost-tag-at-creation") === undefined ? tags : {};
  const reservation = {
    ...reservationOf(order, call, shop.world),
    clientToken: request.ClientToken,
    request,
    tags: kept,
  };
  shop.shelf.add(reservation);
  return reservation;
}

// EC2 documents that such a request fails, and names no error for it.
function checkLimitPrice({ LimitPrice }: Input, { offering, hostIds }: HostOrder): void {
  if (LimitPrice === undefined || Number(totalPrice(offering.fixedPrice, hostIds.length)) <= LimitPrice) return;
  throw new SimulatedError("InvalidParameterValue", 400, "The total upfront price exceeds the limit price");
}

function reservationOf(order: HostOrder, call: AwsCall, world: AwsWorld) {
  const number = world.nextNumber();
  return {
    ...order,
    id: hostResourceId("hr", `${call.account}:${call.region}:${number}`),
    purchaseId: purchaseIdOf(number),
    account: call.account,
    region: call.region,
    purchasedAt: call.now,
    paymentPendingMs: world.settings.paymentPendingMs,
    paymentFails: effectOf(call, "payment-fails") !== undefined,
    states: new StateHistory(),
  };
}
