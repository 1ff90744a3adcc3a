import type { ReservedNode, MemoryDBClient as SdkClient } from "@aws-sdk/client-memorydb";
import type { AwsMemoryDbRequest } from "../../../domain/commitment-request/aws-memorydb.js";
import { termSeconds } from "../../../domain/commitment-request/common.js";
import { collectPages } from "../../collect-pages.js";
import { nameIn } from "../../commitment-names.js";
import type { CommitmentProvider } from "../../commitment-provider.js";
import { loadSdk } from "../../load-sdk.js";
import type { AwsClientConfig, AwsTarget } from "../aws-client.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { MEMORYDB_STATES } from "../aws-states.js";
import type { AwsTiming } from "../aws-timing.js";
import type { AwsConnection } from "../connect.js";
import { OFFERING_TYPES } from "../offering-type.js";
import type { Attributes } from "../reservations/attributes.js";
import { namedReservations } from "../reservations/named-reservations.js";
import { currencyOf, type Offering, unitPriceOf } from "../reservations/offering.js";
import type { Reservation } from "../reservations/reservation.js";
import { theOneNamed } from "../reservations/the-one-named.js";
import { timeOf } from "../stated-term.js";
import { tokenTag } from "../token-tag.js";

// The types of the options. Declarations of this subpath must not refer to `buyonce/aws`, which names every SDK.
export type { AwsClientConfig, AwsProviderOptions, AwsTarget, AwsTiming };

/** A `MemoryDBClient` of the AWS SDK, as far as it is needed here. */
export interface MemoryDbClient extends Pick<SdkClient, "send"> {
  readonly config: AwsClientConfig;
}

/**
 * Buys MemoryDB reserved nodes under an id derived from the token, which MemoryDB accepts once: contract `caller-named`.
 *
 * The tag `buyonce:token` goes out with the purchase. Needs `memorydb:DescribeReservedNodes`,
 * `DescribeReservedNodesOfferings`, `PurchaseReservedNodesOffering` and `TagResource`.
 */
export const memoryDbReservedNodes = (
  options: AwsProviderOptions<MemoryDbClient, AwsTiming>,
): CommitmentProvider<AwsMemoryDbRequest> =>
  namedReservations(options, {
    service: "aws.memorydb",
    what: "MemoryDB reserved nodes",
    states: MEMORYDB_STATES,
    wanted,
    listOfferings,
    describe,
    async command({ request, token, prepared }) {
      const { PurchaseReservedNodesOfferingCommand } = await loadMemoryDb();
      return new PurchaseReservedNodesOfferingCommand({
        ReservedNodesOfferingId: prepared.reference,
        ReservationId: nameIn(prepared),
        NodeCount: request.quantity,
        Tags: [tokenTag(token)],
      });
    },
    send: (client, command, options) => client.send(command, options),
    reservationIn: ({ ReservedNode }, { request }) => ReservedNode && reservationOf(ReservedNode, request),
  });

/** What a line buys, in the spellings of MemoryDB. */
const wanted = (request: AwsMemoryDbRequest): Attributes => ({
  NodeType: request.nodeType,
  Duration: termSeconds(request.term),
  OfferingType: OFFERING_TYPES[request.payment],
});

/** The offerings that MemoryDB lists for a line; the API states no currency. */
async function listOfferings(
  { client, settings, signal, limit }: MemoryDbConnection,
  request: AwsMemoryDbRequest,
): Promise<readonly Offering[]> {
  const { DescribeReservedNodesOfferingsCommand } = await loadMemoryDb();
  const listed = await collectPages({
    operation: "DescribeReservedNodesOfferings",
    maxPages: settings.maxPages,
    signal,
    async fetch(NextToken) {
      const command = new DescribeReservedNodesOfferingsCommand({
        NodeType: request.nodeType,
        Duration: String(termSeconds(request.term)),
        OfferingType: OFFERING_TYPES[request.payment],
        MaxResults: 100,
        NextToken,
      });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.ReservedNodesOfferings, nextToken: page.NextToken };
    },
  });
  return listed.map((offering) => ({
    id: offering.ReservedNodesOfferingId,
    stated: offering,
    unitPrice: unitPriceOf(offering, currencyOf(request)),
  }));
}

/** The reservation of a name, or `undefined` where MemoryDB itself says that there is none. */
async function describe(
  { client, settings, signal, limit }: MemoryDbConnection,
  { name, request }: { readonly name: string; readonly request: AwsMemoryDbRequest },
): Promise<Reservation | undefined> {
  const { DescribeReservedNodesCommand } = await loadMemoryDb();
  const ask = () =>
    collectPages({
      operation: "DescribeReservedNodes",
      maxPages: settings.maxPages,
      signal,
      async fetch(NextToken) {
        const command = new DescribeReservedNodesCommand({ ReservationId: name, NextToken });
        const page = await client.send(command, { abortSignal: limit() });
        return { items: page.ReservedNodes, nextToken: page.NextToken };
      },
    });
  return theOneNamed(name, async () => (await ask()).map((node) => reservationOf(node, request)));
}

/** A reserved node in the shape of all reservations. */
const reservationOf = (node: ReservedNode, request: AwsMemoryDbRequest): Reservation => ({
  id: node.ReservationId ?? "",
  offeringId: node.ReservedNodesOfferingId,
  stated: node,
  quantity: node.NodeCount,
  state: node.State,
  startedAt: timeOf(node.StartTime),
  durationSeconds: node.Duration,
  fixedPrice: node.FixedPrice,
  currency: currencyOf(request),
});

/** An open account and region of MemoryDB. */
type MemoryDbConnection = AwsConnection<MemoryDbClient>;

/** The MemoryDB package of the AWS SDK, loaded on first use. */
const loadMemoryDb = () => loadSdk("@aws-sdk/client-memorydb", () => import("@aws-sdk/client-memorydb"));
