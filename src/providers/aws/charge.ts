import Big from "big.js";
import type { Prepared } from "../../domain/evidence.js";
import type { Money } from "../../domain/money.js";

/** What a commitment states of its price. */
export interface StatedCharge {
  readonly fixedPrice: number | undefined;
  readonly currency: string | undefined;
  readonly quantity: number | undefined;
  /** What an earlier write-ahead prepared, which keeps the offering's fixed price of one unit as `detail.unitPrice`. */
  readonly prepared: Prepared | undefined;
}

/**
 * What is charged at once for a whole commitment, or `undefined` where that is not certain.
 *
 * The APIs do not say whether the `FixedPrice` of a commitment of several units is the price of one unit or of all. It
 * is read as the one that the offering's own price agrees with. If neither agrees, the charge is unknown. A price of 0
 * is not taken for the charge if the offering has a price: EC2 lists 0 for what a modification leaves, and other
 * services may list 0 for what is not paid yet.
 */
export function chargeOf({ fixedPrice, currency, quantity, prepared }: StatedCharge): Money | undefined {
  if (fixedPrice === undefined || currency === undefined || quantity === undefined) return undefined;
  // The SDK reads "NaN" and "Infinity" as numbers.
  if (!Number.isFinite(fixedPrice) || fixedPrice < 0) return undefined;
  const amount = wholeCharge(new Big(fixedPrice), quantity, prepared?.detail?.["unitPrice"]);
  return amount && { amount: amount.toFixed(), currency };
}

function wholeCharge(reported: Big, quantity: number, unitPrice: unknown): Big | undefined {
  if (reported.eq(0)) return isPriced(unitPrice) ? undefined : reported;
  if (quantity === 1) return reported;
  if (typeof unitPrice !== "string") return undefined;
  if (reported.eq(unitPrice)) return reported.times(quantity);
  return reported.eq(new Big(unitPrice).times(quantity)) ? reported : undefined;
}

const isPriced = (unitPrice: unknown): boolean => typeof unitPrice === "string" && new Big(unitPrice).gt(0);
