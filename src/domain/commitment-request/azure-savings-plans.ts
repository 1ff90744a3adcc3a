import Big from "big.js";
import * as z from "zod/mini";
import { isWithinTolerance } from "../money.js";
import { once } from "../once.js";
import { type AzureScope, azureShape } from "./azure-common.js";
import { type CommonRequest, priceTolerancePercent, termHours } from "./common.js";

/**
 * One Azure savings plan for compute.
 *
 * A plan is bought whole, so `quantity` is 1 and the size is `hourlyCommitment`. A plan belongs to no region. The
 * currency of the expected price must be that of the billing account. The purchase has no option for renewal: a plan
 * ends with its term.
 */
export interface AzureSavingsPlansRequest extends CommonRequest {
  readonly service: "azure.savings-plans";
  readonly region: "global";
  readonly payment: "all_upfront" | "no_upfront";
  /** Per hour, in the currency of the expected price; 0.001 or more, at most five decimals. */
  readonly hourlyCommitment: string;
  readonly scope: AzureScope;
}

/** Parses {@link AzureSavingsPlansRequest}. */
export const azureSavingsPlansSchema = once(() =>
  z
    .strictObject({
      service: z.literal("azure.savings-plans"),
      ...azureShape(),
      region: z.literal("global"),
      quantity: z.literal(1),
      hourlyCommitment: z.string().check(
        z.regex(/^(0|[1-9][0-9]{0,6})(\.[0-9]{1,5})?$/, {
          error: "must be a decimal string with at most five decimals",
          // A text that is not a number stops the parse, because the check below computes with the amount.
          abort: true,
        }),
        z.refine((text) => Number(text) >= 0.001, "must be at least 0.001"),
      ),
    })
    .check((ctx) => {
      const { hourlyCommitment, term, expectedPrice } = ctx.value;
      const total = new Big(hourlyCommitment).times(termHours(term)).toFixed();
      const stated = { amount: total, currency: expectedPrice.currency };
      if (isWithinTolerance(expectedPrice, stated, priceTolerancePercent(ctx.value))) return;
      const message = `must be hourlyCommitment times the hours of the term, ${total} ${stated.currency}`;
      ctx.issues.push({ code: "custom", path: ["expectedPrice"], message, input: expectedPrice });
    }),
);
