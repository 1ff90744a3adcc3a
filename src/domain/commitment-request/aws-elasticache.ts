import * as z from "zod/mini";
import { once } from "../once.js";
import { awsRegionalShape, type CommonRequest } from "./common.js";

/** The product descriptions of ElastiCache. */
export const ELASTICACHE_ENGINES = ["redis", "valkey", "memcached"] as const;

/** ElastiCache reserved cache nodes, bought with `PurchaseReservedCacheNodesOffering`. */
export interface AwsElastiCacheRequest extends CommonRequest {
  readonly service: "aws.elasticache";
  /** Such as `cache.r6g.large`. */
  readonly cacheNodeType: string;
  readonly engine: (typeof ELASTICACHE_ENGINES)[number];
}

/** Parses {@link AwsElastiCacheRequest}. */
export const awsElastiCacheSchema = once(() =>
  z.strictObject({
    service: z.literal("aws.elasticache"),
    ...awsRegionalShape(),
    cacheNodeType: z
      .string()
      .check(z.regex(/^cache\.[a-z0-9-]+\.[a-z0-9-]+$/, 'must be a cache node type such as "cache.r6g.large"')),
    engine: z.enum(ELASTICACHE_ENGINES),
  }),
);
