import type { AwsRdsRequest } from "../../../../domain/commitment-request/aws-rds.js";
import { termSeconds } from "../../../../domain/commitment-request/common.js";
import { collectPages } from "../../../collect-pages.js";
import { OFFERING_TYPES } from "../../offering-type.js";
import type { Attributes } from "../../reservations/attributes.js";
import { type Offering, unitPriceOf } from "../../reservations/offering.js";
import { loadRds, type RdsConnection } from "./rds-client.js";

/** What a line buys, in the spellings of RDS. */
export const wanted = (request: AwsRdsRequest): Attributes => ({
  DBInstanceClass: request.dbInstanceClass,
  ProductDescription: request.engine,
  MultiAZ: request.multiAz,
  Duration: termSeconds(request.term),
  OfferingType: OFFERING_TYPES[request.payment],
});

/**
 * The offerings that RDS lists for a line.
 *
 * RDS matches `ProductDescription` in part ("mysql" brings "aurora-mysql" too), so what is listed is compared again.
 */
export async function listOfferings(
  { client, settings, signal, limit }: RdsConnection,
  request: AwsRdsRequest,
): Promise<readonly Offering[]> {
  const { DescribeReservedDBInstancesOfferingsCommand } = await loadRds();
  const listed = await collectPages({
    operation: "DescribeReservedDBInstancesOfferings",
    maxPages: settings.maxPages,
    signal,
    async fetch(Marker) {
      const command = new DescribeReservedDBInstancesOfferingsCommand({
        DBInstanceClass: request.dbInstanceClass,
        ProductDescription: request.engine,
        MultiAZ: request.multiAz,
        Duration: String(termSeconds(request.term)),
        OfferingType: OFFERING_TYPES[request.payment],
        MaxRecords: 100,
        Marker,
      });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.ReservedDBInstancesOfferings, nextToken: page.Marker };
    },
  });
  return listed.map((offering) => ({
    id: offering.ReservedDBInstancesOfferingId,
    stated: offering,
    unitPrice: unitPriceOf(offering),
  }));
}
