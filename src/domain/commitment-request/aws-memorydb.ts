import * as z from "zod/mini";
import { once } from "../once.js";
import { awsRegionalShape, type CommonRequest } from "./common.js";

/** MemoryDB reserved nodes, bought with `PurchaseReservedNodesOffering`. Its offerings have no engine. */
export interface AwsMemoryDbRequest extends CommonRequest {
  readonly service: "aws.memorydb";
  /** Such as `db.r6g.large`. */
  readonly nodeType: string;
}

/** Parses {@link AwsMemoryDbRequest}. */
export const awsMemoryDbSchema = once(() =>
  z.strictObject({
    service: z.literal("aws.memorydb"),
    ...awsRegionalShape(),
    nodeType: z
      .string()
      .check(z.regex(/^db(\.[a-z0-9-]+){2,}$/, 'must be a node type of MemoryDB such as "db.r6g.large"')),
  }),
);
