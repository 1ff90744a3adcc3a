import * as z from "zod/mini";
import { listedAsOf } from "../../call-effects.js";
import { SimulatedError } from "../../simulated-error.js";
import { type AwsOperation, type AwsService, operation } from "../aws-service.js";
import type { AwsWorld } from "../aws-world.js";
import type { AwsProtocol } from "../protocol/aws-protocol.js";
import { wholeNumber } from "../protocol/query-text.js";
import { restJson } from "../protocol/rest-json.js";
import { buyReservedNodes } from "../reserved-nodes/buy-reserved-nodes.js";
import { listOfferings, listReservedNodes, type RequestedPage } from "../reserved-nodes/list-reserved-nodes.js";
import { pricesInUsd, recurringCharge } from "../reserved-nodes/price-fields.js";
import { type ReservedNodes, reservedNodesState } from "../reserved-nodes/reserved-nodes.js";
import type { ReservedNodesProduct } from "../reserved-nodes/reserved-nodes-catalogue.js";
import type { ReservedNodesErrors } from "../reserved-nodes/reserved-nodes-errors.js";
import type { ReservedNodesOffering } from "../reserved-nodes/reserved-nodes-offering.js";
import { booksOf, openShop, type ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { byPath } from "../routing.js";

/** What the simulated OpenSearch Service reserves. */
export const openSearchProducts: readonly ReservedNodesProduct[] = [
  { nodeType: "r6g.large.search", onDemandPerHour: 0.167 },
  { nodeType: "m6g.large.search", onDemandPerHour: 0.128 },
];

/** The rest-json protocol with the errors of OpenSearch Service. */
const protocol: AwsProtocol = {
  ...restJson,
  refusals: {
    ...restJson.refusals,
    internal: () => new SimulatedError("InternalException", 500, restJson.refusals.internal().message),
  },
};

/**
 * The errors for an absent thing and for a name that is taken. OpenSearch Service answers both with 409; only their
 * names differ.
 */
const errors: ReservedNodesErrors = {
  offeringNotFound: (id) =>
    new SimulatedError("ResourceNotFoundException", 409, `Reserved instance offering not found: ${id}`),
  notFound: (id) => new SimulatedError("ResourceNotFoundException", 409, `Reserved instance not found: ${id}`),
  alreadyExists: (name) =>
    new SimulatedError("ResourceAlreadyExistsException", 409, `A reservation with the name ${name} already exists`),
};

const PATHS = new Map([
  ["GET /2021-01-01/opensearch/reservedInstanceOfferings", "DescribeReservedInstanceOfferings"],
  ["POST /2021-01-01/opensearch/purchaseReservedInstanceOffering", "PurchaseReservedInstanceOffering"],
  ["GET /2021-01-01/opensearch/reservedInstances", "DescribeReservedInstances"],
  ["GET /2021-01-01/tags", "ListTags"],
  ["POST /2021-01-01/tags", "AddTags"],
  ["POST /2021-01-01/tags-removal", "RemoveTags"],
]);

/** OpenSearch Service, as far as reserved instances go. */
export function openSearchService(world: AwsWorld): AwsService {
  const naming = world.settings.openSearchNamesAreUnique ? "unique-label" : "label";
  const shop = openShop(world, { service: "aws.opensearch", protocol, errors, naming });
  return {
    ...booksOf(shop),
    signingName: "es",
    operationOf: byPath(PATHS),
    operations: {
      DescribeReservedInstanceOfferings: describeOfferings(shop),
      PurchaseReservedInstanceOffering: purchaseOffering(shop),
      DescribeReservedInstances: describeReservations(shop),
      ListTags: refuseArn({ arn: z.string() }),
      AddTags: refuseArn({ ARN: z.string(), TagList: z.array(z.unknown()) }),
      RemoveTags: refuseArn({ ARN: z.string(), TagKeys: z.array(z.string()) }),
    },
  };
}

/**
 * Tags are for domains, data sources and applications ("AddTags" in the OpenSearch Service API reference), none of which
 * exist here. So every name is refused, that of a reservation too.
 */
const refuseArn = (input: Readonly<Record<string, z.ZodMiniType>>): AwsOperation =>
  operation(protocol, z.object(input), () => {
    throw new SimulatedError("ValidationException", 400, "The ARN names nothing that can have tags");
  });

/** The pattern of the API model for the ids of offerings and reservations. */
const guid = z.guid();

/** The page of a listing, in the query string. */
const pageInput = {
  maxResults: z._default(z.pipe(wholeNumber, z.int().check(z.gte(1), z.lte(100))), 100),
  nextToken: z.optional(z.string()),
};

function pageOf({ maxResults, nextToken }: z.infer<z.ZodMiniObject<typeof pageInput>>): RequestedPage {
  return { token: nextToken, size: maxResults, tokenField: "nextToken" };
}

/** Lists what is on sale: one offering by id, or all. */
function describeOfferings(shop: ReservedNodesShop): AwsOperation {
  const input = z.object({ offeringId: z.optional(guid), ...pageInput });
  return operation(protocol, input, (request, call) => {
    const { rows, nextToken } = listOfferings(shop, { id: request.offeringId, page: pageOf(request) }, call);
    return { ReservedInstanceOfferings: rows.map(offeringJson), NextToken: nextToken };
  });
}

/** Buys a reservation, once for each name unless names need not be unique. */
function purchaseOffering(shop: ReservedNodesShop): AwsOperation {
  const input = z.object({
    ReservedInstanceOfferingId: guid,
    ReservationName: z.string().check(z.minLength(5), z.maxLength(64)),
    InstanceCount: z._default(z.int().check(z.gte(1)), 1),
  });
  return operation(protocol, input, (request, call) => {
    const { ReservedInstanceOfferingId: offeringId, InstanceCount: nodeCount, ReservationName } = request;
    const { id, name } = buyReservedNodes(shop, { offeringId, name: ReservationName, nodeCount }, call);
    return { ReservedInstanceId: id, ReservationName: name };
  });
}

/** Lists the caller's reservations: one by id, or all. There is no way to ask for a name. */
function describeReservations(shop: ReservedNodesShop): AwsOperation {
  const input = z.object({ reservationId: z.optional(guid), ...pageInput });
  return operation(protocol, input, (request, call) => {
    const { rows, nextToken } = listReservedNodes(shop, { id: request.reservationId, page: pageOf(request) }, call);
    return { ReservedInstances: rows.map((row) => reservationJson(row, listedAsOf(call))), NextToken: nextToken };
  });
}

/** A reservation as OpenSearch Service shows it. */
function reservationJson(record: ReservedNodes, moment: number): object {
  return {
    ReservationName: record.name,
    ReservedInstanceId: record.id,
    BillingSubscriptionId: Number(record.purchaseId.replace(/\D/g, "")),
    ...offeringJson(record.offering),
    StartTime: record.purchasedAt / 1000,
    InstanceCount: record.nodeCount,
    State: reservedNodesState(record, moment),
  };
}

const PAYMENT_OPTION = {
  "No Upfront": "NO_UPFRONT",
  "Partial Upfront": "PARTIAL_UPFRONT",
  "All Upfront": "ALL_UPFRONT",
} as const;

/** An offering as OpenSearch Service shows it; a reservation repeats all of it. */
function offeringJson(row: ReservedNodesOffering): object {
  return {
    ReservedInstanceOfferingId: row.offeringId,
    InstanceType: row.nodeType,
    Duration: row.durationSeconds,
    ...pricesInUsd(row),
    PaymentOption: PAYMENT_OPTION[row.offeringType],
    RecurringCharges: [recurringCharge(row)],
  };
}
