import * as z from "zod/mini";
import { listedAsOf } from "../../call-effects.js";
import { deterministicId } from "../../deterministic-id.js";
import { type AwsOperation, type AwsService, operation } from "../aws-service.js";
import type { AwsWorld } from "../aws-world.js";
import { awsQuery } from "../protocol/aws-query.js";
import { truthValue } from "../protocol/query-text.js";
import { buyReservedNodes } from "../reserved-nodes/buy-reserved-nodes.js";
import { listOfferings, listReservedNodes } from "../reserved-nodes/list-reserved-nodes.js";
import { pricesInUsd, recurringCharge } from "../reserved-nodes/price-fields.js";
import {
  nodeCountText,
  queryPage,
  queryPageOf,
  reservationId,
  reservationTagsQuery,
} from "../reserved-nodes/reservation-input.js";
import { type ReservedNodes, reservedNodesState } from "../reserved-nodes/reserved-nodes.js";
import type { ReservedNodesProduct } from "../reserved-nodes/reserved-nodes-catalogue.js";
import { faultsNamedBy } from "../reserved-nodes/reserved-nodes-errors.js";
import type { ReservedNodesOffering } from "../reserved-nodes/reserved-nodes-offering.js";
import { booksOf, openShop, type ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { tagOperations } from "../reserved-nodes/tag-operations.js";
import { duration, hasAttributes } from "../reserved-nodes/wanted-attributes.js";
import { byAction } from "../routing.js";

const ON_DEMAND_PER_HOUR = { "db.r6g.xlarge": 0.43, "db.r6g.large": 0.215 } as const;

/**
 * What each engine costs compared with MySQL.
 *
 * The Aurora engines come first: RDS finds them for "mysql" and "postgresql" too, and a buyer who takes the first match
 * takes the wrong one.
 */
const ENGINE_FACTOR = {
  "aurora-mysql": 1.21,
  "aurora-postgresql": 1.21,
  mysql: 1,
  postgresql: 1.05,
  // As RDS spells them, with and without a blank before the bracket.
  "oracle-se2 (byol)": 1,
  "oracle-se2 (li)": 1.9,
  "oracle-ee(byol)": 1,
  "sqlserver-ee(li)": 3.2,
} as const;
const MULTI_AZ_FACTOR = [
  { multiAz: true, factor: 2 },
  { multiAz: false, factor: 1 },
] as const;

/** What the simulated RDS reserves: every class with every engine, in one zone and in several. */
export const rdsProducts: readonly ReservedNodesProduct[] = Object.entries(ON_DEMAND_PER_HOUR).flatMap(
  ([nodeType, perHour]) =>
    Object.entries(ENGINE_FACTOR).flatMap(([productDescription, engine]) =>
      MULTI_AZ_FACTOR.map(({ multiAz, factor }) => ({
        nodeType,
        productDescription,
        multiAz,
        onDemandPerHour: perHour * engine * factor,
      })),
    ),
);

const errors = faultsNamedBy({
  reservation: "ReservedDBInstance",
  offering: "ReservedDBInstancesOffering",
  suffix: "",
  status: 404,
});

/** RDS, as far as reserved DB instances go. */
export function rdsService(world: AwsWorld): AwsService {
  const shop = openShop(world, {
    service: "aws.rds",
    protocol: awsQuery("http://rds.amazonaws.com/doc/2014-10-31/"),
    errors,
    naming: "id",
  });
  return {
    ...booksOf(shop),
    signingName: "rds",
    operationOf: byAction("2014-10-31"),
    operations: {
      DescribeReservedDBInstancesOfferings: describeOfferings(shop),
      PurchaseReservedDBInstancesOffering: purchaseOffering(shop),
      DescribeReservedDBInstances: describeReservations(shop),
      ...tagOperations(shop, arnOf),
    },
  };
}

/** What both listings can be asked for. */
const attributesInput = {
  ReservedDBInstancesOfferingId: z.optional(z.string()),
  DBInstanceClass: z.optional(z.string()),
  Duration: z.optional(duration),
  ProductDescription: z.optional(z.string()),
  OfferingType: z.optional(z.string()),
  MultiAZ: z.optional(truthValue),
};
type Attributes = z.infer<z.ZodMiniObject<typeof attributesInput>>;

/** Whether an offering has the attributes that both listings compare alike: all but the product description. */
function hasWantedAttributes(offering: ReservedNodesOffering, request: Attributes): boolean {
  return hasAttributes(offering, {
    nodeType: request.DBInstanceClass,
    durationSeconds: request.Duration,
    offeringType: request.OfferingType,
    multiAz: request.MultiAZ,
  });
}

/** Lists what is on sale. RDS finds every product description that contains the one asked for. */
function describeOfferings(shop: ReservedNodesShop): AwsOperation {
  const input = z.object({ ...attributesInput, ...queryPage });
  return operation(shop.protocol, input, (request, call) => {
    const { ProductDescription: text = "" } = request;
    const isWanted = (row: ReservedNodesOffering) =>
      row.productDescription?.includes(text) === true && hasWantedAttributes(row, request);
    const wanted = { id: request.ReservedDBInstancesOfferingId, isWanted, page: queryPageOf(request) };
    const { rows, nextToken } = listOfferings(shop, wanted, call);
    return { ReservedDBInstancesOfferings: { ReservedDBInstancesOffering: rows.map(offeringXml) }, Marker: nextToken };
  });
}

function offeringXml(row: ReservedNodesOffering): object {
  return { ReservedDBInstancesOfferingId: row.offeringId, ...attributesXml(row) };
}

/** Buys a reservation: once for each id that is sent. Without an id, each call buys again. */
function purchaseOffering(shop: ReservedNodesShop): AwsOperation {
  const input = z.object({
    ReservedDBInstancesOfferingId: z.string(),
    ReservedDBInstanceId: z.optional(reservationId),
    DBInstanceCount: nodeCountText,
    Tags: reservationTagsQuery(/^(aws|rds):/i),
  });
  return operation(shop.protocol, input, (request, call) => {
    const order = {
      offeringId: request.ReservedDBInstancesOfferingId,
      name: request.ReservedDBInstanceId,
      nodeCount: request.DBInstanceCount,
      tags: request.Tags,
    };
    return { ReservedDBInstance: reservationXml(buyReservedNodes(shop, order, call), call.now) };
  });
}

const reservationsInput = z.object({
  ReservedDBInstanceId: z.optional(z.string().check(z.toLowerCase())),
  ...attributesInput,
  LeaseId: z.optional(z.string()),
  ...queryPage,
});
type ReservationsInput = z.infer<typeof reservationsInput>;

/** Lists the caller's reservations. */
function describeReservations(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, reservationsInput, (request, call) => {
    const wanted = { id: request.ReservedDBInstanceId, isWanted: isWanted(request), page: queryPageOf(request) };
    const { rows, nextToken } = listReservedNodes(shop, wanted, call);
    const shown = rows.map((row) => reservationXml(row, listedAsOf(call)));
    return { ReservedDBInstances: { ReservedDBInstance: shown }, Marker: nextToken };
  });
}

