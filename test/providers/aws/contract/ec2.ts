import { EC2Client, PurchaseReservedInstancesOfferingCommand } from "@aws-sdk/client-ec2";
import type { AwsEc2Request } from "../../../../src/domain/commitment-request/aws-ec2.js";
import { ec2ReservedInstances } from "../../../../src/providers/aws/services/ec2-reserved-instances.js";
import { ec2Request } from "../simulated-line.js";
import { type AwsServiceUnderTest, only } from "./aws-fixture.js";

/** Two m5.large for a year, paid upfront. */
const instances: AwsEc2Request = ec2Request();

/** EC2 reserved instances. */
export const EC2: AwsServiceUnderTest<EC2Client> = {
  Client: EC2Client,
  provider: ec2ReservedInstances,
  purchase: "PurchaseReservedInstancesOffering",
  listings: ["DescribeReservedInstances"],
  refusal: { code: "ReservedInstancesLimitExceeded", status: 400 },
  denial: { code: "UnauthorizedOperation", status: 403 },
  states: {
    live: ["payment-pending", "active", "queued"],
    void: ["payment-failed", "queued-deleted"],
    unclear: ["retired"],
  },
  optional: [
    "instanceType",
    "productDescription",
    "instanceTenancy",
    "offeringClass",
    "offeringType",
    "duration",
    "scope",
    "instanceCount",
    "start",
    "state",
    "tagSet",
  ],
  cannot: { ended: "a commitment ends by its term or by a modification, which leaves it retired" },
  request: instances,
  different: { ...instances, quantity: 3 },
  unsold: { ...instances, instanceType: "m5.48xlarge" },
  siblings: [
    { ...instances, payment: "no_upfront", expectedPrice: { amount: "1059.6096", currency: "USD" } },
    { ...instances, term: "3yr", expectedPrice: { amount: "2039.5", currency: "USD" } },
    { ...instances, scope: "availability_zone", availabilityZone: "us-east-1a" },
  ],
  queued: { ...instances, holdMs: 12 * 3_600_000 },
  async buyByHand(client, simulator) {
    const offerings = await simulator.offerings.reservedInstances(instances.region);
    const { offeringId } = only(
      offerings.filter(
        ({ instanceType, offeringType, offeringClass, productDescription, instanceTenancy, scope, durationSeconds }) =>
          instanceType === instances.instanceType &&
          offeringType === "All Upfront" &&
          offeringClass === instances.offeringClass &&
          productDescription === instances.platform &&
          instanceTenancy === instances.tenancy &&
          scope === "Region" &&
          durationSeconds === 31_536_000,
      ),
    );
    const command = { ReservedInstancesOfferingId: offeringId, InstanceCount: instances.quantity };
    return (await client.send(new PurchaseReservedInstancesOfferingCommand(command))).ReservedInstancesId;
  },
};
