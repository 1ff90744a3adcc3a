import { type ReservedNodes, reservedNodesState } from "../reserved-nodes/reserved-nodes.js";
import { cacheNodeXml } from "./cache-node.js";

/** A reservation as ElastiCache shows it. */
export function reservedCacheNodeXml(record: ReservedNodes, moment: number): object {
  return {
    ReservedCacheNodeId: record.id,
    ReservedCacheNodesOfferingId: record.offering.offeringId,
    ...cacheNodeXml(record.offering),
    StartTime: new Date(record.purchasedAt).toISOString(),
    CacheNodeCount: record.nodeCount,
    State: reservedNodesState(record, moment),
    ReservationARN: `arn:aws:elasticache:${record.region}:${record.account}:reserved-instance:${record.id}`,
  };
}
