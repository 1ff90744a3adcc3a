import { EC2Client } from "@aws-sdk/client-ec2";
import type { AwsDedicatedHostsRequest } from "../../../../src/domain/commitment-request/aws-dedicated-hosts.js";
import { ec2DedicatedHostReservations } from "../../../../src/providers/aws/services/ec2-dedicated-host-reservations.js";
import { ACCOUNT } from "../simulated-line.js";
import type { AwsServiceUnderTest } from "./aws-fixture.js";

/** Two hosts for a year, paid upfront. */
const hosts: AwsDedicatedHostsRequest = {
  service: "aws.ec2-dedicated-hosts",
  account: ACCOUNT,
  region: "us-east-1",
  quantity: 2,
  term: "1yr",
  payment: "all_upfront",
  expectedPrice: { amount: "52592.62", currency: "USD" },
  instanceFamily: "m5",
  hostIds: ["h-m5-1", "h-m5-2"],
};

/** EC2 Dedicated Host reservations. */
export const DEDICATED_HOSTS: AwsServiceUnderTest<EC2Client> = {
  Client: EC2Client,
  provider: ec2DedicatedHostReservations,
  purchase: "PurchaseHostReservation",
  listings: ["DescribeHostReservations"],
  refusal: { code: "UnauthorizedOperation", status: 403 },
  denial: { code: "UnauthorizedOperation", status: 403 },
  states: { live: ["payment-pending", "active"], void: ["payment-failed"], unclear: ["retired"] },
  optional: ["instanceFamily", "duration", "paymentOption", "hostIdSet", "start", "state", "tagSet"],
  cannot: {
    ended: "a reservation ends by its term",
    queue: "host reservations start at once",
    lane: "host reservations are told apart by their token",
    "buy-elsewhere": "a host carries one reservation at most",
  },
  request: hosts,
  different: { ...hosts, hostIds: ["h-m5-1", "h-m5-3"] },
  siblings: [{ ...hosts, hostIds: ["h-m5-3", "h-m5-4"] }],
  unsold: { ...hosts, instanceFamily: "z9", hostIds: ["h-z9-1", "h-z9-2"] },
};
