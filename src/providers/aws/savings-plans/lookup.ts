import type { AwsSavingsPlansRequest } from "../../../domain/commitment-request/aws-savings-plans.js";
import { termSeconds } from "../../../domain/commitment-request/common.js";
import type { Prepared } from "../../../domain/evidence.js";
import type { Money } from "../../../domain/money.js";
import type { ExistingCommitment } from "../../commitment-provider.js";
import { OFFERING_TYPES } from "../offering-type.js";
import { plainDecimal, sameDecimal } from "./decimals.js";
import { idsOf, isLive, type ListedPlan, tokenOn } from "./listed-plans.js";

/** Whose plan is looked for. `prepared` is what an earlier request was sent with, if one was. */
export interface PlanQuestion {
  readonly request: AwsSavingsPlansRequest;
  readonly token: string;
  readonly prepared: Prepared | undefined;
}

/**
 * The plan that carries a line's token, among all plans listed; after a request was sent, else the one plan that came
 * since, is what the line buys and carries no token at all.
 *
 * Tags are stored with the purchase, so the latter should not exist. But a plan that lost its tags and counts as absent
 * is bought twice, so it counts as the line's. Throws where several could be.
 */
export function findPlan(listed: readonly ListedPlan[], question: PlanQuestion): ExistingCommitment | undefined {
  const live = listed.filter(isLive);
  const labeled = live.filter((plan) => tokenOn(plan) === question.token);
  if (labeled.length > 0) return existing(labeled, question, true);
  const [untagged, ...others] = untaggedSince(live, question);
  if (others.length > 0)
    throw new Error(
      `several plans without a token may be the line's: ${idsOf(untaggedSince(live, question)).join(", ")}`,
    );
  return untagged && existing([untagged], question, false);
}

/** The plans without a token that are what the line buys: those that could be taken for its purchase. */
export const alike = (listed: readonly ListedPlan[], request: AwsSavingsPlansRequest): readonly ListedPlan[] =>
  listed.filter(
    (plan) => isLive(plan) && tokenOn(plan) === undefined && differences(plan, request).next().done === true,
  );

function untaggedSince(live: readonly ListedPlan[], { request, prepared }: PlanQuestion): readonly ListedPlan[] {
  const { snapshot } = prepared ?? {};
  if (snapshot === undefined) return [];
  return alike(live, request).filter(({ savingsPlanId }) => !snapshot.includes(savingsPlanId));
}

function existing(plans: readonly ListedPlan[], { request }: PlanQuestion, labeled: boolean): ExistingCommitment {
  const several = plans.length > 1 ? [`quantity: expected 1, found ${plans.length}`] : [];
  const [plan] = plans;
  const startedAt = Date.parse(plan?.start ?? "");
  const charge = plans.length === 1 ? chargeOf(plan) : undefined;
  return {
    commitmentIds: idsOf(plans),
    labeled,
    differences: [...several, ...plans.flatMap((one) => [...differences(one, request)])],
    ...(!Number.isNaN(startedAt) && { startedAt }),
    ...(charge && { charge }),
  };
}

/** What is charged for a plan at once, where AWS says so. */
export function chargeOf(plan: ListedPlan | undefined): Money | undefined {
  const amount = plainDecimal(plan?.upfrontPaymentAmount);
  const currency = plan?.currency;
  return amount === undefined || currency === undefined ? undefined : { amount, currency };
}

function* differences(plan: ListedPlan, request: AwsSavingsPlansRequest): Generator<string> {
  if (!sameDecimal(request.hourlyCommitment, plan.commitment))
    yield difference("hourlyCommitment", request.hourlyCommitment, plan.commitment);
  for (const [name, expected, found] of comparisons(plan, request))
    if (expected !== found) yield difference(name, expected, found);
}

function* comparisons(plan: ListedPlan, request: AwsSavingsPlansRequest): Generator<[string, unknown, unknown]> {
  yield ["planType", request.planType, plan.savingsPlanType];
  yield ["payment", OFFERING_TYPES[request.payment], plan.paymentOption];
  yield ["term", termSeconds(request.term), plan.termDurationInSeconds];
  yield ["currency", request.expectedPrice.currency, plan.currency];
  if (request.planType !== "EC2Instance") return;
  yield ["region", request.region, plan.region];
  yield ["instanceFamily", request.instanceFamily, plan.ec2InstanceFamily];
}

const difference = (name: string, expected: unknown, found: unknown): string =>
  `${name}: expected ${String(expected ?? "none")}, found ${String(found ?? "none")}`;
