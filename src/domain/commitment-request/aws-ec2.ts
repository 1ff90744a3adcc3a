import * as z from "zod/mini";
import { once } from "../once.js";
import { awsRegionalShape, type CommonRequest, holdMsSchema } from "./common.js";

const PLATFORMS = [
  "Linux/UNIX",
  "Linux/UNIX (Amazon VPC)",
  "SUSE Linux",
  "SUSE Linux (Amazon VPC)",
  "Red Hat Enterprise Linux",
  "Red Hat Enterprise Linux (Amazon VPC)",
  "Red Hat Enterprise Linux with HA",
  "Red Hat Enterprise Linux with HA (Amazon VPC)",
  "Windows",
  "Windows (Amazon VPC)",
  "Windows with SQL Server Standard",
  "Windows with SQL Server Standard (Amazon VPC)",
  "Windows with SQL Server Web",
  "Windows with SQL Server Web (Amazon VPC)",
  "Windows with SQL Server Enterprise",
  "Windows with SQL Server Enterprise (Amazon VPC)",
] as const;

/**
 * EC2 Reserved Instances, bought with `PurchaseReservedInstancesOffering`.
 *
 * Platforms are the product descriptions that the EC2 API reference lists; bare aliases ("linux") are refused.
 */
export interface AwsEc2Request extends CommonRequest {
  readonly service: "aws.ec2";
  /** Such as `m5.large`. */
  readonly instanceType: string;
  /** The product description, exactly as EC2 spells it. */
  readonly platform: (typeof PLATFORMS)[number];
  readonly tenancy: "default" | "dedicated" | "host";
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

/** Parses {@link AwsEc2Request}. */
export const awsEc2Schema = once(() =>
  z
    .strictObject({
      service: z.literal("aws.ec2"),
      ...awsRegionalShape(),
      instanceType: z
        .string()
        .check(z.regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'must be an instance type such as "m5.large"')),
      platform: z.enum(PLATFORMS),
      tenancy: z.enum(["default", "dedicated", "host"]),
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
      if (availabilityZone !== undefined && !/^[a-z]$/.test(availabilityZone.slice(region.length)))
        refuse(`must be a zone of region "${region}", such as "${region}a"`);
      if (availabilityZone !== undefined && !availabilityZone.startsWith(region))
        refuse(`does not lie in region "${region}"`);
    }),
);
