import { DescribeCapacityBlockOfferingsCommand, EC2Client, PurchaseCapacityBlockCommand } from "@aws-sdk/client-ec2";
import type { AwsCapacityBlocksRequest } from "../../../../src/domain/commitment-request/aws-capacity-blocks.js";
import { ec2CapacityBlocks } from "../../../../src/providers/aws/services/ec2-capacity-blocks.js";
import { ACCOUNT } from "../simulated-line.js";
import { type AwsServiceUnderTest, only } from "./aws-fixture.js";

/** Two p5.48xlarge for a day. */
const block: AwsCapacityBlocksRequest = {
  service: "aws.ec2-capacity-blocks",
  account: ACCOUNT,
  region: "us-east-1",
  quantity: 2,
  payment: "all_upfront",
  expectedPrice: { amount: "1510.27", currency: "USD" },
  instanceType: "p5.48xlarge",
  platform: "Linux/UNIX",
  availabilityZone: "us-east-1a",
  startsAt: "2035-01-06T11:30:00Z",
  endsAt: "2035-01-07T11:30:00Z",
};

/** EC2 Capacity Blocks. */
export const CAPACITY_BLOCKS: AwsServiceUnderTest<EC2Client> = {
  Client: EC2Client,
  provider: ec2CapacityBlocks,
  purchase: "PurchaseCapacityBlock",
  listings: ["DescribeCapacityReservations"],
  refusal: { code: "InvalidCapacityBlockOfferingIdExpired", status: 400 },
  denial: { code: "UnauthorizedOperation", status: 403 },
  states: {
    live: ["payment-pending", "scheduled", "active"],
    ended: ["expired"],
    void: ["payment-failed"],
    unclear: ["failed", "cancelled"],
  },
  optional: [
    "instanceType",
    "instancePlatform",
    "availabilityZone",
    "ownerId",
    "reservationType",
    "startDate",
    "endDate",
    "createDate",
    "state",
    "tagSet",
  ],
  cannot: { queue: "a block starts when its offering says" },
  request: block,
  different: { ...block, quantity: 4, expectedPrice: { amount: "3020.54", currency: "USD" } },
  unsold: { ...block, instanceType: "p9.48xlarge" },
  // No block that only ends later: it may be the line's own, extended.
  siblings: [
    { ...block, platform: "Windows" },
    { ...block, availabilityZone: "us-east-1b" },
    { ...block, startsAt: "2035-01-07T11:30:00Z", endsAt: "2035-01-08T11:30:00Z" },
    { ...block, instanceType: "p4d.24xlarge", expectedPrice: { amount: "566.4", currency: "USD" } },
  ],
  async buyByHand(client) {
    const search = new DescribeCapacityBlockOfferingsCommand({
      InstanceType: block.instanceType,
      InstanceCount: block.quantity,
      CapacityDurationHours: 24,
      StartDateRange: new Date(block.startsAt),
      EndDateRange: new Date(block.endsAt),
    });
    const { CapacityBlockOfferings = [] } = await client.send(search);
    const { CapacityBlockOfferingId } = only(
      CapacityBlockOfferings.filter(({ AvailabilityZone }) => AvailabilityZone === block.availabilityZone),
    );
    const command = new PurchaseCapacityBlockCommand({ CapacityBlockOfferingId, InstancePlatform: "Linux/UNIX" });
    return (await client.send(command)).CapacityReservation?.CapacityReservationId;
  },
};
