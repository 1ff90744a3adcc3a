import type { AwsMemoryDbRequest } from "../../../../domain/commitment-request/aws-memorydb.js";
import { termSeconds } from "../../../../domain/commitment-request/common.js";
import { collectPages } from "../../../collect-pages.js";
import { OFFERING_TYPES } from "../../offering-type.js";
import type { Attributes } from "../../reservations/attributes.js";
import { currencyOf, type Offering, unitPriceOf } from "../../reservations/offering.js";
import { loadMemoryDb, type MemoryDbConnection } from "./memorydb-client.js";

/** What a line buys, in the spellings of MemoryDB. */
export const wanted = (request: AwsMemoryDbRequest): Attributes => ({
  NodeType: request.nodeType,
  Duration: termSeconds(request.term),
  OfferingType: OFFERING_TYPES[request.payment],
});

/** The offerings that MemoryDB lists for a line; the API states no currency. */
export async function listOfferings(
  { client, settings, signal, limit }: MemoryDbConnection,
  request: AwsMemoryDbRequest,
): Promise<readonly Offering[]> {
  const { DescribeReservedNodesOfferingsCommand } = await loadMemoryDb();
  const listed = await collectPages({
    operation: "DescribeReservedNodesOfferings",
    maxPages: settings.maxPages,
    signal,
    async fetch(NextToken) {
      const command = new DescribeReservedNodesOfferingsCommand({
        NodeType: request.nodeType,
        Duration: String(termSeconds(request.term)),
        OfferingType: OFFERING_TYPES[request.payment],
        MaxResults: 100,
        NextToken,
      });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.ReservedNodesOfferings, nextToken: page.NextToken };
    },
  });
  return listed.map((offering) => ({
    id: offering.ReservedNodesOfferingId,
    stated: offering,
    unitPrice: unitPriceOf(offering, currencyOf(request)),
  }));
}
