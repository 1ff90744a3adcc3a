import * as z from "zod/mini";
import { effectOf, listedAsOf } from "../../call-effects.js";
import { SimulatedError } from "../../simulated-error.js";
import { type AwsCall, type AwsOperation, type AwsService, operation } from "../aws-service.js";
import type { AwsWorld } from "../aws-world.js";
import { awsJson } from "../protocol/aws-json.js";
import { buyReservedNodes } from "../reserved-nodes/buy-reserved-nodes.js";
import { listOfferings, listReservedNodes, type RequestedPage } from "../reserved-nodes/list-reserved-nodes.js";
import { recurringCharge } from "../reserved-nodes/price-fields.js";
import { reservationId, reservationTags } from "../reserved-nodes/reservation-input.js";
import { type ReservedNodes, reservedNodesState } from "../reserved-nodes/reserved-nodes.js";
import type { ReservedNodesProduct } from "../reserved-nodes/reserved-nodes-catalogue.js";
import { faultsNamedBy } from "../reserved-nodes/reserved-nodes-errors.js";
import type { ReservedNodesOffering } from "../reserved-nodes/reserved-nodes-offering.js";
import { booksOf, openShop, type ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { duration, hasAttributes } from "../reserved-nodes/wanted-attributes.js";
import { byTarget } from "../routing.js";

/** What the simulated MemoryDB reserves; its offerings name no engine. */
export const memoryDbProducts: readonly ReservedNodesProduct[] = [
  { nodeType: "db.r6g.xlarge", onDemandPerHour: 0.618 },
  { nodeType: "db.r6g.large", onDemandPerHour: 0.309 },
];

// The model says 404 for these, which it shares with the query services; over JSON every fault of the sender is a 400.
const errors = faultsNamedBy({
  reservation: "ReservedNode",
  offering: "ReservedNodesOffering",
  suffix: "Fault",
  status: 400,
});

/** MemoryDB, as far as reserved nodes go. */
export function memoryDbService(world: AwsWorld): AwsService {
  const shop = openShop(world, {
    service: "aws.memorydb",
    protocol: awsJson({ invalidInput: "InvalidParameterValueException", internal: "InternalFailure" }),
    errors,
    naming: "id",
  });
  return {
    ...booksOf(shop),
    signingName: "memorydb",
    operationOf: byTarget("AmazonMemoryDB"),
    operations: {
      DescribeReservedNodesOfferings: describeOfferings(shop),
      PurchaseReservedNodesOffering: purchaseOffering(shop),
      DescribeReservedNodes: describeReservations(shop),
      ListTags: listTags(shop),
      TagResource: tagResource(shop),
      UntagResource: untagResource(shop),
    },
  };
}

/** What both listings can be asked for. */
const listingInput = {
  ReservedNodesOfferingId: z.optional(z.string()),
  NodeType: z.optional(z.string()),
  Duration: z.optional(duration),
  OfferingType: z.optional(z.string()),
  // The model sets no bounds: 100 is what the sibling services have.
  MaxResults: z._default(z.int().check(z.gte(1), z.lte(100)), 100),
  NextToken: z.optional(z.string()),
};
type Listing = z.infer<z.ZodMiniObject<typeof listingInput>>;

/** Whether an offering has the attributes asked for. */
function hasWantedAttributes(offering: ReservedNodesOffering, request: Listing): boolean {
  return hasAttributes(offering, {
    nodeType: request.NodeType,
    durationSeconds: request.Duration,
    offeringType: request.OfferingType,
  });
}

function pageOf({ NextToken, MaxResults }: Listing): RequestedPage {
  return { token: NextToken, size: MaxResults, tokenField: "NextToken" };
}

/** Lists what is on sale. */
function describeOfferings(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, z.object(listingInput), (request, call) => {
    const isWanted = (row: ReservedNodesOffering) => hasWantedAttributes(row, request);
    const wanted = { id: request.ReservedNodesOfferingId, isWanted, page: pageOf(request) };
    const { rows, nextToken } = listOfferings(shop, wanted, call);
    return { ReservedNodesOfferings: rows.map(offeringJson), NextToken: nextToken };
  });
}

function offeringJson(row: ReservedNodesOffering): object {
  return { ReservedNodesOfferingId: row.offeringId, ...attributesJson(row) };
}

