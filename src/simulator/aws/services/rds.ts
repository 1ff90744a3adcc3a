import type { AwsService } from "../aws-service.js";
import type { AwsWorld } from "../aws-world.js";
import { awsQuery } from "../protocol/aws-query.js";
import { describeReservedDbInstances } from "../rds/describe-reserved-db-instances.js";
import { describeReservedDbInstancesOfferings } from "../rds/describe-reserved-db-instances-offerings.js";
import { listTagsForResource } from "../rds/list-tags-for-resource.js";
import { purchaseReservedDbInstancesOffering } from "../rds/purchase-reserved-db-instances-offering.js";
import { faultsNamedBy } from "../reserved-nodes/reserved-nodes-errors.js";
import { booksOf, openShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { byAction } from "../routing.js";

const errors = faultsNamedBy({
  reservation: "ReservedDBInstance",
  offering: "ReservedDBInstancesOffering",
  suffix: "",
  status: 404,
});

/** RDS, as far as reserved DB instances go. */
export function rdsService(world: AwsWorld): AwsService {
  const shop = openShop(world, {
    service: "aws.rds",
    protocol: awsQuery("http://rds.amazonaws.com/doc/2014-10-31/"),
    errors,
    naming: "id",
  });
  return {
    ...booksOf(shop),
    signingName: "rds",
    operationOf: byAction("2014-10-31"),
    operations: {
      DescribeReservedDBInstancesOfferings: describeReservedDbInstancesOfferings(shop),
      PurchaseReservedDBInstancesOffering: purchaseReservedDbInstancesOffering(shop),
      DescribeReservedDBInstances: describeReservedDbInstances(shop),
      ListTagsForResource: listTagsForResource(shop),
    },
  };
}
