import type { AwsService } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { awsQuery } from "../../protocol/aws-query.js";
import { describeReservedNodeExchangeStatus } from "../../redshift/describe-reserved-node-exchange-status.js";
import { describeReservedNodeOfferings } from "../../redshift/describe-reserved-node-offerings.js";
import { describeReservedNodes } from "../../redshift/describe-reserved-nodes.js";
import { ExchangesBook } from "../../redshift/exchanges-book.js";
import { purchaseReservedNodeOffering } from "../../redshift/purchase-reserved-node-offering.js";
import { faultsNamedBy } from "../../reserved-nodes/reserved-nodes-errors.js";
import { booksOf, openShop } from "../../reserved-nodes/reserved-nodes-shop.js";
import { byAction } from "../../routing.js";
import { acceptReservedNodeExchange } from "./reserved-node-exchanges.js";

const errors = faultsNamedBy({
  reservation: "ReservedNode",
  offering: "ReservedNodeOffering",
  suffix: "",
  status: 404,
});

/** Redshift, as far as reserved nodes of provisioned clusters go. */
export function redshiftService(world: AwsWorld): AwsService {
  const shop = openShop(world, {
    service: "aws.redshift",
    protocol: awsQuery("http://redshift.amazonaws.com/doc/2012-12-01/"),
    errors,
    naming: "none",
    pendingState: world.settings.redshiftPendingState,
  });
  const exchanges = new ExchangesBook();
  return {
    ...booksOf(shop),
    signingName: "redshift",
    operationOf: byAction("2012-12-01"),
    operations: {
      DescribeReservedNodeOfferings: describeReservedNodeOfferings(shop),
      PurchaseReservedNodeOffering: purchaseReservedNodeOffering(shop),
      DescribeReservedNodes: describeReservedNodes(shop),
      AcceptReservedNodeExchange: acceptReservedNodeExchange(shop, exchanges),
      DescribeReservedNodeExchangeStatus: describeReservedNodeExchangeStatus(shop, exchanges),
    },
  };
}
