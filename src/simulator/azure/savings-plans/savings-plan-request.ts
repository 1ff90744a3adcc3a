import * as z from "zod/mini";
import { SimulatedError } from "../../simulated-error.js";
import { appliedScopePropertiesSchema, scopeProblem } from "../applied-scope.js";
import type { AzureCall } from "../azure-service.js";
import type { AzureWorld } from "../azure-world.js";
import { billedSubscription } from "../billing-scope.js";
import { type AzureTerm, TERM_MONTHS } from "../orders/order-times.js";
import { type Quote, quoteFor } from "../orders/quote.js";
import { invalidContent, readBody } from "../read-body.js";

/** The body that asks for a savings plan. `tags` are not part of it and are dropped. */
const savingsPlanBody = z.object({
  sku: z.object({ name: z.string() }),
  properties: z.object({
    displayName: z.nullish(z.string()),
    renew: z.nullish(z.boolean()),
    billingScopeId: z.string(),
    term: z.string(),
    /** Upfront if absent. */
    billingPlan: z.nullish(z.literal("P1M")),
    appliedScopeType: z.string(),
    appliedScopeProperties: z.nullish(appliedScopePropertiesSchema),
    commitment: z.object({ grain: z.literal("Hourly"), currencyCode: z.string(), amount: z.number() }),
  }),
});

/** A body that asks for a savings plan. */
export type SavingsPlanBody = z.infer<typeof savingsPlanBody>;

/** A savings plan that can be bought: everything about it has been checked. */
export interface SavingsPlanRequest {
  readonly body: SavingsPlanBody;
  readonly subscription: string;
  readonly term: AzureTerm;
  readonly quote: Quote;
}

/** The least that was bought in a recording. */
const MIN_COMMITMENT = 0.001;
const HOURS_A_MONTH = 8760 / 12;

/**
 * Reads what is asked for; refuses what is not on sale, or not for this caller.
 *
 * Azure documents one reason code, `CustomerCannotPurchaseSavingsPlan`; the others stand in for codes nobody recorded.
 */
export function readSavingsPlanRequest(asked: unknown, call: AzureCall, world: AzureWorld): SavingsPlanRequest {
  const body = readBody(savingsPlanBody, asked);
  const { billingScopeId, commitment, billingPlan } = body.properties;
  const action = "Microsoft.BillingBenefits/savingsPlanOrderAliases/write";
  const subscription = billedSubscription(billingScopeId, call, action);
  const term = checkedTerm(body, world);
  const problem = scopeProblem(body.properties) ?? commitmentProblem(body, world);
  if (problem !== undefined) throw problem;
  const { billingCurrency: currency } = world.settings;
  const cents = Math.round(commitment.amount * HOURS_A_MONTH * TERM_MONTHS[term] * 100);
  return { body, subscription, term, quote: quoteFor({ currency, term, paidMonthly: billingPlan === "P1M", cents }) };
}

function checkedTerm({ sku, properties: { term } }: SavingsPlanBody, { settings }: AzureWorld): AzureTerm {
  if (!settings.savingsPlanSkus.includes(sku.name))
    throw new SimulatedError("InvalidSku", 400, `The sku '${sku.name}' is not a savings plan.`);
  // The API names P5Y as well; no savings plan of five years is on sale.
  if (term === "P1Y" || term === "P3Y") return term;
  throw new SimulatedError("UnsupportedTerm", 400, `The term '${term}' is not offered for savings plans.`);
}

function commitmentProblem({ properties: { commitment } }: SavingsPlanBody, { settings }: AzureWorld) {
  const { amount, currencyCode } = commitment;
  if (amount < MIN_COMMITMENT) return invalidContent(`The commitment must be at least ${MIN_COMMITMENT} per hour.`);
  if (currencyCode === settings.billingCurrency) return undefined;
  const message = `The commitment's currency '${currencyCode}' is not the billing currency '${settings.billingCurrency}'.`;
  return new SimulatedError("InvalidCommitmentCurrency", 400, message);
}
