import * as z from "zod/mini";
import { once } from "../once.js";
import { awsRegionalShape, type CommonRequest } from "./common.js";

/** The kinds of reserved node that Redshift sells of one node type. */
export const REDSHIFT_OFFERING_TYPES = ["Regular", "Upgradable"] as const;

/** Redshift reserved nodes of provisioned clusters, bought with `PurchaseReservedNodeOffering`. */
export interface AwsRedshiftRequest extends CommonRequest {
  readonly service: "aws.redshift";
  /** Such as `ra3.xlplus`. */
  readonly nodeType: string;
  /** The `ReservedNodeOfferingType`. */
  readonly nodeOfferingType: (typeof REDSHIFT_OFFERING_TYPES)[number];
}

/** Parses {@link AwsRedshiftRequest}. */
export const awsRedshiftSchema = once(() =>
  z.strictObject({
    service: z.literal("aws.redshift"),
    ...awsRegionalShape(),
    nodeType: z
      .string()
      .check(z.regex(/^(ra|dc|ds|rg)[a-z0-9]*\.[a-z0-9]+$/, 'must be a node type of Redshift such as "ra3.xlplus"')),
    nodeOfferingType: z.enum(REDSHIFT_OFFERING_TYPES),
  }),
);
