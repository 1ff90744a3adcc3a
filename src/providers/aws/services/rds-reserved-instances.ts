import type { AwsRdsRequest } from "../../../domain/commitment-request/aws-rds.js";
import type { CommitmentProvider } from "../../commitment-provider.js";
import type { AwsClientConfig, AwsTarget } from "../aws-client.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { RDS_STATES } from "../aws-states.js";
import type { AwsTiming } from "../aws-timing.js";
import { namedReservations } from "../reservations/named-reservations.js";
import { tokenTag } from "../token-tag.js";
import { listOfferings, wanted } from "./rds-reserved-instances/offerings.js";
import { loadRds, type RdsClient } from "./rds-reserved-instances/rds-client.js";
import { describe, reservationOf } from "./rds-reserved-instances/reservations.js";

// What the options are made of: declarations of this subpath may not lead to `buyonce/aws`, which names every SDK.
export type { AwsClientConfig, AwsProviderOptions, AwsTarget, AwsTiming, RdsClient };

/**
 * Buys RDS reserved DB instances under an id derived from the token, which RDS accepts once: contract `caller-named`.
 *
 * The tag `buyonce:token` goes out with the purchase. Needs `rds:DescribeReservedDBInstances`,
 * `DescribeReservedDBInstancesOfferings`, `PurchaseReservedDBInstancesOffering` and `AddTagsToResource`.
 */
export const rdsReservedInstances = (
  options: AwsProviderOptions<RdsClient, AwsTiming>,
): CommitmentProvider<AwsRdsRequest> =>
  namedReservations(options, {
    service: "aws.rds",
    what: "reserved DB instances",
    states: RDS_STATES,
    wanted,
    listOfferings,
    describe,
    async command({ request, token, offeringId, name }) {
      const { PurchaseReservedDBInstancesOfferingCommand } = await loadRds();
      return new PurchaseReservedDBInstancesOfferingCommand({
        ReservedDBInstancesOfferingId: offeringId,
        ReservedDBInstanceId: name,
        DBInstanceCount: request.quantity,
        Tags: [tokenTag(token)],
      });
    },
    send: (client, command, options) => client.send(command, options),
    reservationIn: ({ ReservedDBInstance }) => ReservedDBInstance && reservationOf(ReservedDBInstance),
  });
