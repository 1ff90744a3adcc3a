import type { PurchaseReservedInstancesOfferingRequest } from "@aws-sdk/client-ec2";
import type { AwsEc2Request } from "../../../../domain/commitment-request/aws-ec2.js";
import { priceTolerancePercent } from "../../../../domain/commitment-request/common.js";
import { isPositive, type Money, withTolerance } from "../../../../domain/money.js";
import type { PurchasePermit } from "../../../purchase-permit.js";
import { purchaseTimeIn } from "../../held-purchase.js";
import { upfrontIn } from "../../upfront-price.js";

/** The one request that a permit allows; it depends on nothing but the permit. */
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
    ...(isPositive(upfront.amount) && { LimitPrice: limitPrice(limit) }),
  };
}

// The total of the order, not the price of one instance ("instance count * price", error LimitPriceExceeded of the EC2
// API). The SDK's enum of currencies knows USD only. For other currencies, the cloud itself has to judge the field.
const limitPrice = ({ amount, currency }: Money) => ({ Amount: Number(amount), CurrencyCode: currency as "USD" });
