import type { ReservedInstancesOffering } from "@aws-sdk/client-ec2";
import type { UnitPrice } from "../line-price.js";

/** What one instance of an offering costs; `FixedPrice` and `RecurringCharges` are per instance. */
export const unitPriceOf = ({
  FixedPrice,
  CurrencyCode,
  RecurringCharges = [],
}: ReservedInstancesOffering): UnitPrice => ({
  fixed: FixedPrice,
  currency: CurrencyCode,
  recurring: RecurringCharges.map(({ Amount, Frequency }) => ({ amount: Amount, frequency: Frequency })),
});
