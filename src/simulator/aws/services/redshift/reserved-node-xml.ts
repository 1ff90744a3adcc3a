import { pricesInUsd, recurringCharge } from "../../reserved-nodes/price-fields.js";
import { type ReservedNodes, reservedNodesState } from "../../reserved-nodes/reserved-nodes.js";
import type { ReservedNodesOffering } from "../../reserved-nodes/reserved-nodes-offering.js";

/** An offering as Redshift shows it; a reservation repeats all of it. */
export function offeringXml(row: ReservedNodesOffering): object {
  return {
    ReservedNodeOfferingId: row.offeringId,
    NodeType: row.nodeType,
    Duration: row.durationSeconds,
    ...pricesInUsd(row),
    OfferingType: row.offeringType,
    RecurringCharges: { RecurringCharge: recurringCharge(row) },
    ReservedNodeOfferingType: row.nodeOfferingType,
  };
}

/** A reservation as Redshift shows it. */
export function reservationXml(record: ReservedNodes, moment: number): object {
  return {
    ReservedNodeId: record.id,
    ...offeringXml(record.offering),
    StartTime: new Date(record.purchasedAt).toISOString(),
    NodeCount: record.nodeCount,
    State: reservedNodesState(record, moment),
  };
}
