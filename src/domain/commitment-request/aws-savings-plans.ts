import Big from "big.js";
import * as z from "zod/mini";
import { once } from "../once.js";
import { awsAccountSchema, awsRegionSchema, type CommonRequest, commonShape, holdMsSchema } from "./common.js";
import { commitmentTotal, hourlyCommitmentSchema, totalProblem } from "./hourly-commitment.js";

/** The plan types that are known today. The Savings Plans API adds others without a new version. */
export const SAVINGS_PLAN_TYPES = ["Compute", "EC2Instance", "SageMaker", "Database"] as const;

/**
 * One Savings Plan, bought with `CreateSavingsPlan`.
 *
 * A plan is bought whole, so `quantity` is 1 and the size is `hourlyCommitment`. Of the known plan types, only
 * `EC2Instance` belongs to a region and an instance family; the others have region `"global"`. A plan of any other type
 * is sold with the region and the family that its offering states. The expected price is the hourly commitment times
 * the hours of the term, which the schema checks.
 */
export interface AwsSavingsPlansRequest extends CommonRequest {
  readonly service: "aws.savings-plans";
  /** Such as `Compute`, `EC2Instance`, `SageMaker` or `Database`. */
  readonly planType: string;
  /** Hourly commitment in the currency of the expected price; 0.001 to 1000000, at most five decimals (CreateSavingsPlan reference). */
  readonly hourlyCommitment: string;
  /** Such as `m5`. Required for `EC2Instance` plans, refused for the other known types. */
  readonly instanceFamily?: string | undefined;
  /** Whole amount due at once; required with payment `partial_upfront`, refused otherwise. 50 to 99 % of the total. */
  readonly upfrontAmount?: string | undefined;
  /**
   * Queues the purchase. It starts this many milliseconds after it is bought, and `cancelQueued` can withdraw it until
   * then. One hour to three years.
   */
  readonly holdMs?: number | undefined;
}

/** Parses {@link AwsSavingsPlansRequest}. */
export const awsSavingsPlansSchema = once(() =>
  z
    .strictObject({
      service: z.literal("aws.savings-plans"),
      account: awsAccountSchema(),
      region: z.union(
        [z.literal("global"), awsRegionSchema()],
        'must be "global" or an AWS region such as "eu-west-1"',
      ),
      ...commonShape(),
      quantity: z.literal(1),
      planType: z.string().check(z.regex(/^[A-Z][A-Za-z0-9]*$/, 'must be a type of Savings Plan such as "Compute"')),
      hourlyCommitment: hourlyCommitmentSchema(),
      instanceFamily: z.optional(
        z.string().check(z.regex(/^[a-z][a-z0-9-]*$/, 'must be an instance family such as "m5"')),
      ),
      // A text that is not a number stops the parse, because the contradictions below compute with it.
      upfrontAmount: z.optional(
        z.string().check(z.regex(/^[1-9][0-9]{0,17}$/, { error: "must be a whole amount", abort: true })),
      ),
      holdMs: z.optional(holdMsSchema()),
    })
    .check((ctx) => {
      for (const [path, message] of contradictions(ctx.value)) {
        ctx.issues.push({ code: "custom", path: [path], message, input: ctx.value });
      }
    }),
);

function* contradictions(plan: AwsSavingsPlansRequest): Generator<[keyof AwsSavingsPlansRequest, string]> {
  if (isKnownType(plan.planType)) yield* placeContradictions(plan);
  yield* sizeContradictions(plan);
}

const isKnownType = (planType: string): boolean => SAVINGS_PLAN_TYPES.some((known) => known === planType);

function* placeContradictions(plan: AwsSavingsPlansRequest): Generator<[keyof AwsSavingsPlansRequest, string]> {
  const regional = plan.planType === "EC2Instance";
  if (regional && plan.region === "global") yield ["region", "must be an AWS region for an EC2Instance plan"];
  if (!regional && plan.region !== "global") yield ["region", `must be "global" for a ${plan.planType} plan`];
  if (regional && plan.instanceFamily === undefined) yield ["instanceFamily", "is required for an EC2Instance plan"];
  if (!regional && plan.instanceFamily !== undefined)
    yield ["instanceFamily", `contradicts plan type "${plan.planType}"`];
}

function* sizeContradictions(plan: AwsSavingsPlansRequest): Generator<[keyof AwsSavingsPlansRequest, string]> {
  const hourly = new Big(plan.hourlyCommitment);
  if (hourly.lt("0.001") || hourly.gt(1_000_000)) yield ["hourlyCommitment", "must lie between 0.001 and 1000000"];
  const problem = totalProblem(plan);
  if (problem !== undefined) yield ["expectedPrice", problem];
  const partial = plan.payment === "partial_upfront";
  if (partial !== (plan.upfrontAmount !== undefined))
    yield ["upfrontAmount", partial ? "is required with partial_upfront" : `contradicts payment "${plan.payment}"`];
  const total = new Big(commitmentTotal(plan).amount);
  if (
    plan.upfrontAmount !== undefined &&
    (total.times("0.5").gt(plan.upfrontAmount) || total.times("0.99").lt(plan.upfrontAmount))
  )
    yield ["upfrontAmount", `must lie between 50 and 99 % of ${total.toFixed()}`];
}
