import type { AwsRedshiftServerlessRequest } from "../../../domain/commitment-request/aws-redshift-serverless.js";
import { uuidV4Shaped } from "../../../idempotency/token-formats.js";
import type { CommitmentProvider } from "../../commitment-provider.js";
import type { AwsClientConfig, AwsTarget } from "../aws-client.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { REDSHIFT_SERVERLESS_STATES } from "../aws-states.js";
import { type AwsTiming, UNSTATED_TOKEN_WINDOW_MS } from "../aws-timing.js";
import { clientTokenIn } from "../client-token.js";
import { laneReservations } from "../reservations/lane-reservations.js";
import { listOfferings, wanted } from "./redshift-serverless-reservations/offerings.js";
import {
  loadRedshiftServerless,
  type RedshiftServerlessClient,
} from "./redshift-serverless-reservations/redshift-serverless-client.js";
import { listReservations, reservationOf } from "./redshift-serverless-reservations/reservations.js";

// What the options are made of: declarations of this subpath may not lead to `buyonce/aws`, which names every SDK.
export type { AwsClientConfig, AwsProviderOptions, AwsTarget, AwsTiming, RedshiftServerlessClient };

/**
 * Buys Redshift Serverless reservations under a client token, a UUID derived from the line's: contract `native-token`.
 *
 * How long the token is remembered is not documented, and a reservation shows no trace of it. So a line with an unknown
 * outcome is never sent again before its lane shows that nothing landed. Needs `redshift-serverless:ListReservations`,
 * `ListReservationOfferings` and `CreateReservation`.
 */
export const redshiftServerlessReservations = (
  options: AwsProviderOptions<RedshiftServerlessClient, AwsTiming>,
): CommitmentProvider<AwsRedshiftServerlessRequest> =>
  laneReservations(options, {
    service: "aws.redshift-serverless",
    what: "Redshift Serverless reservations",
    states: REDSHIFT_SERVERLESS_STATES,
    contract: { kind: "native-token", windowMs: UNSTATED_TOKEN_WINDOW_MS },
    wanted,
    listOfferings,
    listReservations,
    clientTokenOf: uuidV4Shaped,
    async command({ request, token, prepared }) {
      const { CreateReservationCommand } = await loadRedshiftServerless();
      return new CreateReservationCommand({
        offeringId: prepared.reference,
        capacity: request.quantity,
        clientToken: clientTokenIn(prepared, uuidV4Shaped(token)),
      });
    },
    send: (client, command, options) => client.send(command, options),
    reservationIn: ({ reservation }) => (reservation?.reservationId ? reservationOf(reservation) : undefined),
  });
