import * as z from "zod";
import { listedAsOf } from "../../call-effects.js";
import { type AwsOperation, operation } from "../aws-service.js";
import { truthValue } from "../protocol/query-text.js";
import { listReservedNodes } from "../reserved-nodes/list-reserved-nodes.js";
import { queryPage, queryPageOf } from "../reserved-nodes/reservation-input.js";
import type { ReservedNodes } from "../reserved-nodes/reserved-nodes.js";
import type { ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { duration, hasAttributes } from "../reserved-nodes/wanted-attributes.js";
import { leaseIdOf, reservedDbInstanceXml } from "./reserved-db-instance.js";

const input = z.object({
  ReservedDBInstanceId: z.string().toLowerCase().optional(),
  ReservedDBInstancesOfferingId: z.string().optional(),
  DBInstanceClass: z.string().optional(),
  Duration: duration.optional(),
  ProductDescription: z.string().optional(),
  OfferingType: z.string().optional(),
  MultiAZ: truthValue.optional(),
  LeaseId: z.string().optional(),
  ...queryPage,
});
type Input = z.infer<typeof input>;

/** Lists the caller's reservations. */
export function describeReservedDbInstances(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, input, (request, call) => {
    const { ReservedDBInstanceId: id } = request;
    const wanted = { id, isWanted: isWanted(request), page: queryPageOf(request) };
    const { rows, nextToken } = listReservedNodes(shop, wanted, call);
    const shown = rows.map((row) => reservedDbInstanceXml(row, listedAsOf(call)));
    return { ReservedDBInstances: { ReservedDBInstance: shown }, Marker: nextToken };
  });
}

function isWanted(request: Input): (row: ReservedNodes) => boolean {
  const { ReservedDBInstancesOfferingId: offeringId, LeaseId: leaseId } = request;
  return (row) =>
    (offeringId === undefined || row.offering.offeringId === offeringId) &&
    (leaseId === undefined || leaseIdOf(row) === leaseId) &&
    hasAttributes(row.offering, {
      nodeType: request.DBInstanceClass,
      durationSeconds: request.Duration,
      productDescription: request.ProductDescription,
      offeringType: request.OfferingType,
      multiAz: request.MultiAZ,
    });
}
