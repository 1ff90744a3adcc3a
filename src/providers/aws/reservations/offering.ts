import type { CommonRequest } from "../../../domain/commitment-request/common.js";
import type { UnitPrice } from "../line-price.js";
import { onlyOffering } from "../only-offering.js";
import { type Attributes, differing } from "./attributes.js";

/** An offering in one shape for all services that sell reservations. */
export interface Offering {
  readonly id: string | undefined;
  /** The offering itself, whose fields are compared with the wanted ones. */
  readonly stated: object;
  readonly unitPrice: UnitPrice;
}

/** The prices of an offering or a reservation, in the fields that these services share. */
export interface StatedPrices {
  readonly FixedPrice?: number | undefined;
  readonly UsagePrice?: number | undefined;
  readonly CurrencyCode?: string | undefined;
  readonly RecurringCharges?:
    | readonly {
        readonly RecurringChargeAmount?: number | undefined;
        readonly RecurringChargeFrequency?: string | undefined;
      }[]
    | undefined;
}

/** What one unit costs. `currency` is for the services that state none. */
export const unitPriceOf = (stated: StatedPrices, currency?: string): UnitPrice => ({
  fixed: stated.FixedPrice,
  usage: stated.UsagePrice,
  currency: stated.CurrencyCode ?? currency,
  recurring: (stated.RecurringCharges ?? []).map(({ RecurringChargeAmount, RecurringChargeFrequency }) => ({
    amount: RecurringChargeAmount,
    frequency: RecurringChargeFrequency,
  })),
});

/**
 * The currency of AWS's price lists where an API states none: yuan in the partition of China, euros in the European
 * Sovereign Cloud, dollars elsewhere.
 */
export function currencyOf({ region }: CommonRequest): string {
  if (region.startsWith("cn-")) return "CNY";
  return region.startsWith("eusc-") ? "EUR" : "USD";
}

/** The one offering whose fields are exactly those wanted, and its id. */
export const findOffering = (
  listed: readonly Offering[],
  { what, wanted }: { readonly what: string; readonly wanted: Attributes },
): { readonly id: string; readonly offering: Offering } =>
  onlyOffering({
    what,
    wanted,
    listed: listed.length,
    matching: listed.filter(({ stated }) => differing(wanted, stated).length === 0),
    idOf: ({ id }) => id,
  });
