import type { AwsService } from "../aws-service.js";
import type { AwsWorld } from "../aws-world.js";
import { describeReservedInstanceOfferings } from "../opensearch/describe-reserved-instance-offerings.js";
import { describeReservedInstances } from "../opensearch/describe-reserved-instances.js";
import { openSearchErrors, openSearchProtocol } from "../opensearch/opensearch-protocol.js";
import { purchaseReservedInstanceOffering } from "../opensearch/purchase-reserved-instance-offering.js";
import { booksOf, openShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { byPath } from "../routing.js";

const PATHS = new Map([
  ["GET /2021-01-01/opensearch/reservedInstanceOfferings", "DescribeReservedInstanceOfferings"],
  ["POST /2021-01-01/opensearch/purchaseReservedInstanceOffering", "PurchaseReservedInstanceOffering"],
  ["GET /2021-01-01/opensearch/reservedInstances", "DescribeReservedInstances"],
]);

/** OpenSearch Service, as far as reserved instances go. */
export function openSearchService(world: AwsWorld): AwsService {
  const shop = openShop(world, {
    service: "aws.opensearch",
    protocol: openSearchProtocol,
    errors: openSearchErrors,
    naming: world.settings.openSearchNamesAreUnique ? "unique-label" : "label",
  });
  return {
    ...booksOf(shop),
    signingName: "es",
    operationOf: byPath(PATHS),
    operations: {
      DescribeReservedInstanceOfferings: describeReservedInstanceOfferings(shop),
      PurchaseReservedInstanceOffering: purchaseReservedInstanceOffering(shop),
      DescribeReservedInstances: describeReservedInstances(shop),
    },
  };
}
