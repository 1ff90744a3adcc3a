import * as z from "zod/mini";
import { listedAsOf, repeatsPageToken } from "../../../call-effects.js";
import { pageOf } from "../../../paging.js";
import { SimulatedError } from "../../../simulated-error.js";
import { type AwsOperation, operation } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { restJson } from "../../protocol/rest-json.js";
import {
  arnOf,
  endOf,
  returnableUntil,
  SAVINGS_PLAN_STATES,
  type SavingsPlan,
  type SavingsPlansShelf,
  savingsPlanState,
} from "./savings-plan.js";

const FILTER_NAMES = [
  "region",
  "ec2-instance-family",
  "instance-family",
  "commitment",
  "upfront",
  "term",
  "savings-plan-type",
  "payment-option",
  "start",
  "end",
] as const;

const input = z.object({
  savingsPlanIds: z._default(z.array(z.string()), []),
  savingsPlanArns: z._default(z.array(z.string()).check(z.maxLength(100)), []),
  states: z._default(z.array(z.enum(SAVINGS_PLAN_STATES)), []),
  filters: z._default(
    z.array(z.object({ name: z.enum(FILTER_NAMES), values: z.array(z.string()).check(z.minLength(1)) })),
    [],
  ),
  maxResults: z._default(z.int().check(z.gte(1), z.lte(1000)), 1000),
  nextToken: z.optional(z.string()),
});
type Input = z.infer<typeof input>;

/** Lists the caller's savings plans, with their tags. Ids that it does not know are left out, not refused. */
export function describeSavingsPlans({ settings }: AwsWorld, shelf: SavingsPlansShelf): AwsOperation {
  return operation(restJson, input, (request, call) => {
    const asOf = listedAsOf(call);
    const plans = shelf.listed(call, asOf).filter((plan) => isWanted(plan, request, asOf));
    const { nextToken: token, maxResults: size } = request;
    const { emptyPages } = settings;
    const page = pageOf(plans, { token, size, emptyPages, repeatToken: repeatsPageToken(call) });
    if (page === undefined) throw new SimulatedError("ValidationException", 400, "The token is not valid");
    return {
      savingsPlans: page.rows.map((plan) => planJson(plan, asOf, settings.tagLagMs)),
      nextToken: page.nextToken,
    };
  });
}

function isWanted(plan: SavingsPlan, request: Input, asOf: number): boolean {
  const named = [...request.savingsPlanIds, ...request.savingsPlanArns];
  return (
    (named.length === 0 || named.includes(plan.id) || named.includes(arnOf(plan))) &&
    (request.states.length === 0 || request.states.some((state) => state === savingsPlanState(plan, asOf))) &&
    request.filters.every(({ name, values }) => values.includes(filterValue(plan, name) ?? ""))
  );
}

function filterValue(plan: SavingsPlan, name: (typeof FILTER_NAMES)[number]): string | undefined {
  return {
    region: plan.offering.region,
    "ec2-instance-family": plan.offering.instanceFamily,
    "instance-family": plan.offering.instanceFamily,
    commitment: plan.commitment,
    upfront: plan.upfrontPaymentAmount,
    term: String(plan.offering.durationSeconds),
    "savings-plan-type": plan.offering.planType,
    "payment-option": plan.offering.paymentOption,
    start: iso(plan.startsAt),
    end: iso(endOf(plan)),
  }[name];
}

function planJson(plan: SavingsPlan, asOf: number, tagLagMs: number): object {
  return {
    offeringId: plan.offering.offeringId,
    savingsPlanId: plan.id,
    savingsPlanArn: arnOf(plan),
    description: plan.offering.description,
    start: iso(plan.startsAt),
    end: iso(endOf(plan)),
    state: savingsPlanState(plan, asOf),
    region: plan.offering.region,
    ec2InstanceFamily: plan.offering.instanceFamily,
    savingsPlanType: plan.offering.planType,
    paymentOption: plan.offering.paymentOption,
    productTypes: plan.offering.productTypes,
    currency: "USD",
    // AWS answers every amount with eight decimals, however the buyer wrote it.
    commitment: Number(plan.commitment).toFixed(8),
    upfrontPaymentAmount: plan.upfrontPaymentAmount,
    recurringPaymentAmount: plan.recurringPaymentAmount,
    termDurationInSeconds: plan.offering.durationSeconds,
    tags: plan.tags.asOf(asOf - tagLagMs),
    returnableUntil: iso(returnableUntil(plan)),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
