import Big from "big.js";
import { type AnyTerm, type CommonRequest, termHours } from "../../domain/commitment-request/common.js";
import type { Money } from "../../domain/money.js";

/** What one unit of an offering costs, as the cloud states it. */
export interface UnitPrice {
  /** Charged at once. */
  readonly fixed: number | string | undefined;
  readonly recurring: readonly { readonly amount: number | undefined; readonly frequency: string | undefined }[];
  /** Charged per hour of use, in addition to the recurring charges. Offerings of today have no such charge. */
  readonly usage?: number | undefined;
  readonly currency: string | undefined;
}

/** What a whole line costs. */
export interface LinePrice {
  /** Over the whole term: upfront plus recurring charges. */
  readonly total: Money;
  /** Charged at once. */
  readonly upfront: Money;
}

/**
 * The price of an offering, times the line's quantity.
 *
 * A price that cannot be read is never compared. So this throws if a price or the currency is missing, if use is
 * charged in addition, or if a charge recurs at another frequency than "Hourly", which is the only one that the
 * services know.
 */
export function linePrice(
  { fixed, recurring, usage = 0, currency }: UnitPrice,
  request: CommonRequest<AnyTerm>,
): LinePrice {
  if (fixed === undefined || currency === undefined) throw new Error("the offering states no price or no currency");
  if (usage !== 0) throw new Error(`the offering charges ${usage} per hour of use, which has no known total`);
  const upfront = new Big(fixed).times(request.quantity);
  const total = upfront.plus(hourlyPrice(recurring).times(termHours(request.term)).times(request.quantity));
  return { total: { amount: total.toFixed(), currency }, upfront: { amount: upfront.toFixed(), currency } };
}

function hourlyPrice(recurring: UnitPrice["recurring"]): Big {
  return recurring.reduce((sum, { amount, frequency }) => {
    if (amount === undefined || frequency !== "Hourly")
      throw new Error(`a charge of the offering recurs "${frequency}"`);
    return sum.plus(amount);
  }, new Big(0));
}
