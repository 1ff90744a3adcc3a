import type { ReservedInstancesOffering } from "@aws-sdk/client-ec2";
import type { UnitPrice } from "../../line-price.js";

/** What one instance of an offering costs; its prices are per instance. */
export const unitPriceOf = ({
  FixedPrice,
  UsagePrice,
  CurrencyCode,
  RecurringCharges = [],
}: ReservedInstancesOffering): UnitPrice => ({
  fixed: FixedPrice,
  usage: UsagePrice,
  currency: CurrencyCode,
  recurring: RecurringCharges.map(({ Amount, Frequency }) => ({ amount: Amount, frequency: Frequency })),
});
