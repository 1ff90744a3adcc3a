import { REDSHIFT_OFFERING_TYPES } from "../reserved-nodes/reserved-nodes-offering.js";
import type { ReservedNodesProduct } from "../reserved-nodes/reserved-nodes-product.js";

const ON_DEMAND_PER_HOUR = { "ra3.4xlarge": 3.26, "ra3.xlplus": 1.086 } as const;

/** What the simulated Redshift reserves: every node type twice, told apart by nothing but the kind of offering. */
export const redshiftProducts: readonly ReservedNodesProduct[] = Object.entries(ON_DEMAND_PER_HOUR).flatMap(
  ([nodeType, onDemandPerHour]) =>
    REDSHIFT_OFFERING_TYPES.map((nodeOfferingType) => ({ nodeType, nodeOfferingType, onDemandPerHour })),
);
