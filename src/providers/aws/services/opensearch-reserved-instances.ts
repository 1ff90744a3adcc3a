import type { ReservedInstance, OpenSearchClient as SdkClient } from "@aws-sdk/client-opensearch";
import type { AwsOpenSearchRequest } from "../../../domain/commitment-request/aws-opensearch.js";
import { type Payment, termSeconds } from "../../../domain/commitment-request/common.js";
import { collectPages } from "../../collect-pages.js";
import { nameIn } from "../../commitment-names.js";
import type { CommitmentProvider } from "../../commitment-provider.js";
import { loadSdk } from "../../load-sdk.js";
import type { AwsClientConfig, AwsTarget } from "../aws-client.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { OPENSEARCH_STATES } from "../aws-states.js";
import type { AwsTiming } from "../aws-timing.js";
import type { AwsConnection } from "../connect.js";
import type { Attributes } from "../reservations/attributes.js";
import { laneReservations } from "../reservations/lane-reservations.js";
import { type Offering, unitPriceOf } from "../reservations/offering.js";
import { identified, type Reservation } from "../reservations/reservation.js";
import { timeOf } from "../stated-term.js";

// The types of the options. Declarations of this subpath must not refer to `buyonce/aws`, which names every SDK.
export type { AwsClientConfig, AwsProviderOptions, AwsTarget, AwsTiming };

/** An `OpenSearchClient` of the AWS SDK, as far as it is needed here. */
export interface OpenSearchClient extends Pick<SdkClient, "send"> {
  readonly config: AwsClientConfig;
}

/**
 * Buys OpenSearch Service reserved instances under a name derived from the token: contract `caller-named`.
 *
 * The API model has an error for a name that is taken, but no document says that names are unique. So the adapter does
 * not rely on it: a line with an unknown outcome is never sent again before its lane shows that nothing landed. Needs
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

const PAYMENT_OPTIONS = {
  all_upfront: "ALL_UPFRONT",
  partial_upfront: "PARTIAL_UPFRONT",
  no_upfront: "NO_UPFRONT",
} as const satisfies Readonly<Record<Payment, string>>;

/** What a line buys, in the spellings of OpenSearch Service. */
const wanted = (request: AwsOpenSearchRequest): Attributes => ({
  InstanceType: request.instanceType,
  Duration: termSeconds(request.term),
  PaymentOption: PAYMENT_OPTIONS[request.payment],
});

/** Every offering of the region: the API filters by nothing but the offering's id. */
async function listOfferings({ client, settings, signal, limit }: OpenSearchConnection): Promise<readonly Offering[]> {
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

/** Every reserved instance of the account and region: the API filters by nothing but the reservation's id. */
async function listReservations({
  client,
  settings,
  signal,
  limit,
}: OpenSearchConnection): Promise<readonly Reservation[]> {
  const { DescribeReservedInstancesCommand } = await loadOpenSearch();
  const listed = await collectPages({
    operation: "DescribeReservedInstances",
    maxPages: settings.maxPages,
    signal,
    async fetch(NextToken) {
      const command = new DescribeReservedInstancesCommand({ MaxResults: 100, NextToken });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.ReservedInstances, nextToken: page.NextToken };
    },
  });
  return listed.map(reservationOf).map(identified);
}

/** A reserved instance in the shape of all reservations. */
const reservationOf = (instance: ReservedInstance): Reservation => ({
  id: instance.ReservedInstanceId ?? "",
  name: instance.ReservationName?.toLowerCase(),
  offeringId: instance.ReservedInstanceOfferingId,
  stated: instance,
  quantity: instance.InstanceCount,
  state: instance.State,
  startedAt: timeOf(instance.StartTime),
  durationSeconds: instance.Duration,
  fixedPrice: instance.FixedPrice,
  currency: instance.CurrencyCode,
});

/** An open account and region of OpenSearch Service. */
type OpenSearchConnection = AwsConnection<OpenSearchClient>;

/** The OpenSearch Service package of the AWS SDK, loaded on first use. */
const loadOpenSearch = () => loadSdk("@aws-sdk/client-opensearch", () => import("@aws-sdk/client-opensearch"));
