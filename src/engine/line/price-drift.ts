import Big from "big.js";
import { checked } from "../../domain/checked.js";
import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import { BuyonceError } from "../../domain/errors.js";
import type { PriceDrift } from "../../domain/evidence.js";
import type { PurchaseLine } from "../../domain/execution.js";
import { type Money, moneySchema } from "../../domain/money.js";

/** The request of a line, with the price that people have accepted in the place of the expected one. */
export const pricedRequest = ({ request, priceDrift }: PurchaseLine): CommitmentRequest =>
  priceDrift?.isAccepted ? { ...request, expectedPrice: priceDrift.found } : request;

/** Whether a line waits for people to accept the price that was found. */
export const waitsForPrice = <Line extends Pick<PurchaseLine, "state" | "priceDrift">>(
  line: Line,
): line is Line & { readonly priceDrift: PriceDrift } =>
  line.state === "planned" && line.priceDrift !== null && !line.priceDrift.isAccepted;

/**
 * The price that a refusal found, if people can accept it. A price in another currency is none of those, because the
 * line's request names its currency at the cloud.
 */
export function acceptablePrice({ request }: PurchaseLine, { code, details }: BuyonceError): Money | undefined {
  if (code !== "PRICE_DRIFT") return undefined;
  const parsed = checked(moneySchema(), details["actual"]);
  return parsed.success && parsed.data.currency === request.expectedPrice.currency ? parsed.data : undefined;
}

/** Whether two prices are the same amount of the same currency. */
export const isSamePrice = (a: Money, b: Money): boolean => a.currency === b.currency && new Big(a.amount).eq(b.amount);

/** The refusal of a line whose price nobody accepted in time. */
export function notAccepted(line: PurchaseLine, found: Money): BuyonceError {
  const expected = line.request.expectedPrice;
  return new BuyonceError(
    "PRICE_DRIFT",
    `Expected ${expected.amount} ${expected.currency}, found ${found.amount} ${found.currency}; too few people accepted it while the approval counted.`,
    { details: { expected, actual: found } },
  );
}
