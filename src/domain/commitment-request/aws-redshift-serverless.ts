import * as z from "zod/mini";
import { once } from "../once.js";
import { awsRegionalShape, type CommonRequest } from "./common.js";

/**
 * Redshift Serverless reservations, bought with `CreateReservation`.
 *
 * `quantity` is the capacity in Redshift Processing Units. The reservations are sold for one year, with all of the
 * price upfront or none of it.
 */
export interface AwsRedshiftServerlessRequest extends CommonRequest {
  readonly service: "aws.redshift-serverless";
  readonly term: "1yr";
  readonly payment: "all_upfront" | "no_upfront";
}

/** Parses {@link AwsRedshiftServerlessRequest}. */
export const awsRedshiftServerlessSchema = once(() =>
  z.strictObject({
    service: z.literal("aws.redshift-serverless"),
    ...awsRegionalShape(),
    term: z.literal("1yr"),
    payment: z.enum(["all_upfront", "no_upfront"]),
  }),
);
