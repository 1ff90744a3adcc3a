import type { ReservedCacheNode } from "@aws-sdk/client-elasticache";
import type { AwsElastiCacheRequest } from "../../../../domain/commitment-request/aws-elasticache.js";
import { currencyOf } from "../../reservations/offering.js";
import type { Reservation } from "../../reservations/reservation.js";
import { theOneNamed } from "../../reservations/the-one-named.js";
import { timeOf } from "../../stated-term.js";
import { type ElastiCacheConnection, loadElastiCache } from "./elasticache-client.js";

/** The reservation of a name, or `undefined` where ElastiCache itself says that there is none. */
export async function describe(
  { client, limit }: ElastiCacheConnection,
  { name, request }: { readonly name: string; readonly request: AwsElastiCacheRequest },
): Promise<Reservation | undefined> {
  const { DescribeReservedCacheNodesCommand } = await loadElastiCache();
  const command = new DescribeReservedCacheNodesCommand({ ReservedCacheNodeId: name });
  return theOneNamed(name, async () => {
    const { ReservedCacheNodes } = await client.send(command, { abortSignal: limit() });
    return ReservedCacheNodes?.map((node) => reservationOf(node, request));
  });
}

/** A reserved cache node in the shape of all reservations. */
export const reservationOf = (node: ReservedCacheNode, request: AwsElastiCacheRequest): Reservation => ({
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
