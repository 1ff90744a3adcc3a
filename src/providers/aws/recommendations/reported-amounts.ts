import Big from "big.js";
import type { EpochMs } from "../../../domain/clock.js";
import type { Money } from "../../../domain/money.js";
import { timeOf } from "../stated-term.js";

/** What Cost Explorer may put in place of an amount or a time. */
type Stated = string | undefined;

/**
 * A number as Cost Explorer states it, as a plain decimal of at most twelve digits after the point.
 *
 * `undefined` for what is no amount, such as "NaN", and for a negative one, which no recommendation can hold. The
 * evidence has it as it was.
 */
export function statedDecimal(stated: Stated): string | undefined {
  if (stated === undefined || !/^\d{1,18}(\.\d+)?(E[+-]?\d{1,2})?$/i.test(stated)) return undefined;
  const text = new Big(stated).round(12, Big.roundHalfUp).toFixed();
  return /^\d{1,18}(\.\d+)?$/.test(text) ? text : undefined;
}

/** An amount of money. `undefined` without a currency. */
export function statedAmount(stated: Stated, currency: Stated): Money | undefined {
  const amount = statedDecimal(stated);
  if (amount === undefined || currency === undefined || !/^[A-Z]{3}$/.test(currency)) return undefined;
  return { amount, currency };
}

/** A whole number of at least 1. `undefined` for any other text. */
export function statedCount(stated: Stated): number | undefined {
  const decimal = statedDecimal(stated);
  const count = Number(decimal);
  return decimal !== undefined && Number.isSafeInteger(count) && count >= 1 ? count : undefined;
}

/**
 * A time such as "2018-08-08T15:20:57Z" (example of `get-reservation-purchase-recommendation` in the AWS CLI reference).
 *
 * `undefined` for a text without a zone, whose time is not certain.
 */
export function statedTime(stated: Stated): EpochMs | undefined {
  const isWhole = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(stated ?? "");
  return isWhole ? timeOf(stated) : undefined;
}

/** The fields of an object that are known. */
export const known = <Fields extends object>(
  fields: Fields,
): { readonly [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
