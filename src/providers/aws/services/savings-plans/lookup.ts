import type { AwsSavingsPlansRequest } from "../../../../domain/commitment-request/aws-savings-plans.js";
import { termSeconds } from "../../../../domain/commitment-request/common.js";
import type { Prepared } from "../../../../domain/evidence.js";
import type { Money } from "../../../../domain/money.js";
import type { ExistingCommitment, ProviderContext } from "../../../commitment-provider.js";
import { OFFERING_TYPES } from "../../offering-type.js";
import { sightingOfParts } from "../../sighting-of-parts.js";
import { timeOf } from "../../stated-term.js";
import { answerUnderTag } from "../../tagged-purchases.js";
import { plainDecimal, sameDecimal } from "./decimals.js";
import { idsOf, type ListedPlan, taggedWith, tokenOn } from "./listed-plans.js";

/** The line whose plan is looked for. `prepared` is what an earlier request was sent with, if there was one. */
export interface PlanQuestion extends Pick<ProviderContext, "prepared" | "lineageAttempt"> {
  readonly request: AwsSavingsPlansRequest;
  readonly token: string;
}

/**
 * The plan that carries a line's token, among all plans listed, whatever its state, or else a new one without any
 * token.
 *
 * The second case applies only after a request was sent: the plan came since, and may be what the line buys. Tags are
 * stored with the purchase, so such a plan should not exist. But a plan that lost its tags and counts as absent is
 * bought twice. So it counts as the line's. Throws if several plans could be the line's.
 */
export function findPlan(listed: readonly ListedPlan[], question: PlanQuestion): ExistingCommitment | undefined {
  const labeled = answerUnderTag(taggedWith(question.token, listed), question);
  if (labeled.length > 0) return existing(labeled, question, true);
  const since = untaggedSince(listed, question);
  const owed = since.filter(({ sighting }) => sighting.meaning !== "void");
  const candidates = owed.length > 0 ? owed : since;
  if (candidates.length > 1)
    throw new Error(`several plans without a token may be the line's: ${idsOf(candidates).join(", ")}`);
  return candidates.length === 0 ? undefined : existing(candidates, question, false);
}

/** The plans without a token, whatever their state, that may be what the line buys: no attribute they state says otherwise. */
export const alike = (listed: readonly ListedPlan[], request: AwsSavingsPlansRequest): readonly ListedPlan[] =>
  listed.filter((plan) => tokenOn(plan) === undefined && differences(plan, request).every(({ isStated }) => !isStated));

function untaggedSince(
  listed: readonly ListedPlan[],
  { request, prepared }: Pick<PlanQuestion, "request" | "prepared">,
): readonly ListedPlan[] {
  const { snapshot }: Partial<Prepared> = prepared ?? {};
  if (snapshot === undefined) return [];
  return alike(listed, request).filter(({ savingsPlanId }) => !snapshot.includes(savingsPlanId));
}

/**
 * Plans as the commitment that was found for a line.
 *
 * What a plan with the line's token leaves out is no difference. A plan without it may be another's, so all must be
 * stated.
 */
function existing(plans: readonly ListedPlan[], { request }: PlanQuestion, labeled: boolean): ExistingCommitment {
  const several = plans.length > 1 ? [`quantity: expected 1, found ${plans.length}`] : [];
  const compared = plans.flatMap((one) => differences(one, request)).filter(({ isStated }) => isStated || !labeled);
  const [plan] = plans;
  const startedAt = timeOf(plan?.start);
  const charge = plans.length === 1 ? chargeOf(plan) : undefined;
  return {
    commitmentIds: idsOf(plans),
    labeled,
    sighting: sightingOfParts(plans.map(({ sighting }) => sighting)),
    differences: [...several, ...compared.map(({ text }) => text)],
    ...(startedAt !== undefined && { startedAt }),
    ...(charge && { charge }),
  };
}

/** What is charged for a plan at once, where AWS says so. */
export function chargeOf(plan: ListedPlan | undefined): Money | undefined {
  const amount = plainDecimal(plan?.upfrontPaymentAmount);
  const currency = plan?.currency;
  return amount === undefined || currency === undefined ? undefined : { amount, currency };
}

interface Difference {
  readonly text: string;
  /** Whether the plan states something else, rather than nothing. */
  readonly isStated: boolean;
}

function differences(plan: ListedPlan, request: AwsSavingsPlansRequest): readonly Difference[] {
  const { hourlyCommitment } = request;
  const isSameAmount = sameDecimal(hourlyCommitment, plan.commitment);
  const amount = isSameAmount ? [] : [difference("hourlyCommitment", hourlyCommitment, plainDecimal(plan.commitment))];
  const others = [...comparisons(plan, request)].filter(([, expected, found]) => expected !== found);
  return [...amount, ...others.map(([name, expected, found]) => difference(name, expected, found))];
}

function* comparisons(plan: ListedPlan, request: AwsSavingsPlansRequest): Generator<[string, unknown, unknown]> {
  yield ["planType", request.planType, plan.savingsPlanType];
  yield ["payment", OFFERING_TYPES[request.payment], plan.paymentOption];
  yield ["term", termSeconds(request.term), plan.termDurationInSeconds];
  yield ["currency", request.expectedPrice.currency, plan.currency];
  if (request.region !== "global") yield ["region", request.region, plan.region];
  if (request.instanceFamily !== undefined) yield ["instanceFamily", request.instanceFamily, plan.ec2InstanceFamily];
}

const difference = (name: string, expected: unknown, found: unknown): Difference => ({
  text: `${name}: expected ${String(expected ?? "none")}, found ${String(found ?? "none")}`,
  isStated: found !== undefined,
});
