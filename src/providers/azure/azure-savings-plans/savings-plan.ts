import Big from "big.js";
import * as z from "zod/mini";
import type { AzureSavingsPlansRequest } from "../../../domain/commitment-request/azure-savings-plans.js";
import { commitmentTotal } from "../../../domain/commitment-request/hourly-commitment.js";
import { BuyonceError } from "../../../domain/errors.js";
import type { Money } from "../../../domain/money.js";
import { checkPrice } from "../../check-price.js";
import { needKeyWithout } from "../../need-key.js";
import { parseAnswer } from "../../parse-answer.js";
import { appliedScope } from "../applied-scope.js";
import { askBeforehand } from "../ask-arm.js";
import type { AzureConnection } from "../connect.js";
import { accountDifference, aliasPlan, difference } from "../existing-order.js";
import { bareId } from "../order-view.js";
import { sameScope } from "../same-scope.js";
import { API_VERSION, TERMS } from "../spelling.js";
import { unknownValueHint } from "../unknown-value-hint.js";

/** The one SKU that is documented: that of every recording and example of the vendor. */
const COMPUTE = "Compute_Savings_Plan";

const skuOf = ({ sku = COMPUTE }: AzureSavingsPlansRequest): string => sku;

/** What a plan covers. A plan without a SKU is of the default one. Azure does not tell small letters from capitals. */
export const planNeedKey = (request: AzureSavingsPlansRequest): string =>
  needKeyWithout({ ...request, sku: skuOf(request).toLowerCase(), scope: sameScope(request.scope) }, [
    "hourlyCommitment",
    "renew",
  ]);

/** The body of a purchase, and of the free check of one. */
export const planBody = (request: AzureSavingsPlansRequest, name: string): object => ({
  sku: { name: skuOf(request) },
  properties: {
    displayName: name,
    billingScopeId: `/subscriptions/${request.account}`,
    term: TERMS[request.term],
    renew: request.renew ?? false,
    ...(request.payment === "no_upfront" && { billingPlan: "P1M" }),
    ...appliedScope(request.scope),
    commitment: {
      grain: "Hourly",
      currencyCode: request.expectedPrice.currency,
      amount: Number(request.hourlyCommitment),
    },
  },
});

const aliasAnswer = z.object({
  sku: z.nullish(z.object({ name: z.nullish(z.string()) })),
  properties: z.looseObject({
    savingsPlanOrderId: z.string().check(z.minLength(1)),
    commitment: z.nullish(z.object({ currencyCode: z.nullish(z.string()), amount: z.nullish(z.number()) })),
  }),
});

/** Reads an alias: its order, and how the alias differs from a line. */
export function readAlias(body: unknown, request: AzureSavingsPlansRequest) {
  const alias = parseAnswer(aliasAnswer, body, "order alias");
  return { orderId: bareId(alias.properties.savingsPlanOrderId), differences: [...differences(alias, request)] };
}

function* differences({ sku, properties }: z.infer<typeof aliasAnswer>, request: AzureSavingsPlansRequest) {
  const { amount, currencyCode } = properties.commitment ?? {};
  yield* difference("sku", skuOf(request), sku?.name);
  yield* difference("hourlyCommitment", plain(request.hourlyCommitment), plain(amount));
  yield* difference("currency", request.expectedPrice.currency, currencyCode);
  yield* difference("term", TERMS[request.term], properties["term"]);
  const plan = request.payment === "no_upfront" ? "P1M" : undefined;
  yield* difference("billingPlan", plan, aliasPlan(properties["billingPlan"]));
  yield* accountDifference(request, properties["billingScopeId"]);
  yield* difference("scope", appliedScope(request.scope).appliedScopeType, properties["appliedScopeType"]);
}

const plain = (amount: string | number | null | undefined): string | undefined =>
  amount === null || amount === undefined ? undefined : new Big(amount).toFixed();

const validation = z.object({
  benefits: z.array(z.object({ valid: z.boolean(), reasonCode: z.nullish(z.string()), reason: z.nullish(z.string()) })),
});

/**
 * Asks Azure whether it would sell the plan, which costs nothing, and states its price: the commitment times the hours.
 *
 * Throws `PURCHASE_REFUSED` with Azure's own reason if Azure would not sell it, for instance because the currency is
 * not the billing account's.
 */
export async function quotePlan(
  connection: AzureConnection,
  request: AzureSavingsPlansRequest,
  name: string,
): Promise<Money> {
  const path = `/providers/Microsoft.BillingBenefits/validate?api-version=${API_VERSION}`;
  const body = await askBeforehand(connection, { method: "POST", path, body: { benefits: [planBody(request, name)] } });
  const { benefits } = parseAnswer(validation, body, "validation");
  const [benefit] = benefits;
  if (benefit === undefined || benefits.length > 1)
    throw new Error("the validation answers for another number of plans");
  if (!benefit.valid) throw refused(benefit, unknownValueHint("SKU of savings plans", skuOf(request), [COMPUTE]));
  const price = commitmentTotal(request);
  checkPrice(request, price);
  return price;
}

type Judged = z.infer<typeof validation>["benefits"][number];

const refused = ({ reasonCode, reason }: Judged, hint: string): BuyonceError =>
  new BuyonceError(
    "PURCHASE_REFUSED",
    `Azure would refuse the plan: ${hint}${reasonCode ?? "no code"}: ${reason ?? "no reason"}`,
    {
      details: { reasonCode, reason },
    },
  );
