import { priceTolerancePercent, type RequestOfAnyTerm } from "../domain/commitment-request/common.js";
import { BuyonceError } from "../domain/errors.js";
import { isWithinTolerance, type Money } from "../domain/money.js";

/**
 * Throws `PRICE_DRIFT` for a price outside the line's tolerance around its expected price, and for one in another
 * currency.
 */
export function checkPrice(request: RequestOfAnyTerm, actual: Money): void {
  const { expectedPrice: expected } = request;
  const tolerancePercent = priceTolerancePercent(request);
  if (isWithinTolerance(actual, expected, tolerancePercent)) return;
  throw new BuyonceError(
    "PRICE_DRIFT",
    `Expected ${expected.amount} ${expected.currency} within ${tolerancePercent} %, found ${actual.amount} ${actual.currency}.`,
    { details: { expected, actual, tolerancePercent } },
  );
}
