import type { Prepared } from "../../domain/evidence.js";
import { type Money, moneySchema } from "../../domain/money.js";

/** What the write-ahead keeps of the offering: the upfront price of the whole order. */
export function upfrontIn({ detail }: Prepared): Money {
  const parsed = moneySchema().safeParse(detail?.["upfront"]);
  if (!parsed.success) throw new TypeError("`prepared.detail.upfront` must be an amount of money");
  return parsed.data;
}
