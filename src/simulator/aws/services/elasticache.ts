import * as z from "zod/mini";
import { listedAsOf } from "../../call-effects.js";
import { type AwsOperation, type AwsService, operation } from "../aws-service.js";
import type { AwsWorld } from "../aws-world.js";
import { awsQuery } from "../protocol/aws-query.js";
import { buyReservedNodes } from "../reserved-nodes/buy-reserved-nodes.js";
import { listOfferings, listReservedNodes } from "../reserved-nodes/list-reserved-nodes.js";
import { recurringCharge } from "../reserved-nodes/price-fields.js";
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

const ON_DEMAND_PER_HOUR = { "cache.m6g.large": 0.149, "cache.r6g.large": 0.206 } as const;
const ENGINE_FACTOR = { memcached: 1, redis: 1, valkey: 0.8 } as const;

/** What the simulated ElastiCache reserves: every node type with every engine. */
export const elastiCacheProducts: readonly ReservedNodesProduct[] = Object.entries(ON_DEMAND_PER_HOUR).flatMap(
  ([nodeType, perHour]) =>
    Object.entries(ENGINE_FACTOR).map(([productDescription, factor]) => ({
      nodeType,
      productDescription,
      onDemandPerHour: perHour * factor,
    })),
);

const errors = faultsNamedBy({
  reservation: "ReservedCacheNode",
  offering: "ReservedCacheNodesOffering",
  suffix: "",
  status: 404,
});

/** ElastiCache, as far as reserved cache nodes go. */
export function elastiCacheService(world: AwsWorld): AwsService {
  const shop = openShop(world, {
    service: "aws.elasticache",
    protocol: awsQuery("http://elasticache.amazonaws.com/doc/2015-02-02/"),
    errors,
    naming: "id",
  });
  return {
    ...booksOf(shop),
    signingName: "elasticache",
    operationOf: byAction("2015-02-02"),
    operations: {
      DescribeReservedCacheNodesOfferings: describeOfferings(shop),
      PurchaseReservedCacheNodesOffering: purchaseOffering(shop),
      DescribeReservedCacheNodes: describeReservations(shop),
      ...tagOperations(shop, arnOf, (left) => left),
    },
  };
}

/** What both listings can be asked for. */
const attributesInput = {
  ReservedCacheNodesOfferingId: z.optional(z.string()),
  CacheNodeType: z.optional(z.string()),
  Duration: z.optional(duration),
  ProductDescription: z.optional(z.string()),
  OfferingType: z.optional(z.string()),
};
type Attributes = z.infer<z.ZodMiniObject<typeof attributesInput>>;

/** Whether an offering has the attributes asked for; ElastiCache compares all of them exactly. */
function hasWantedAttributes(offering: ReservedNodesOffering, request: Attributes): boolean {
  return hasAttributes(offering, {
    nodeType: request.CacheNodeType,
    durationSeconds: request.Duration,
    productDescription: request.ProductDescription,
    offeringType: request.OfferingType,
  });
}

/** Lists what is on sale. */
function describeOfferings(shop: ReservedNodesShop): AwsOperation {
  const input = z.object({ ...attributesInput, ...queryPage });
  return operation(shop.protocol, input, (request, call) => {
    const isWanted = (row: ReservedNodesOffering) => hasWantedAttributes(row, request);
    const wanted = { id: request.ReservedCacheNodesOfferingId, isWanted, page: queryPageOf(request) };
    const { rows, nextToken } = listOfferings(shop, wanted, call);
    return { ReservedCacheNodesOfferings: { ReservedCacheNodesOffering: rows.map(offeringXml) }, Marker: nextToken };
  });
}

function offeringXml(row: ReservedNodesOffering): object {
  return { ReservedCacheNodesOfferingId: row.offeringId, ...attributesXml(row) };
}

/** Buys a reservation: once for each id that is sent. Without an id, each call buys again. */
function purchaseOffering(shop: ReservedNodesShop): AwsOperation {
  const input = z.object({
    ReservedCacheNodesOfferingId: z.string(),
    ReservedCacheNodeId: z.optional(reservationId),
    CacheNodeCount: nodeCountText,
    Tags: reservationTagsQuery(/^aws:/i),
  });
  return operation(shop.protocol, input, (request, call) => {
    const order = {
      offeringId: request.ReservedCacheNodesOfferingId,
      name: request.ReservedCacheNodeId,
      nodeCount: request.CacheNodeCount,
      tags: request.Tags,
    };
    return { ReservedCacheNode: reservationXml(buyReservedNodes(shop, order, call), call.now) };
  });
}

/** Lists the caller's reservations. */
function describeReservations(shop: ReservedNodesShop): AwsOperation {
  const id = z.optional(z.string().check(z.toLowerCase()));
  const input = z.object({ ReservedCacheNodeId: id, ...attributesInput, ...queryPage });
  return operation(shop.protocol, input, (request, call) => {
    const { ReservedCacheNodesOfferingId: offeringId } = request;
    const isWanted = ({ offering }: ReservedNodes) =>
      (offeringId === undefined || offering.offeringId === offeringId) && hasWantedAttributes(offering, request);
    const wanted = { id: request.ReservedCacheNodeId, isWanted, page: queryPageOf(request) };
    const { rows, nextToken } = listReservedNodes(shop, wanted, call);
    const shown = rows.map((row) => reservationXml(row, listedAsOf(call)));
    return { ReservedCacheNodes: { ReservedCacheNode: shown }, Marker: nextToken };
  });
}

/** A reservation as ElastiCache shows it. */
function reservationXml(record: ReservedNodes, moment: number): object {
  return {
    ReservedCacheNodeId: record.id,
    ReservedCacheNodesOfferingId: record.offering.offeringId,
    ...attributesXml(record.offering),
    StartTime: new Date(record.purchasedAt).toISOString(),
    CacheNodeCount: record.nodeCount,
    State: reservedNodesState(record, moment),
    ReservationARN: arnOf(record),
  };
}

/** The name by which tagging addresses the reservation. */
function arnOf({ region, account, id }: Pick<ReservedNodes, "account" | "id" | "region">): string {
  return `arn:aws:elasticache:${region}:${account}:reserved-instance:${id}`;
}

/** What an offering and a reservation of it have in common; ElastiCache names no currency. */
function attributesXml(row: ReservedNodesOffering): object {
  return {
    CacheNodeType: row.nodeType,
    Duration: row.durationSeconds,
    FixedPrice: row.fixedPrice,
    UsagePrice: 0,
    ProductDescription: row.productDescription,
    OfferingType: row.offeringType,
    RecurringCharges: { RecurringCharge: recurringCharge(row) },
  };
}
