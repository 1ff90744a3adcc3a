import * as z from "zod/mini";
import { once } from "../once.js";
import { awsRegionalShape, type CommonRequest } from "./common.js";

/**
 * EC2 Dedicated Host reservations, bought with `PurchaseHostReservation` for hosts that the account has allocated.
 *
 * `quantity` is the number of hosts in `hostIds`.
 */
export interface AwsDedicatedHostsRequest extends CommonRequest {
  readonly service: "aws.ec2-dedicated-hosts";
  /** Such as `m5`. All hosts must be of this family. */
  readonly instanceFamily: string;
  /** Such as `h-0123456789abcdef0`. A host carries at most one reservation. */
  readonly hostIds: readonly string[];
}

/** Parses {@link AwsDedicatedHostsRequest}. */
export const awsDedicatedHostsSchema = once(() =>
  z
    .strictObject({
      service: z.literal("aws.ec2-dedicated-hosts"),
      ...awsRegionalShape(),
      instanceFamily: z.string().check(z.regex(/^[a-z][a-z0-9-]*$/, 'must be an instance family such as "m5"')),
      hostIds: z
        .array(z.string().check(z.regex(/^h-[0-9a-z-]{1,60}$/, 'must be a host id such as "h-0123456789abcdef0"')))
        .check(
          z.minLength(1),
          z.refine((ids) => new Set(ids).size === ids.length, "must not name a host twice"),
        ),
    })
    .check((ctx) => {
      const { quantity, hostIds } = ctx.value;
      if (quantity === hostIds.length) return;
      const message = `must be the number of hosts in hostIds, ${hostIds.length}`;
      ctx.issues.push({ code: "custom", path: ["quantity"], message, input: quantity });
    }),
);
