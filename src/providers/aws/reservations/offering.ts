import type { RequestOfAnyTerm } from "../../../domain/commitment-request/common.js";
import type { UnitPrice } from "../line-price.js";
import { type OpenValue, onlyOffering } from "../only-offering.js";
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
export function currencyOf({ region }: RequestOfAnyTerm): string {
  if (region.startsWith("cn-")) return "CNY";
  return region.startsWith("eusc-") ? "EUR" : "USD";
}

/** What a line buys of a service, and how it chooses among offerings that are alike. */
export interface WantedOffering {
  /** What is sold, in words, such as `reserved DB instances in eu-west-1`. */
  readonly what: string;
  readonly wanted: Attributes;
  /** Attributes that decide only between offerings that are alike otherwise. */
  readonly preferred?: Attributes | undefined;
  readonly open?: OpenValue | undefined;
}

/**
 * The one offering whose fields are those wanted, and its id.
 *
 * Among offerings that are alike otherwise, the one with the preferred attributes counts.
 */
export function findOffering(
  listed: readonly Offering[],
  { what, wanted, preferred = {}, open }: WantedOffering,
): { readonly id: string; readonly offering: Offering } {
  const alike = listed.filter(({ stated }) => differing(wanted, stated).length === 0);
  const preferable = alike.filter(({ stated }) => differing(preferred, stated).length === 0);
  return onlyOffering({
    what,
    wanted,
    listed: listed.length,
    matching: preferable.length > 0 ? preferable : alike,
    idOf: ({ id }) => id,
    open,
  });
}
