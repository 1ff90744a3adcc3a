import type { ReservedInstancesOffering } from "@aws-sdk/client-ec2";
import Big from "big.js";
import type { AwsEc2Request } from "../../../domain/commitment-request/aws-ec2.js";
import { termHours } from "../../../domain/commitment-request/common.js";
import type { Money } from "../../../domain/money.js";

/** What a whole line costs. */
export interface LinePrice {
  /** Over the whole term: upfront plus recurring charges. */
  readonly total: Money;
  /** At once. */
  readonly upfront: Money;
}

/**
 * The price of an offering, times the line's quantity.
 *
 * `FixedPrice` and `RecurringCharges` are per instance. Throws where the currency is missing or a charge recurs at a
 * frequency other than "Hourly", the only one EC2 knows: a price that cannot be read is never compared.
 */
export function linePrice(offering: ReservedInstancesOffering, request: AwsEc2Request): LinePrice {
  const { FixedPrice, CurrencyCode: currency } = offering;
  if (FixedPrice === undefined || currency === undefined)
    throw new Error("the offering states no price or no currency");
  const upfront = new Big(FixedPrice).times(request.quantity);
  const recurring = hourlyPrice(offering).times(termHours(request.term)).times(request.quantity);
  return {
    total: { amount: upfront.plus(recurring).toFixed(), currency },
    upfront: { amount: upfront.toFixed(), currency },
  };
}

function hourlyPrice({ RecurringCharges = [] }: ReservedInstancesOffering): Big {
  return RecurringCharges.reduce((sum, { Amount, Frequency }) => {
    if (Amount === undefined || Frequency !== "Hourly")
      throw new Error(`a charge of the offering recurs "${Frequency}"`);
    return sum.plus(Amount);
  }, new Big(0));
}
