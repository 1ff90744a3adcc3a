import type { AwsOpenSearchRequest } from "../../../domain/commitment-request/aws-opensearch.js";
import { nameIn } from "../../commitment-names.js";
import type { CommitmentProvider } from "../../commitment-provider.js";
import type { AwsClientConfig, AwsTarget } from "../aws-client.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { OPENSEARCH_STATES } from "../aws-states.js";
import type { AwsTiming } from "../aws-timing.js";
import { laneReservations } from "../reservations/lane-reservations.js";
import { listOfferings, wanted } from "./opensearch-reserved-instances/offerings.js";
import { loadOpenSearch, type OpenSearchClient } from "./opensearch-reserved-instances/opensearch-client.js";
import { listReservations, reservationOf } from "./opensearch-reserved-instances/reservations.js";

// What the options are made of: declarations of this subpath may not lead to `buyonce/aws`, which names every SDK.
export type { AwsClientConfig, AwsProviderOptions, AwsTarget, AwsTiming, OpenSearchClient };

/**
 * Buys OpenSearch Service reserved instances under a name derived from the token: contract `caller-named`.
 *
 * The API model has an error for a name that is taken, but no document says that names are unique. So that is not relied
 * on: a line with an unknown outcome is never sent again before its lane shows that nothing landed. Needs
 * `es:DescribeReservedInstances`, `DescribeReservedInstanceOfferings` and `PurchaseReservedInstanceOffering`.
 */
export const openSearchReservedInstances = (
  options: AwsProviderOptions<OpenSearchClient, AwsTiming>,
): CommitmentProvider<AwsOpenSearchRequest> =>
  laneReservations(options, {
    service: "aws.opensearch",
    what: "reserved instances of OpenSearch",
    states: OPENSEARCH_STATES,
    contract: { kind: "caller-named", windowMs: 0 },
    wanted,
    listOfferings,
    listReservations,
    isNamed: true,
    async command({ request, prepared }) {
      const { PurchaseReservedInstanceOfferingCommand } = await loadOpenSearch();
      return new PurchaseReservedInstanceOfferingCommand({
        ReservedInstanceOfferingId: prepared.reference,
        ReservationName: nameIn(prepared),
        InstanceCount: request.quantity,
      });
    },
    send: (client, command, options) => client.send(command, options),
    // The answer names the reservation and says no more of it.
    reservationIn({ ReservedInstanceId, ReservationName }, { prepared }) {
      if (!ReservedInstanceId || ReservationName?.toLowerCase() !== nameIn(prepared)) return undefined;
      return reservationOf({ ReservedInstanceId, ReservationName });
    },
  });
