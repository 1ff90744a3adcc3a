import type { ReservedNodesProduct } from "../reserved-nodes/reserved-nodes-product.js";

/** What the simulated MemoryDB reserves; its offerings name no engine. */
export const memoryDbProducts: readonly ReservedNodesProduct[] = [
  { nodeType: "db.r6g.xlarge", onDemandPerHour: 0.618 },
  { nodeType: "db.r6g.large", onDemandPerHour: 0.309 },
];
