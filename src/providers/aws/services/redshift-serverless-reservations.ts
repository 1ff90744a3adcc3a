import type {
  ReservationOffering,
  RedshiftServerlessClient as SdkClient,
  Reservation as ServerlessReservation,
} from "@aws-sdk/client-redshift-serverless";
import type { AwsRedshiftServerlessRequest } from "../../../domain/commitment-request/aws-redshift-serverless.js";
import { termSeconds } from "../../../domain/commitment-request/common.js";
import { uuidV4Shaped } from "../../../idempotency/token-formats.js";
import { collectPages } from "../../collect-pages.js";
import type { CommitmentProvider } from "../../commitment-provider.js";
import { loadSdk } from "../../load-sdk.js";
import type { AwsClientConfig, AwsTarget } from "../aws-client.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { REDSHIFT_SERVERLESS_STATES } from "../aws-states.js";
import { type AwsTiming, UNSTATED_TOKEN_WINDOW_MS } from "../aws-timing.js";
import { clientTokenIn } from "../client-token.js";
import type { AwsConnection } from "../connect.js";
import type { UnitPrice } from "../line-price.js";
import type { Attributes } from "../reservations/attributes.js";
import { laneReservations } from "../reservations/lane-reservations.js";
import type { Offering } from "../reservations/offering.js";
import { identified, type Reservation } from "../reservations/reservation.js";
import { timeOf } from "../stated-term.js";

// The types of the options. Declarations of this subpath must not refer to `buyonce/aws`, which names every SDK.
export type { AwsClientConfig, AwsProviderOptions, AwsTarget, AwsTiming };

/** A `RedshiftServerlessClient` of the AWS SDK, as far as it is needed here. */
export interface RedshiftServerlessClient extends Pick<SdkClient, "send"> {
  readonly config: AwsClientConfig;
}

/**
 * Buys Redshift Serverless reservations under a client token, a UUID derived from the line's: contract `native-token`.
 *
 * It is not documented how long the token is remembered, and a reservation shows no trace of it. So a line with an
 * unknown outcome is never sent again before its lane shows that nothing landed. Needs
 * `redshift-serverless:ListReservations`, `ListReservationOfferings` and `CreateReservation`.
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

/** What a line buys, in the spellings of Redshift Serverless. */
const wanted = (request: AwsRedshiftServerlessRequest): Attributes => ({
  duration: termSeconds(request.term),
  offeringType: request.payment === "all_upfront" ? "ALL_UPFRONT" : "NO_UPFRONT",
});

/** Every offering of the region; its charges are for one Redshift Processing Unit. */
async function listOfferings({
  client,
  settings,
  signal,
  limit,
}: RedshiftServerlessConnection): Promise<readonly Offering[]> {
  const { ListReservationOfferingsCommand } = await loadRedshiftServerless();
  const listed = await collectPages({
    operation: "ListReservationOfferings",
    maxPages: settings.maxPages,
    signal,
    async fetch(nextToken) {
      const command = new ListReservationOfferingsCommand({ maxResults: 100, nextToken });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.reservationOfferingsList, nextToken: page.nextToken };
    },
  });
  return listed.map((offering) => ({ id: offering.offeringId, stated: offering, unitPrice: unitPriceOf(offering) }));
}

const unitPriceOf = ({ upfrontCharge, hourlyCharge, currencyCode }: ReservationOffering): UnitPrice => ({
  fixed: upfrontCharge,
  currency: currencyCode,
  recurring: [{ amount: hourlyCharge, frequency: "Hourly" }],
});

/** Every reservation of the account and region, whatever its status. */
async function listReservations({
  client,
  settings,
  signal,
  limit,
}: RedshiftServerlessConnection): Promise<readonly Reservation[]> {
  const { ListReservationsCommand } = await loadRedshiftServerless();
  const listed = await collectPages({
    operation: "ListReservations",
    maxPages: settings.maxPages,
    signal,
    async fetch(nextToken) {
      const command = new ListReservationsCommand({ maxResults: 100, nextToken });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.reservationsList, nextToken: page.nextToken };
    },
  });
  return listed.map(reservationOf).map(identified);
}

/** A reservation of Redshift Serverless in the shape of all reservations. */
const reservationOf = ({
  reservationId = "",
  offering = {},
  capacity,
  status,
  startDate,
  endDate,
}: ServerlessReservation): Reservation => ({
  id: reservationId,
  offeringId: offering.offeringId,
  stated: offering,
  quantity: capacity,
  state: status,
  startedAt: timeOf(startDate),
  endsAt: timeOf(endDate),
  durationSeconds: offering.duration,
  fixedPrice: offering.upfrontCharge,
  currency: offering.currencyCode,
});

/** An open account and region of Redshift Serverless. */
type RedshiftServerlessConnection = AwsConnection<RedshiftServerlessClient>;

/** The Redshift Serverless package of the AWS SDK, loaded on first use. */
const loadRedshiftServerless = () =>
  loadSdk("@aws-sdk/client-redshift-serverless", () => import("@aws-sdk/client-redshift-serverless"));
