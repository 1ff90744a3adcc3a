import * as z from "zod/mini";
import { readSettings } from "../../read-settings.js";
import { RESERVED_NODES_SERVICES, type ReservedNodesService } from "../reserved-nodes/reserved-nodes-offering.js";

/** How much of something an account runs all the time. */
export interface InstanceUsage {
  readonly service: "aws.ec2" | "aws.dynamodb" | ReservedNodesService;
  readonly account: string;
  readonly region: string;
  /** The instance type, DB instance class or node type; for DynamoDB the capacity unit. */
  readonly nodeType: string;
  /** The platform of EC2, or the engine of RDS and ElastiCache, as their offerings state it. */
  readonly productDescription?: string | undefined;
  /** For EC2. Default: `default`. */
  readonly tenancy?: "default" | "dedicated" | undefined;
  /** For RDS. Default: false. */
  readonly multiAz?: boolean | undefined;
  /** 0 if nothing of it runs any more. */
  readonly count: number;
}

/** What an account spends on demand each hour, as far as Savings Plans of a type cover it. */
export interface PlanSpend {
  readonly account: string;
  readonly planType: "Compute" | "EC2Instance" | "SageMaker" | "Database";
  /** Both are set for EC2 Instance plans, and neither for the others. */
  readonly region?: string | undefined;
  readonly instanceFamily?: string | undefined;
  /** In USD. 0 if nothing is spent any more. */
  readonly hourlySpend: number;
}

/** What accounts use. */
export interface AwsUsage {
  readonly instances?: readonly InstanceUsage[] | undefined;
  readonly spend?: readonly PlanSpend[] | undefined;
}

const account = z.string().check(z.regex(/^\d{12}$/, "an AWS account id has 12 digits"));

export const usageSchema: z.ZodMiniType<AwsUsage> = z.strictObject({
  instances: z.optional(
    z.array(
      z.strictObject({
        service: z.enum(["aws.ec2", "aws.dynamodb", ...RESERVED_NODES_SERVICES]),
        account,
        region: z.string().check(z.minLength(1)),
        nodeType: z.string().check(z.minLength(1)),
        productDescription: z.optional(z.string()),
        tenancy: z.optional(z.enum(["default", "dedicated"])),
        multiAz: z.optional(z.boolean()),
        count: z.int().check(z.nonnegative()),
      }),
    ),
  ),
  spend: z.optional(
    z.array(
      z.strictObject({
        account,
        planType: z.enum(["Compute", "EC2Instance", "SageMaker", "Database"]),
        region: z.optional(z.string()),
        instanceFamily: z.optional(z.string()),
        hourlySpend: z.number().check(z.nonnegative()),
      }),
    ),
  ),
});

/** What the accounts use, as a test states it, in the order in which it was first stated. */
export class UsageBook {
  readonly #instances = new Map<string, InstanceUsage>();
  readonly #spend = new Map<string, PlanSpend>();

  /** States usage from now on. What was stated of the same before is replaced. Throws `TypeError` for anything else. */
  set(usage: AwsUsage): void {
    const { instances = [], spend = [] } = readSettings(usageSchema, structuredClone(usage));
    for (const used of instances) this.#instances.set(JSON.stringify({ ...productOf(used), at: used.account }), used);
    for (const { hourlySpend, ...spent } of spend)
      this.#spend.set(JSON.stringify([spent.account, planOf(spent)]), { ...spent, hourlySpend });
  }

  instances(): readonly InstanceUsage[] {
    return [...this.#instances.values()];
  }

  spend(): readonly PlanSpend[] {
    return [...this.#spend.values()];
  }
}

/** What is used, without who uses how much of it. */
export type Product = Required<Omit<InstanceUsage, "account" | "count">>;

/** What is used, with every default filled in. */
export const productOf = (used: InstanceUsage): Product => ({
  service: used.service,
  region: used.region,
  nodeType: used.nodeType,
  productDescription: used.productDescription,
  tenancy: used.tenancy ?? "default",
  multiAz: used.multiAz ?? false,
});

/** What a plan has to be like to cover the spend. */
export type CoveringPlan = Pick<PlanSpend, "planType" | "region" | "instanceFamily">;

export const planOf = ({ planType, region, instanceFamily }: CoveringPlan): CoveringPlan => ({
  planType,
  region,
  instanceFamily,
});
