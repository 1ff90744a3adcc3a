import type { PurchaseReservedInstancesOfferingRequest } from "@aws-sdk/client-ec2";
import type { AwsEc2Request } from "../../../../domain/commitment-request/aws-ec2.js";
import { priceTolerancePercent } from "../../../../domain/commitment-request/common.js";
import { withTolerance } from "../../../../domain/money.js";
import type { PurchasePermit } from "../../../purchase-permit.js";
import { purchaseTimeIn } from "../../held-purchase.js";
import { isLimitable } from "../../limit-price.js";
import { upfrontIn } from "../../upfront-price.js";

/**
 * The one request that a permit allows; it depends on nothing but the permit.
 *
 * The limit is the total of the order, not the price of one instance ("instance count * price", error
 * LimitPriceExceeded of the EC2 API).
 */
export function purchaseInput({
  request,
  prepared,
}: PurchasePermit<AwsEc2Request>): PurchaseReservedInstancesOfferingRequest {
  const upfront = upfrontIn(prepared);
  const limit = withTolerance(upfront, priceTolerancePercent(request));
  const startsAt = purchaseTimeIn(prepared);
  return {
    ReservedInstancesOfferingId: prepared.reference,
    InstanceCount: request.quantity,
    ...(startsAt && { PurchaseTime: startsAt }),
    ...(isLimitable(upfront) && { LimitPrice: { Amount: Number(limit.amount), CurrencyCode: "USD" } }),
  };
}
