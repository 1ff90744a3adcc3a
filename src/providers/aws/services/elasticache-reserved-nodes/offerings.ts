import type { AwsElastiCacheRequest } from "../../../../domain/commitment-request/aws-elasticache.js";
import { termSeconds } from "../../../../domain/commitment-request/common.js";
import { collectPages } from "../../../collect-pages.js";
import { OFFERING_TYPES } from "../../offering-type.js";
import type { Attributes } from "../../reservations/attributes.js";
import { currencyOf, type Offering, unitPriceOf } from "../../reservations/offering.js";
import { type ElastiCacheConnection, loadElastiCache } from "./elasticache-client.js";

/** What a line buys, in the spellings of ElastiCache. */
export const wanted = (request: AwsElastiCacheRequest): Attributes => ({
  CacheNodeType: request.cacheNodeType,
  ProductDescription: request.engine,
  Duration: termSeconds(request.term),
  OfferingType: OFFERING_TYPES[request.payment],
});

/** The offerings that ElastiCache lists for a line; the API states no currency. */
export async function listOfferings(
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
