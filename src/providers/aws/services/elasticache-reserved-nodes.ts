import type { AwsElastiCacheRequest } from "../../../domain/commitment-request/aws-elasticache.js";
import type { CommitmentProvider } from "../../commitment-provider.js";
import type { AwsClientConfig, AwsTarget } from "../aws-client.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { ELASTICACHE_STATES } from "../aws-states.js";
import type { AwsTiming } from "../aws-timing.js";
import { namedReservations } from "../reservations/named-reservations.js";
import { tokenTag } from "../token-tag.js";
import { type ElastiCacheClient, loadElastiCache } from "./elasticache-reserved-nodes/elasticache-client.js";
import { listOfferings, wanted } from "./elasticache-reserved-nodes/offerings.js";
import { describe, reservationOf } from "./elasticache-reserved-nodes/reservations.js";

// What the options are made of: declarations of this subpath may not lead to `buyonce/aws`, which names every SDK.
export type { AwsClientConfig, AwsProviderOptions, AwsTarget, AwsTiming, ElastiCacheClient };

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
    listOfferings,
    describe,
    async command({ request, token, offeringId, name }) {
      const { PurchaseReservedCacheNodesOfferingCommand } = await loadElastiCache();
      return new PurchaseReservedCacheNodesOfferingCommand({
        ReservedCacheNodesOfferingId: offeringId,
        ReservedCacheNodeId: name,
        CacheNodeCount: request.quantity,
        Tags: [tokenTag(token)],
      });
    },
    send: (client, command, options) => client.send(command, options),
    reservationIn: ({ ReservedCacheNode }, request) => ReservedCacheNode && reservationOf(ReservedCacheNode, request),
  });
