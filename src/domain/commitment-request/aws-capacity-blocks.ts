import * as z from "zod/mini";
import { once } from "../once.js";
import { isZoneOf } from "./aws-zones.js";
import { awsAccountSchema, awsRegionSchema, type RequestOfAnyTerm, shapeOfAnyTerm } from "./common.js";

const DAY_MS = 86_400_000;

/**
 * One EC2 Capacity Block, bought with `PurchaseCapacityBlock`: instances in one zone, from a day to half a year.
 *
 * The line states the block that `DescribeCapacityBlockOfferings` showed. `quantity` is the number of instances, and the
 * expected price is the upfront fee of the whole block. A block cannot be cancelled. UltraServers are not bought.
 */
export interface AwsCapacityBlocksRequest extends RequestOfAnyTerm {
  readonly service: "aws.ec2-capacity-blocks";
  readonly payment: "all_upfront";
  /** Such as `p5.48xlarge`. */
  readonly instanceType: string;
  /** The platform of the instances as EC2 spells it, such as `Linux/UNIX`. */
  readonly platform: string;
  readonly availabilityZone: string;
  /** When the block starts, as its offering states it: `2035-01-06T11:30:00Z`. */
  readonly startsAt: string;
  /** When the block ends, as its offering states it. */
  readonly endsAt: string;
}

/** Parses {@link AwsCapacityBlocksRequest}. */
export const awsCapacityBlocksSchema = once(() =>
  z
    .strictObject({
      service: z.literal("aws.ec2-capacity-blocks"),
      account: awsAccountSchema(),
      region: awsRegionSchema(),
      ...shapeOfAnyTerm(),
      payment: z.literal("all_upfront"),
      instanceType: z
        .string()
        .check(z.regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'must be an instance type such as "p5.48xlarge"')),
      platform: z
        .string()
        .check(z.regex(/^[A-Z][A-Za-z/]*( [A-Za-z][A-Za-z/]*)*$/, 'must be a platform of EC2 such as "Linux/UNIX"')),
      availabilityZone: z.string(),
      startsAt: momentSchema(),
      endsAt: momentSchema(),
    })
    .check((ctx) => {
      for (const [path, message] of contradictions(ctx.value))
        ctx.issues.push({ code: "custom", path: [path], message, input: ctx.value[path] });
    }),
);

// A text that is no time stops the parse, because the contradictions below compute with it.
const momentSchema = () =>
  z.iso.datetime({ error: 'must be a time in UTC such as "2035-01-06T11:30:00Z"', abort: true });

function* contradictions(block: AwsCapacityBlocksRequest): Generator<[keyof AwsCapacityBlocksRequest, string]> {
  const { region, availabilityZone, startsAt, endsAt } = block;
  if (!isZoneOf(region, availabilityZone))
    yield ["availabilityZone", `must be a zone of region "${region}", such as "${region}a"`];
  const lastsMs = Date.parse(endsAt) - Date.parse(startsAt);
  if (lastsMs <= 0) yield ["endsAt", "must be after startsAt"];
  if (lastsMs > 366 * DAY_MS) yield ["endsAt", "must be at most a year after startsAt"];
}
