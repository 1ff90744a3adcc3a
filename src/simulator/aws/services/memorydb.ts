import type { AwsService } from "../aws-service.js";
import type { AwsWorld } from "../aws-world.js";
import { describeReservedNodes } from "../memorydb/describe-reserved-nodes.js";
import { describeReservedNodesOfferings } from "../memorydb/describe-reserved-nodes-offerings.js";
import { purchaseReservedNodesOffering } from "../memorydb/purchase-reserved-nodes-offering.js";
import { awsJson } from "../protocol/aws-json.js";
import { faultsNamedBy } from "../reserved-nodes/reserved-nodes-errors.js";
import { booksOf, openShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { byTarget } from "../routing.js";

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
      DescribeReservedNodesOfferings: describeReservedNodesOfferings(shop),
      PurchaseReservedNodesOffering: purchaseReservedNodesOffering(shop),
      DescribeReservedNodes: describeReservedNodes(shop),
    },
  };
}
