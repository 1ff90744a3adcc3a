import type { PurchaseHostReservationRequest } from "@aws-sdk/client-ec2";
import type { AwsDedicatedHostsRequest } from "../../../../domain/commitment-request/aws-dedicated-hosts.js";
import { priceTolerancePercent } from "../../../../domain/commitment-request/common.js";
import { withTolerance } from "../../../../domain/money.js";
import type { PurchasePermit } from "../../../purchase-permit.js";
import { clientTokenIn } from "../../client-token.js";
import { isLimitable } from "../../limit-price.js";
import { tokenTag } from "../../token-tag.js";
import { upfrontIn } from "../../upfront-price.js";

/** The one request that a permit allows; it depends on nothing but the permit, so that every resend is the same. */
export function purchaseInput({
  request,
  token,
  prepared,
}: PurchasePermit<AwsDedicatedHostsRequest>): PurchaseHostReservationRequest {
  const upfront = upfrontIn(prepared);
  // The total upfront cost of the order, "the offering's upfront cost multiplied by the host count" (EC2 API reference).
  const { amount } = withTolerance(upfront, priceTolerancePercent(request));
  return {
    OfferingId: prepared.reference,
    HostIdSet: [...request.hostIds],
    ClientToken: clientTokenIn(prepared, token),
    TagSpecifications: [{ ResourceType: "host-reservation", Tags: [tokenTag(token)] }],
    ...(isLimitable(upfront) && { LimitPrice: amount, CurrencyCode: "USD" as const }),
  };
}
