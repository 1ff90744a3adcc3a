import * as z from "zod/mini";
import { once } from "../once.js";
import { isZoneOf } from "./aws-zones.js";
import { awsRegionalShape, type CommonRequest, holdMsSchema } from "./common.js";

const SYSTEMS = [
  "Linux/UNIX",
  "Linux with SQL Server Standard",
  "Linux with SQL Server Web",
  "Linux with SQL Server Enterprise",
  "SUSE Linux",
  "Red Hat Enterprise Linux",
  "Red Hat Enterprise Linux with HA",
  "RHEL with SQL Server Standard",
  "RHEL with SQL Server Web",
  "RHEL with SQL Server Enterprise",
  "RHEL with HA and SQL Server Standard",
  "RHEL with HA and SQL Server Enterprise",
  "Windows",
  "Windows with SQL Server Standard",
  "Windows with SQL Server Web",
  "Windows with SQL Server Enterprise",
] as const;

/**
 * The product descriptions that are known today, to suggest one for a slip. EC2 adds others without a new API version.
 *
 * Source: `DescribeReservedInstancesOfferings` in the EC2 API reference. It does not list those with RHEL and SQL
 * Server; they are spelled here as EC2 spells the platforms of instances.
 */
export const EC2_PLATFORMS: readonly string[] = SYSTEMS.flatMap((system) => [system, `${system} (Amazon VPC)`]);

/**
 * EC2 Reserved Instances, bought with `PurchaseReservedInstancesOffering`.
 *
 * Any product description is taken that is spelled like those of EC2, and EC2 judges it; bare aliases ("linux") are
 * refused.
 */
export interface AwsEc2Request extends CommonRequest {
  readonly service: "aws.ec2";
  /** Such as `m5.large`. */
  readonly instanceType: string;
  /** The product description as EC2 spells it, such as `Linux/UNIX` or `Windows with SQL Server Web (Amazon VPC)`. */
  readonly platform: string;
  /** EC2 sells none for `host`: reservations of Dedicated Hosts are service `aws.ec2-dedicated-hosts`. */
  readonly tenancy: "default" | "dedicated";
  readonly offeringClass: "standard" | "convertible";
  readonly scope: "region" | "availability_zone";
  /** Required with scope `availability_zone`, refused with scope `region`. */
  readonly availabilityZone?: string | undefined;
  /**
   * Queues the purchase. It starts this many milliseconds after it is bought, and `cancelQueued` can withdraw it until
   * then. One hour to three years. Only with scope `region`, because EC2 queues no other scope.
   */
  readonly holdMs?: number | undefined;
}

// "The host value cannot be used with this parameter" (DescribeReservedInstancesOfferings in the EC2 API reference).
const NO_HOSTS =
  'must be "default" or "dedicated": EC2 sells no Reserved Instances for hosts. Reserve hosts with service "aws.ec2-dedicated-hosts"';

/** Parses {@link AwsEc2Request}. */
export const awsEc2Schema = once(() =>
  z
    .strictObject({
      service: z.literal("aws.ec2"),
      ...awsRegionalShape(),
      instanceType: z
        .string()
        .check(z.regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'must be an instance type such as "m5.large"')),
      platform: z
        .string()
        .check(
          z.regex(
            /^[A-Z][A-Za-z/]*( [A-Za-z][A-Za-z/]*)*( \(Amazon VPC\))?$/,
            'must be a product description of EC2 such as "Linux/UNIX"',
          ),
        ),
      tenancy: z.enum(["default", "dedicated"], { error: ({ input }) => (input === "host" ? NO_HOSTS : undefined) }),
      offeringClass: z.enum(["standard", "convertible"]),
      scope: z.enum(["region", "availability_zone"]),
      availabilityZone: z.optional(z.string()),
      holdMs: z.optional(holdMsSchema()),
    })
    .check((ctx) => {
      const { scope, availabilityZone, region, holdMs } = ctx.value;
      if (scope !== "region" && holdMs !== undefined)
        ctx.issues.push({ code: "custom", path: ["holdMs"], message: 'needs scope "region"', input: holdMs });
      const refuse = (message: string) =>
        ctx.issues.push({ code: "custom", path: ["availabilityZone"], message, input: availabilityZone });
      if (scope === "region" && availabilityZone !== undefined) refuse('contradicts scope "region"');
      if (scope === "availability_zone" && availabilityZone === undefined)
        refuse('is required with scope "availability_zone"');
      if (availabilityZone !== undefined && !isZoneOf(region, availabilityZone))
        refuse(`must be a zone of region "${region}", such as "${region}a"`);
    }),
);
