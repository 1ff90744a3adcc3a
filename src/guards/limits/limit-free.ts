import Big from "big.js";
import type { LimitUse } from "../../store-port/limits.js";

/** What may still be approved in the period, as a decimal. */
export function limitFree({ limit, used, held }: LimitUse): string {
  const free = new Big(limit.max.amount).minus(used).minus(held);
  return free.gt(0) ? free.toFixed() : "0";
}
