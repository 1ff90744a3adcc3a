import { pricesInUsd, recurringCharge } from "../reserved-nodes/price-fields.js";
import type { ReservedNodesOffering } from "../reserved-nodes/reserved-nodes-offering.js";

/** What an offering and a reservation of it have in common. */
export function dbInstanceXml(row: ReservedNodesOffering): object {
  return {
    DBInstanceClass: row.nodeType,
    Duration: row.durationSeconds,
    ...pricesInUsd(row),
    ProductDescription: row.productDescription,
    OfferingType: row.offeringType,
    MultiAZ: row.multiAz,
    RecurringCharges: { RecurringCharge: recurringCharge(row) },
  };
}
