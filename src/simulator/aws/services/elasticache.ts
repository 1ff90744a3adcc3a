import type { AwsService } from "../aws-service.js";
import type { AwsWorld } from "../aws-world.js";
import { describeReservedCacheNodes } from "../elasticache/describe-reserved-cache-nodes.js";
import { describeReservedCacheNodesOfferings } from "../elasticache/describe-reserved-cache-nodes-offerings.js";
import { purchaseReservedCacheNodesOffering } from "../elasticache/purchase-reserved-cache-nodes-offering.js";
import { awsQuery } from "../protocol/aws-query.js";
import { faultsNamedBy } from "../reserved-nodes/reserved-nodes-errors.js";
import { booksOf, openShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { byAction } from "../routing.js";

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
      DescribeReservedCacheNodesOfferings: describeReservedCacheNodesOfferings(shop),
      PurchaseReservedCacheNodesOffering: purchaseReservedCacheNodesOffering(shop),
      DescribeReservedCacheNodes: describeReservedCacheNodes(shop),
    },
  };
}
