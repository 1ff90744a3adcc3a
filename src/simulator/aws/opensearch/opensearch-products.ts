import type { ReservedNodesProduct } from "../reserved-nodes/reserved-nodes-product.js";

/** What the simulated OpenSearch Service reserves. */
export const openSearchProducts: readonly ReservedNodesProduct[] = [
  { nodeType: "r6g.large.search", onDemandPerHour: 0.167 },
  { nodeType: "m6g.large.search", onDemandPerHour: 0.128 },
];
