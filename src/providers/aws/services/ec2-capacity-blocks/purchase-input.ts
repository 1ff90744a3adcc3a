import type { PurchaseCapacityBlockRequest } from "@aws-sdk/client-ec2";
import type { AwsCapacityBlocksRequest } from "../../../../domain/commitment-request/aws-capacity-blocks.js";
import type { PurchasePermit } from "../../../purchase-permit.js";
import { tokenTag } from "../../token-tag.js";

/**
 * The one request that a permit allows; it depends on nothing but the permit.
 *
 * The tag is for the capacity reservation that the block is delivered as. The API reference does not say for which types
 * of resource this call takes tags; Terraform's provider sends this one.
 */
export const purchaseInput = ({
  request,
  token,
  prepared,
}: PurchasePermit<AwsCapacityBlocksRequest>): PurchaseCapacityBlockRequest => ({
  CapacityBlockOfferingId: prepared.reference,
  // The SDK's enum names the platforms of today. The cloud itself has to refuse any other one.
  InstancePlatform: request.platform as "Linux/UNIX",
  TagSpecifications: [{ ResourceType: "capacity-reservation", Tags: [tokenTag(token)] }],
});
