import { type ReservedNodes, reservedNodesState } from "../reserved-nodes/reserved-nodes.js";
import { memoryDbNodeJson } from "./memorydb-node.js";

/** A reservation as MemoryDB shows it. */
export function reservedNodeJson(record: ReservedNodes, moment: number): object {
  return {
    ReservationId: record.id,
    ReservedNodesOfferingId: record.offering.offeringId,
    ...memoryDbNodeJson(record.offering),
    StartTime: record.purchasedAt / 1000,
    NodeCount: record.nodeCount,
    State: reservedNodesState(record, moment),
    ARN: `arn:aws:memorydb:${record.region}:${record.account}:reservednode/${record.id}`,
  };
}
