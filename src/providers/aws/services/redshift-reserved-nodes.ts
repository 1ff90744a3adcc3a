import type { AwsRedshiftRequest } from "../../../domain/commitment-request/aws-redshift.js";
import type { CommitmentProvider } from "../../commitment-provider.js";
import type { AwsClientConfig, AwsTarget } from "../aws-client.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { REDSHIFT_STATES } from "../aws-states.js";
import type { AwsTiming } from "../aws-timing.js";
import { laneReservations } from "../reservations/lane-reservations.js";
import { listExchanged } from "./redshift-reserved-nodes/exchanges.js";
import { listOfferings, wanted } from "./redshift-reserved-nodes/offerings.js";
import { loadRedshift, type RedshiftClient } from "./redshift-reserved-nodes/redshift-client.js";
import { listReservations, reservationOf } from "./redshift-reserved-nodes/reservations.js";

// What the options are made of: declarations of this subpath may not lead to `buyonce/aws`, which names every SDK.
export type { AwsClientConfig, AwsProviderOptions, AwsTarget, AwsTiming, RedshiftClient };

/**
 * Buys Redshift reserved nodes, which take no id, no token and no tags: contract `none`.
 *
 * A purchase is known by its lane only, what the account has in the region, so nothing is looked up by token. Needs
 * `redshift:DescribeReservedNodes`, `DescribeReservedNodeOfferings` and `PurchaseReservedNodeOffering`; where a node is
 * retired before its term is over, also `DescribeReservedNodeExchangeStatus`.
 */
export const redshiftReservedNodes = (
  options: AwsProviderOptions<RedshiftClient, AwsTiming>,
): CommitmentProvider<AwsRedshiftRequest> =>
  laneReservations(options, {
    service: "aws.redshift",
    what: "Redshift reserved nodes",
    states: REDSHIFT_STATES,
    contract: { kind: "none", windowMs: 0 },
    wanted,
    listOfferings,
    listReservations,
    listBecame: listExchanged,
    async command({ request, prepared }) {
      const { PurchaseReservedNodeOfferingCommand } = await loadRedshift();
      return new PurchaseReservedNodeOfferingCommand({
        ReservedNodeOfferingId: prepared.reference,
        NodeCount: request.quantity,
      });
    },
    send: (client, command, options) => client.send(command, options),
    reservationIn: ({ ReservedNode }) => (ReservedNode?.ReservedNodeId ? reservationOf(ReservedNode) : undefined),
  });
