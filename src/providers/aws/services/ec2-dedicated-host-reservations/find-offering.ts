import type { HostOffering } from "@aws-sdk/client-ec2";
import type { AwsDedicatedHostsRequest } from "../../../../domain/commitment-request/aws-dedicated-hosts.js";
import { type Payment, termSeconds } from "../../../../domain/commitment-request/common.js";
import { collectPages } from "../../../collect-pages.js";
import { type Ec2Connection, loadEc2 } from "../../ec2-client.js";
import { onlyOffering } from "../../only-offering.js";
import { type Attributes, differing } from "../../reservations/attributes.js";

const PAYMENT_OPTIONS = {
  all_upfront: "AllUpfront",
  partial_upfront: "PartialUpfront",
  no_upfront: "NoUpfront",
} as const satisfies Readonly<Record<Payment, string>>;

/** What a line buys, in the spellings of host reservations. */
export const wanted = (request: AwsDedicatedHostsRequest): Attributes => ({
  InstanceFamily: request.instanceFamily,
  Duration: termSeconds(request.term),
  PaymentOption: PAYMENT_OPTIONS[request.payment],
});

/** The id of the one offering that is exactly what the line buys. */
export async function findOffering(connection: Ec2Connection, request: AwsDedicatedHostsRequest): Promise<string> {
  const listed = await listOfferings(connection, request);
  const { id } = onlyOffering({
    what: `host reservations in ${request.region}`,
    wanted: wanted(request),
    listed: listed.length,
    matching: listed.filter((offering) => differing(wanted(request), offering).length === 0),
    idOf: ({ OfferingId }) => OfferingId,
  });
  return id;
}

async function listOfferings(
  { client, settings, signal, limit }: Ec2Connection,
  request: AwsDedicatedHostsRequest,
): Promise<readonly HostOffering[]> {
  const { DescribeHostReservationOfferingsCommand } = await loadEc2();
  return collectPages({
    operation: "DescribeHostReservationOfferings",
    maxPages: settings.maxPages,
    signal,
    async fetch(NextToken) {
      const command = new DescribeHostReservationOfferingsCommand({
        Filter: [{ Name: "instance-family", Values: [request.instanceFamily] }],
        MinDuration: termSeconds(request.term),
        MaxDuration: termSeconds(request.term),
        MaxResults: 100,
        NextToken,
      });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.OfferingSet, nextToken: page.NextToken };
    },
  });
}
