import type { ReservedCacheNode, ElastiCacheClient as SdkClient } from "@aws-sdk/client-elasticache";
import { type AwsElastiCacheRequest, ELASTICACHE_ENGINES } from "../../../domain/commitment-request/aws-elasticache.js";
import { termSeconds } from "../../../domain/commitment-request/common.js";
import { collectPages } from "../../collect-pages.js";
import { nameIn } from "../../commitment-names.js";
import type { CommitmentProvider } from "../../commitment-provider.js";
import { loadSdk } from "../../load-sdk.js";
import type { AwsClientConfig, AwsTarget } from "../aws-client.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { ELASTICACHE_STATES } from "../aws-states.js";
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

/** An `ElastiCacheClient` of the AWS SDK, as far as it is needed here. */
export interface ElastiCacheClient extends Pick<SdkClient, "send"> {
  readonly config: AwsClientConfig;
}

/**
 * Buys ElastiCache reserved nodes under an id derived from the token, which ElastiCache accepts once: contract
 * `caller-named`.
 *
 * The tag `buyonce:token` goes out with the purchase. Needs `elasticache:DescribeReservedCacheNodes`,
 * `DescribeReservedCacheNodesOfferings`, `PurchaseReservedCacheNodesOffering` and `AddTagsToResource`.
 */
export const elastiCacheReservedNodes = (
  options: AwsProviderOptions<ElastiCacheClient, AwsTiming>,
): CommitmentProvider<AwsElastiCacheRequest> =>
  namedReservations(options, {
    service: "aws.elasticache",
    what: "reserved cache nodes",
    states: ELASTICACHE_STATES,
    wanted,
    openValue: ({ engine }) => ({ value: engine, known: ELASTICACHE_ENGINES }),
    listOfferings,
    describe,
    async command({ request, token, prepared }) {
      const { PurchaseReservedCacheNodesOfferingCommand } = await loadElastiCache();
      return new PurchaseReservedCacheNodesOfferingCommand({
        ReservedCacheNodesOfferingId: prepared.reference,
        ReservedCacheNodeId: nameIn(prepared),
        CacheNodeCount: request.quantity,
        Tags: [tokenTag(token)],
      });
    },
    send: (client, command, options) => client.send(command, options),
    reservationIn: ({ ReservedCacheNode }, { request }) =>
      ReservedCacheNode && reservationOf(ReservedCacheNode, request),
  });

/** What a line buys, in the spellings of ElastiCache. */
const wanted = (request: AwsElastiCacheRequest): Attributes => ({
  CacheNodeType: request.cacheNodeType,
  ProductDescription: request.engine,
  Duration: termSeconds(request.term),
  OfferingType: OFFERING_TYPES[request.payment],
});

/** The offerings that ElastiCache lists for a line; the API states no currency. */
async function listOfferings(
  { client, settings, signal, limit }: ElastiCacheConnection,
  request: AwsElastiCacheRequest,
): Promise<readonly Offering[]> {
  const { DescribeReservedCacheNodesOfferingsCommand } = await loadElastiCache();
  const listed = await collectPages({
    operation: "DescribeReservedCacheNodesOfferings",
    maxPages: settings.maxPages,
    signal,
    async fetch(Marker) {
      const command = new DescribeReservedCacheNodesOfferingsCommand({
        CacheNodeType: request.cacheNodeType,
        ProductDescription: request.engine,
        Duration: String(termSeconds(request.term)),
        OfferingType: OFFERING_TYPES[request.payment],
        MaxRecords: 100,
        Marker,
      });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.ReservedCacheNodesOfferings, nextToken: page.Marker };
    },
  });
  return listed.map((offering) => ({
    id: offering.ReservedCacheNodesOfferingId,
    stated: offering,
    unitPrice: unitPriceOf(offering, currencyOf(request)),
  }));
}

/** The reservation of a name, or `undefined` where ElastiCache itself says that there is none. */
async function describe(
  { client, settings, signal, limit }: ElastiCacheConnection,
  { name, request }: { readonly name: string; readonly request: AwsElastiCacheRequest },
): Promise<Reservation | undefined> {
  const { DescribeReservedCacheNodesCommand } = await loadElastiCache();
  const ask = () =>
    collectPages({
      operation: "DescribeReservedCacheNodes",
      maxPages: settings.maxPages,
      signal,
      async fetch(Marker) {
        const command = new DescribeReservedCacheNodesCommand({ ReservedCacheNodeId: name, Marker });
        const page = await client.send(command, { abortSignal: limit() });
        return { items: page.ReservedCacheNodes, nextToken: page.Marker };
      },
    });
  return theOneNamed(name, async () => (await ask()).map((node) => reservationOf(node, request)));
}

/** A reserved cache node in the shape of all reservations. */
const reservationOf = (node: ReservedCacheNode, request: AwsElastiCacheRequest): Reservation => ({
  id: node.ReservedCacheNodeId ?? "",
  offeringId: node.ReservedCacheNodesOfferingId,
  stated: node,
  quantity: node.CacheNodeCount,
  state: node.State,
  startedAt: timeOf(node.StartTime),
  durationSeconds: node.Duration,
  fixedPrice: node.FixedPrice,
  currency: currencyOf(request),
});

/** An open account and region of ElastiCache. */
type ElastiCacheConnection = AwsConnection<ElastiCacheClient>;

/** The ElastiCache package of the AWS SDK, loaded on first use. */
const loadElastiCache = () => loadSdk("@aws-sdk/client-elasticache", () => import("@aws-sdk/client-elasticache"));
