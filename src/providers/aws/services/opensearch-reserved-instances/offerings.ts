import type { AwsOpenSearchRequest } from "../../../../domain/commitment-request/aws-opensearch.js";
import { type Payment, termSeconds } from "../../../../domain/commitment-request/common.js";
import { collectPages } from "../../../collect-pages.js";
import type { Attributes } from "../../reservations/attributes.js";
import { type Offering, unitPriceOf } from "../../reservations/offering.js";
import { loadOpenSearch, type OpenSearchConnection } from "./opensearch-client.js";

const PAYMENT_OPTIONS = {
  all_upfront: "ALL_UPFRONT",
  partial_upfront: "PARTIAL_UPFRONT",
  no_upfront: "NO_UPFRONT",
} as const satisfies Readonly<Record<Payment, string>>;

/** What a line buys, in the spellings of OpenSearch Service. */
export const wanted = (request: AwsOpenSearchRequest): Attributes => ({
  InstanceType: request.instanceType,
  Duration: termSeconds(request.term),
  PaymentOption: PAYMENT_OPTIONS[request.payment],
});

/** Every offering of the region: the API filters by nothing but the offering's id. */
export async function listOfferings({
  client,
  settings,
  signal,
  limit,
}: OpenSearchConnection): Promise<readonly Offering[]> {
  const { DescribeReservedInstanceOfferingsCommand } = await loadOpenSearch();
  const listed = await collectPages({
    operation: "DescribeReservedInstanceOfferings",
    maxPages: settings.maxPages,
    signal,
    async fetch(NextToken) {
      const command = new DescribeReservedInstanceOfferingsCommand({ MaxResults: 100, NextToken });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.ReservedInstanceOfferings, nextToken: page.NextToken };
    },
  });
  return listed.map((offering) => ({
    id: offering.ReservedInstanceOfferingId,
    stated: offering,
    unitPrice: unitPriceOf(offering),
  }));
}
