import * as z from "zod/mini";
import { once } from "../once.js";
import { type AzureScope, azureShape } from "./azure-common.js";
import type { CommonRequest } from "./common.js";
import { hourlyCommitmentSchema, totalProblem } from "./hourly-commitment.js";

/** The terms that the API has for savings plans (`Term`, Microsoft.BillingBenefits 2022-11-01). */
const PLAN_TERMS = ["1yr", "3yr", "5yr"] as const;

/**
 * One Azure savings plan: for compute, or of the kind that `sku` names.
 *
 * A plan is bought whole, so `quantity` is 1 and the size is `hourlyCommitment`. A plan belongs to no region. The
 * currency of the expected price must be that of the billing account.
 */
export interface AzureSavingsPlansRequest extends CommonRequest<(typeof PLAN_TERMS)[number]> {
  readonly service: "azure.savings-plans";
  readonly region: "global";
  readonly payment: "all_upfront" | "no_upfront";
  /** Per hour, in the currency of the expected price; 0.001 or more, at most five decimals. */
  readonly hourlyCommitment: string;
  readonly scope: AzureScope;
  /**
   * The SKU of the plan. Default `Compute_Savings_Plan`.
   *
   * Azure also sells a savings plan for databases, for one year. No document that we know states its SKU: take the SKU
   * from a plan that was bought in the portal. Azure's check before the purchase judges it.
   */
  readonly sku?: string | undefined;
  /** Whether Azure buys the plan again at its end. Default false. */
  readonly renew?: boolean | undefined;
}

/** Parses {@link AzureSavingsPlansRequest}. */
export const azureSavingsPlansSchema = once(() =>
  z
    .strictObject({
      service: z.literal("azure.savings-plans"),
      ...azureShape(),
      term: z.enum(PLAN_TERMS),
      region: z.literal("global"),
      quantity: z.literal(1),
      hourlyCommitment: hourlyCommitmentSchema().check(
        z.refine((text) => Number(text) >= 0.001, "must be at least 0.001"),
      ),
      sku: z.optional(
        z.string().check(z.regex(/^[A-Za-z0-9][\w.-]{0,99}$/, 'must be a SKU such as "Compute_Savings_Plan"')),
      ),
      renew: z.optional(z.boolean()),
    })
    .check((ctx) => {
      const message = totalProblem(ctx.value);
      if (message === undefined) return;
      ctx.issues.push({ code: "custom", path: ["expectedPrice"], message, input: ctx.value.expectedPrice });
    }),
);
