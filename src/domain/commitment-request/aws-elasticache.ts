import * as z from "zod/mini";
import { once } from "../once.js";
import { RDS_ENGINES } from "./aws-rds.js";
import { awsRegionalShape, type CommonRequest } from "./common.js";

/** The product descriptions that are known today, to suggest one for a slip. */
export const ELASTICACHE_ENGINES = ["redis", "valkey", "memcached"] as const;

/** ElastiCache reserved cache nodes, bought with `PurchaseReservedCacheNodesOffering`. */
export interface AwsElastiCacheRequest extends CommonRequest {
  readonly service: "aws.elasticache";
  /** Such as `cache.r6g.large`. */
  readonly cacheNodeType: string;
  /** The product description, such as `redis` or `valkey`. Any is taken that is no engine of RDS. */
  readonly engine: string;
}

/** Parses {@link AwsElastiCacheRequest}. */
export const awsElastiCacheSchema = once(() =>
  z.strictObject({
    service: z.literal("aws.elasticache"),
    ...awsRegionalShape(),
    cacheNodeType: z
      .string()
      .check(z.regex(/^cache(\.[a-z0-9-]+){2,}$/, 'must be a cache node type such as "cache.r6g.large"')),
    engine: z.string().check(
      z.regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be a product description of ElastiCache such as "redis"'),
      z.refine((engine) => !RDS_ENGINES.includes(engine), "is an engine of RDS"),
    ),
  }),
);