/** Buys a reservation: once for each id that is sent. Without an id, each call buys again. */
function purchaseOffering(shop: ReservedNodesShop): AwsOperation {
  const input = z.object({
    ReservedNodesOfferingId: z.string(),
    ReservationId: z.optional(reservationId),
    NodeCount: z._default(z.int().check(z.gte(1)), 1),
    Tags: z.optional(reservationTags(/^aws:/i)),
  });
  return operation(shop.protocol, input, (request, call) => {
    const { ReservedNodesOfferingId: offeringId, ReservationId: name, NodeCount: nodeCount, Tags: tags } = request;
    const record = buyReservedNodes(shop, { offeringId, name, nodeCount, tags }, call);
    return { ReservedNode: reservationJson(record, call.now) };
  });
}

/** Lists the caller's reservations. */
function describeReservations(shop: ReservedNodesShop): AwsOperation {
  const input = z.object({ ReservationId: z.optional(z.string().check(z.toLowerCase())), ...listingInput });
  return operation(shop.protocol, input, (request, call) => {
    const { ReservedNodesOfferingId: offeringId } = request;
    const isWanted = ({ offering }: ReservedNodes) =>
      (offeringId === undefined || offering.offeringId === offeringId) && hasWantedAttributes(offering, request);
    const wanted = { id: request.ReservationId, isWanted, page: pageOf(request) };
    const { rows, nextToken } = listReservedNodes(shop, wanted, call);
    return { ReservedNodes: rows.map((row) => reservationJson(row, listedAsOf(call))), NextToken: nextToken };
  });
}

/** Lists the tags of a reservation that is listed already. */
function listTags(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, z.object({ ResourceArn: z.string() }), ({ ResourceArn }, call) =>
    tagList(named(shop, ResourceArn, call), listedAsOf(call)),
  );
}

/** Sets tags, and answers with all tags. */
function tagResource(shop: ReservedNodesShop): AwsOperation {
  const input = z.object({ ResourceArn: z.string(), Tags: reservationTags(/^aws:/i) });
  return operation(shop.protocol, input, ({ ResourceArn, Tags }, call) => {
    const record = named(shop, ResourceArn, call);
    if (effectOf(call, "lost-tag") === undefined) record.tags.set(Tags, call.now);
    return tagList(record, call.now);
  });
}

/** Removes tags, and answers with those that are left. */
function untagResource(shop: ReservedNodesShop): AwsOperation {
  const input = z.object({ ResourceArn: z.string(), TagKeys: z.array(z.string()) });
  return operation(shop.protocol, input, ({ ResourceArn, TagKeys }, call) => {
    const record = named(shop, ResourceArn, call);
    record.tags.remove(TagKeys, call.now);
    return tagList(record, call.now);
  });
}

const tagList = ({ tags }: ReservedNodes, moment: number): object => ({
  TagList: Object.entries(tags.asOf(moment)).map(([Key, Value]) => ({ Key, Value })),
});

function named(shop: ReservedNodesShop, arn: string, call: AwsCall): ReservedNodes {
  const record = shop.shelf.listed(call, listedAsOf(call)).find((candidate) => arnOf(candidate) === arn);
  if (record !== undefined) return record;
  throw new SimulatedError("InvalidARNFault", 400, `The ARN ${arn} is not valid`);
}

/** The name by which tagging addresses the reservation. */
function arnOf({ region, account, id }: ReservedNodes): string {
  return `arn:aws:memorydb:${region}:${account}:reservednode/${id}`;
}

/** A reservation as MemoryDB shows it. */
function reservationJson(record: ReservedNodes, moment: number): object {
  return {
    ReservationId: record.id,
    ReservedNodesOfferingId: record.offering.offeringId,
    ...attributesJson(record.offering),
    StartTime: record.purchasedAt / 1000,
    NodeCount: record.nodeCount,
    State: reservedNodesState(record, moment),
    ARN: arnOf(record),
  };
}

/** What an offering and a reservation of it have in common; MemoryDB names neither a currency nor a usage price. */
function attributesJson(row: ReservedNodesOffering): object {
  return {
    NodeType: row.nodeType,
    Duration: row.durationSeconds,
    FixedPrice: row.fixedPrice,
    OfferingType: row.offeringType,
    RecurringCharges: [recurringCharge(row)],
  };
}
