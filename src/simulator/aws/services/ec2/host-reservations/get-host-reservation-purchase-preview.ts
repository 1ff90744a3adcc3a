import * as z from "zod";
import { type AwsOperation, operation } from "../../../aws-service.js";
import { ec2Query } from "../../../protocol/ec2-query.js";
import { checkHostOrder, type HostShop, hostOrderFields, hostPurchaseXml } from "./host-order.js";

/** Says what a purchase would cost, with all checks of the purchase. */
export function getHostReservationPurchasePreview(shop: HostShop): AwsOperation {
  return operation(ec2Query, z.object(hostOrderFields), (request, call) =>
    hostPurchaseXml(checkHostOrder(request, call, shop)),
  );
}
