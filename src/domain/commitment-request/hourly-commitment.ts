import * as z from "zod/mini";
import { isWithinTolerance, type Money, timesMoney } from "../money.js";
import { once } from "../once.js";
import { type AnyTerm, type CommonRequest, priceTolerancePercent, termHours } from "./common.js";

/** A commitment to a constant amount per hour, in the currency of its expected price. */
interface HourlyRequest extends CommonRequest<AnyTerm> {
  readonly hourlyCommitment: string;
}

/** An amount per hour. A text that is not a number stops the parse, because the price is computed from it. */
export const hourlyCommitmentSchema = once(() =>
  z.string().check(
    z.regex(/^(0|[1-9][0-9]{0,6})(\.[0-9]{1,5})?$/, {
      error: "must be a decimal string with at most five decimals",
      abort: true,
    }),
  ),
);

/** What an hourly commitment comes to over its whole term. */
export const commitmentTotal = ({ hourlyCommitment, expectedPrice, term }: HourlyRequest): Money =>
  timesMoney({ amount: hourlyCommitment, currency: expectedPrice.currency }, termHours(term));

/** Why the expected price of a line is not that of its hourly commitment; `undefined` if it is. */
export function totalProblem(request: HourlyRequest): string | undefined {
  const total = commitmentTotal(request);
  if (isWithinTolerance(request.expectedPrice, total, priceTolerancePercent(request))) return undefined;
  return `must be hourlyCommitment times the hours of the term, ${total.amount} ${total.currency}`;
}
