import * as z from "zod";
import { type AwsOperation, operation } from "../aws-service.js";
import { truthValue } from "../protocol/query-text.js";
import { listOfferings } from "../reserved-nodes/list-reserved-nodes.js";
import { queryPage, queryPageOf } from "../reserved-nodes/reservation-input.js";
import type { ReservedNodesOffering } from "../reserved-nodes/reserved-nodes-offering.js";
import type { ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { duration, hasAttributes } from "../reserved-nodes/wanted-attributes.js";
import { dbInstanceXml } from "./db-instance.js";

const input = z.object({
  ReservedDBInstancesOfferingId: z.string().optional(),
  DBInstanceClass: z.string().optional(),
  Duration: duration.optional(),
  ProductDescription: z.string().default(""),
  OfferingType: z.string().optional(),
  MultiAZ: truthValue.optional(),
  ...queryPage,
});
type Input = z.infer<typeof input>;

/** Lists what is on sale. RDS finds every product description that contains the one asked for. */
export function describeReservedDbInstancesOfferings(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, input, (request, call) => {
    const { ReservedDBInstancesOfferingId: id } = request;
    const wanted = { id, isWanted: isWanted(request), page: queryPageOf(request) };
    const { rows, nextToken } = listOfferings(shop, wanted, call);
    return { ReservedDBInstancesOfferings: { ReservedDBInstancesOffering: rows.map(offeringXml) }, Marker: nextToken };
  });
}

function isWanted(request: Input): (row: ReservedNodesOffering) => boolean {
  return (row) =>
    row.productDescription?.includes(request.ProductDescription) === true &&
    hasAttributes(row, {
      nodeType: request.DBInstanceClass,
      durationSeconds: request.Duration,
      offeringType: request.OfferingType,
      multiAz: request.MultiAZ,
    });
}

function offeringXml(row: ReservedNodesOffering): object {
  return { ReservedDBInstancesOfferingId: row.offeringId, ...dbInstanceXml(row) };
}
