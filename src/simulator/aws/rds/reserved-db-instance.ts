import { deterministicId } from "../../deterministic-id.js";
import { type ReservedNodes, reservedNodesState } from "../reserved-nodes/reserved-nodes.js";
import { dbInstanceXml } from "./db-instance.js";

/** A reservation as RDS shows it. */
export function reservedDbInstanceXml(record: ReservedNodes, moment: number): object {
  return {
    ReservedDBInstanceId: record.id,
    ReservedDBInstancesOfferingId: record.offering.offeringId,
    ...dbInstanceXml(record.offering),
    StartTime: new Date(record.purchasedAt).toISOString(),
    DBInstanceCount: record.nodeCount,
    State: reservedNodesState(record, moment),
    ReservedDBInstanceArn: arnOf(record),
    LeaseId: leaseIdOf(record),
  };
}

/** The name by which tagging addresses the reservation. */
export function arnOf({ region, account, id }: ReservedNodes): string {
  return `arn:aws:rds:${region}:${account}:ri:${id}`;
}

/** The id of the lease, which only AWS's support ever asks for. */
export function leaseIdOf({ purchaseId }: ReservedNodes): string {
  return deterministicId(`lease:${purchaseId}`);
}
