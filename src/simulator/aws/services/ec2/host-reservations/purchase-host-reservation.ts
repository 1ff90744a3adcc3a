import { isDeepStrictEqual } from "node:util";
import * as z from "zod/mini";
import { effectOf } from "../../../../call-effects.js";
import { purchaseIdOf } from "../../../../purchase-id.js";
import { SimulatedError } from "../../../../simulated-error.js";
import { type AwsCall, type AwsOperation, operation } from "../../../aws-service.js";
import type { AwsWorld } from "../../../aws-world.js";
import { ec2Query } from "../../../protocol/ec2-query.js";
import { decimalNumber } from "../../../protocol/query-text.js";
import { purchaseFacts } from "../../../purchase-facts.js";
import { TagHistory } from "../../../tag-history.js";
import { totalPrice } from "../../../terms-and-prices.js";
import { specifiedTags, tagSpecificationsOf } from "../tag-specifications.js";
import { instanceFamilyOf } from "./dedicated-hosts.js";
import { findHostOffering, type HostOffering, hostResourceId, hostTermsXml } from "./host-offering.js";
import type { HostReservation, HostReservationsShelf } from "./host-reservation.js";

/** The parameters that say what is bought, of the preview and of the purchase. */
const hostOrderFields = {
  HostIdSet: z.array(z.string()).check(
    z.minLength(1),
    z.refine((ids) => new Set(ids).size === ids.length, "A host is named twice"),
  ),
  OfferingId: z.string(),
};

/** Hosts, and the offering to reserve them by. */
interface HostOrder {
  readonly hostIds: readonly string[];
  readonly offering: HostOffering;
}

/** What the operations on host reservations work with. */
interface HostShop {
  readonly world: AwsWorld;
  readonly shelf: HostReservationsShelf;
}

/** EC2 takes up to 64 ASCII characters. */
const CLIENT_TOKEN = /^[!-~]{1,64}$/;

const input = z.object({
  ...hostOrderFields,
  ClientToken: z.optional(z.string()),
  CurrencyCode: z.optional(z.literal("USD")),
  LimitPrice: z.optional(decimalNumber),
  TagSpecification: tagSpecificationsOf("host-reservation"),
});
type Input = z.infer<typeof input>;

/** Says what a purchase would cost, with all checks of the purchase. */
export function getHostReservationPurchasePreview(shop: HostShop): AwsOperation {
  return operation(ec2Query, z.object(hostOrderFields), (request, call) =>
    hostPurchaseXml(checkHostOrder(request, call, shop)),
  );
}

/** Buys one reservation for all the hosts, once for each client token for as long as the token is remembered. */
export function purchaseHostReservation(shop: HostShop): AwsOperation {
  return operation(ec2Query, input, (request, call) => {
    const reservation = replayed(request, call, shop) ?? buy(request, call, shop);
    const { ClientToken: clientToken, CurrencyCode: currencyCode } = request;
    return { clientToken, currencyCode, ...hostPurchaseXml(reservation, reservation.id) };
  });
}

/** The reservation that this token bought in this region, if the token is still remembered. */
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
  const reservation = {
    ...reservationOf(order, call, shop.world),
    clientToken: request.ClientToken,
    request,
    tags: new TagHistory(),
  };
  if (effectOf(call, "lost-tag-at-creation") === undefined) reservation.tags.setFromTheStart(tags);
  shop.shelf.add(reservation);
  return reservation;
}

// EC2 documents that such a request fails. Of its error codes, this is the one for it.
function checkLimitPrice({ LimitPrice }: Input, { offering, hostIds }: HostOrder): void {
  if (LimitPrice === undefined || Number(totalPrice(offering.fixedPrice, hostIds.length)) <= LimitPrice) return;
  throw new SimulatedError("LimitPriceExceeded", 400, "The total upfront price exceeds the limit price");
}

function reservationOf(order: HostOrder, call: AwsCall, world: AwsWorld) {
  const number = world.nextNumber();
  return {
    ...order,
    id: hostResourceId("hr", `${call.account}:${call.region}:${number}`),
    purchaseId: purchaseIdOf(number),
    ...purchaseFacts(call, world),
    region: call.region,
  };
}

/** Refuses hosts that do not exist, are of another family than the offering, or have a reservation already. */
function checkHostOrder(
  request: { readonly HostIdSet: readonly string[]; readonly OfferingId: string },
  call: AwsCall,
  { world, shelf }: HostShop,
): HostOrder {
  const offering = findHostOffering(world, call.region, request.OfferingId);
  for (const hostId of request.HostIdSet) {
    if (instanceFamilyOf(hostId) !== offering.instanceFamily) {
      throw new SimulatedError(
        "InvalidInstanceFamily",
        400,
        `The offering is not for the instance family of '${hostId}'`,
      );
    }
    if (shelf.isCovered(hostId, call)) {
      throw new SimulatedError(
        "HostAlreadyCoveredByReservation",
        400,
        `'${hostId}' is already covered by a reservation`,
      );
    }
  }
  return { hostIds: request.HostIdSet, offering };
}

/** The answer to the preview and to the purchase. */
function hostPurchaseXml({ offering, hostIds }: HostOrder, reservationId?: string): object {
  const terms = hostTermsXml(offering, hostIds.length);
  return {
    purchase: { item: { ...terms, hostIdSet: { item: hostIds }, hostReservationId: reservationId } },
    totalHourlyPrice: terms.hourlyPrice,
    totalUpfrontPrice: terms.upfrontPrice,
  };
}
