import type { ReservedNodesProduct } from "../reserved-nodes/reserved-nodes-product.js";

const ON_DEMAND_PER_HOUR = { "db.r6g.xlarge": 0.43, "db.r6g.large": 0.215 } as const;

/**
 * What each engine costs compared with MySQL.
 *
 * The Aurora engines come first: RDS finds them for "mysql" and "postgresql" too, and a buyer who takes the first match
 * takes the wrong one.
 */
const ENGINE_FACTOR = { "aurora-mysql": 1.21, "aurora-postgresql": 1.21, mysql: 1, postgresql: 1.05 } as const;
const MULTI_AZ_FACTOR = [
  { multiAz: true, factor: 2 },
  { multiAz: false, factor: 1 },
] as const;

/** What the simulated RDS reserves: every class with every engine, in one zone and in several. */
export const rdsProducts: readonly ReservedNodesProduct[] = Object.entries(ON_DEMAND_PER_HOUR).flatMap(
  ([nodeType, perHour]) =>
    Object.entries(ENGINE_FACTOR).flatMap(([productDescription, engine]) =>
      MULTI_AZ_FACTOR.map(({ multiAz, factor }) => ({
        nodeType,
        productDescription,
        multiAz,
        onDemandPerHour: perHour * engine * factor,
      })),
    ),
);
