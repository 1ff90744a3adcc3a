import type { ReservedNodesProduct } from "../reserved-nodes/reserved-nodes-product.js";

const ON_DEMAND_PER_HOUR = { "cache.m6g.large": 0.149, "cache.r6g.large": 0.206 } as const;
const ENGINE_FACTOR = { memcached: 1, redis: 1, valkey: 0.8 } as const;

/** What the simulated ElastiCache reserves: every node type with every engine. */
export const elastiCacheProducts: readonly ReservedNodesProduct[] = Object.entries(ON_DEMAND_PER_HOUR).flatMap(
  ([nodeType, perHour]) =>
    Object.entries(ENGINE_FACTOR).map(([productDescription, factor]) => ({
      nodeType,
      productDescription,
      onDemandPerHour: perHour * factor,
    })),
);
