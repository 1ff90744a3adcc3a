import type { AwsMemoryDbRequest } from "../../../domain/commitment-request/aws-memorydb.js";
import type { CommitmentProvider } from "../../commitment-provider.js";
import type { AwsClientConfig, AwsTarget } from "../aws-client.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { MEMORYDB_STATES } from "../aws-states.js";
import type { AwsTiming } from "../aws-timing.js";
import { namedReservations } from "../reservations/named-reservations.js";
import { tokenTag } from "../token-tag.js";
import { loadMemoryDb, type MemoryDbClient } from "./memorydb-reserved-nodes/memorydb-client.js";
import { listOfferings, wanted } from "./memorydb-reserved-nodes/offerings.js";
import { describe, reservationOf } from "./memorydb-reserved-nodes/reservations.js";

// What the options are made of: declarations of this subpath may not lead to `buyonce/aws`, which names every SDK.
export type { AwsClientConfig, AwsProviderOptions, AwsTarget, AwsTiming, MemoryDbClient };

/**
 * Buys MemoryDB reserved nodes under an id derived from the token, which MemoryDB accepts once: contract `caller-named`.
 *
 * The tag `buyonce:token` goes out with the purchase. Needs `memorydb:DescribeReservedNodes`,
 * `DescribeReservedNodesOfferings`, `PurchaseReservedNodesOffering` and `TagResource`.
 */
export const memoryDbReservedNodes = (
  options: AwsProviderOptions<MemoryDbClient, AwsTiming>,
): CommitmentProvider<AwsMemoryDbRequest> =>
  namedReservations(options, {
    service: "aws.memorydb",
    what: "MemoryDB reserved nodes",
    states: MEMORYDB_STATES,
    wanted,
    listOfferings,
    describe,
    async command({ request, token, offeringId, name }) {
      const { PurchaseReservedNodesOfferingCommand } = await loadMemoryDb();
      return new PurchaseReservedNodesOfferingCommand({
        ReservedNodesOfferingId: offeringId,
        ReservationId: name,
        NodeCount: request.quantity,
        Tags: [tokenTag(token)],
      });
    },
    send: (client, command, options) => client.send(command, options),
    reservationIn: ({ ReservedNode }, request) => ReservedNode && reservationOf(ReservedNode, request),
  });
