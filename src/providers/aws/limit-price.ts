import { isPositive, type Money } from "../../domain/money.js";

/**
 * Whether EC2 can be told how much a purchase may cost at once.
 *
 * EC2 takes a limit price in USD only ("at this time, the only supported currency is USD"). So the partitions of China and
 * of the European Sovereign Cloud, which bill in other currencies, get none: a limit in a currency that EC2 does not
 * know could refuse every purchase. There, the price that was checked before the purchase is the only limit. A limit of
 * nothing is not sent, because a purchase that costs nothing at once cannot exceed it. EC2 documents the limit for
 * offerings of the marketplace, and its error `LimitPriceExceeded` for all.
 */
export const isLimitable = ({ amount, currency }: Money): boolean => currency === "USD" && isPositive(amount);
