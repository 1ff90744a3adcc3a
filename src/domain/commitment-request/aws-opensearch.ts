import * as z from "zod/mini";
import { once } from "../once.js";
import { awsRegionalShape, type CommonRequest } from "./common.js";

/** OpenSearch Service reserved instances, bought with `PurchaseReservedInstanceOffering`. */
export interface AwsOpenSearchRequest extends CommonRequest {
  readonly service: "aws.opensearch";
  /** Such as `m6g.large.search`. */
  readonly instanceType: string;
}

/** Parses {@link AwsOpenSearchRequest}. */
export const awsOpenSearchSchema = once(() =>
  z.strictObject({
    service: z.literal("aws.opensearch"),
    ...awsRegionalShape(),
    instanceType: z
      .string()
      .check(
        z.regex(
          /^[a-z0-9-]+(\.[a-z0-9-]+)+\.search$/,
          'must be an instance type of OpenSearch such as "m6g.large.search"',
        ),
      ),
  }),
);
