import Big from "big.js";
import type { CommitmentRequest } from "../domain/commitment-request/commitment-request.js";
import { type AnyTerm, termHours } from "../domain/commitment-request/common.js";
import { dividedMoney, timesMoney } from "../domain/money.js";
import type { UnpricedRequest } from "../domain/recommendation.js";

/** A line like this one for so many units, at the price of one of its units for each. */
export function withQuantity(line: CommitmentRequest | UnpricedRequest, quantity: number): typeof line {
  if (!("expectedPrice" in line)) return { ...line, quantity } as typeof line;
  const expectedPrice = timesMoney(dividedMoney(line.expectedPrice, line.quantity), quantity);
  return { ...line, quantity, expectedPrice } as typeof line;
}

/** A line like this one for another amount per hour, at the price that it comes to. */
export function withHourlyCommitment(
  line: CommitmentRequest & { readonly term: AnyTerm },
  hourlyCommitment: string,
): CommitmentRequest {
  const { currency } = line.expectedPrice;
  const expectedPrice = timesMoney({ amount: hourlyCommitment, currency }, termHours(line.term));
  return withUpfrontAmount({ ...line, hourlyCommitment, expectedPrice } as CommitmentRequest);
}

/** A Savings Plan that is paid partly upfront states the part: as stated if it fits, else half of the whole, rounded up. */
export function withUpfrontAmount(line: CommitmentRequest): CommitmentRequest {
  if (line.service !== "aws.savings-plans") return line;
  const { upfrontAmount, ...rest } = line;
  if (line.payment !== "partial_upfront") return rest;
  const total = new Big(line.expectedPrice.amount);
  const stated = upfrontAmount === undefined ? undefined : new Big(upfrontAmount);
  const fits = stated?.gte(total.div(2)) && stated.lte(total.times("0.99"));
  return { ...rest, upfrontAmount: fits ? String(upfrontAmount) : total.div(2).round(0, Big.roundUp).toFixed() };
}