function isWanted(request: ReservationsInput): (row: ReservedNodes) => boolean {
  const { ReservedDBInstancesOfferingId: offeringId, LeaseId: leaseId, ProductDescription } = request;
  return (row) =>
    (offeringId === undefined || row.offering.offeringId === offeringId) &&
    (leaseId === undefined || leaseIdOf(row) === leaseId) &&
    (ProductDescription === undefined || row.offering.productDescription === ProductDescription) &&
    hasWantedAttributes(row.offering, request);
}

/** A reservation as RDS shows it. */
function reservationXml(record: ReservedNodes, moment: number): object {
  return {
    ReservedDBInstanceId: record.id,
    ReservedDBInstancesOfferingId: record.offering.offeringId,
    ...attributesXml(record.offering),
    StartTime: new Date(record.purchasedAt).toISOString(),
    DBInstanceCount: record.nodeCount,
    State: reservedNodesState(record, moment),
    ReservedDBInstanceArn: arnOf(record),
    LeaseId: leaseIdOf(record),
  };
}

/** What an offering and a reservation of it have in common. */
function attributesXml(row: ReservedNodesOffering): object {
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

/** The name by which tagging addresses the reservation. */
function arnOf({ region, account, id }: Pick<ReservedNodes, "account" | "id" | "region">): string {
  return `arn:aws:rds:${region}:${account}:ri:${id}`;
}

/** The id of the lease, which only AWS's support ever asks for. */
function leaseIdOf({ purchaseId }: ReservedNodes): string {
  return deterministicId(`lease:${purchaseId}`);
}
