import * as z from "zod/mini";
import { once } from "../once.js";
import { awsRegionalShape, type CommonRequest } from "./common.js";

/** The kinds of reserved node that Redshift is known to sell of one node type, to suggest one for a slip. */
export const REDSHIFT_OFFERING_TYPES = ["Regular", "Upgradable"] as const;

/** Redshift reserved nodes of provisioned clusters, bought with `PurchaseReservedNodeOffering`. */
export interface AwsRedshiftRequest extends CommonRequest {
  readonly service: "aws.redshift";
  /** Such as `ra3.xlplus`. */
  readonly nodeType: string;
  /** The `ReservedNodeOfferingType`, such as `Regular` or `Upgradable`. */
  readonly nodeOfferingType: string;
}

/** Parses {@link AwsRedshiftRequest}. */
export const awsRedshiftSchema = once(() =>
  z.strictObject({
    service: z.literal("aws.redshift"),
    ...awsRegionalShape(),
    nodeType: z
      .string()
      // The families of Redshift begin with two letters, those of EC2 with one letter and a digit.
      .check(z.regex(/^[a-z]{2}[a-z0-9-]*\.[a-z0-9-]+$/, 'must be a node type of Redshift such as "ra3.xlplus"')),
    nodeOfferingType: z
      .string()
      .check(z.regex(/^[A-Z][A-Za-z]*$/, 'must be a type of offering of Redshift such as "Regular"')),
  }),
);
