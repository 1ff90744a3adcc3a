import type { RDSClient, ReservedDBInstance } from "@aws-sdk/client-rds";
import { type AwsRdsRequest, engineWithoutLicense, RDS_ENGINES } from "../../../domain/commitment-request/aws-rds.js";
import { termSeconds } from "../../../domain/commitment-request/common.js";
import { collectPages } from "../../collect-pages.js";
import { nameIn } from "../../commitment-names.js";
import type { CommitmentProvider } from "../../commitment-provider.js";
import { loadSdk } from "../../load-sdk.js";
import type { AwsClientConfig, AwsTarget } from "../aws-client.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { RDS_STATES } from "../aws-states.js";
import type { AwsTiming } from "../aws-timing.js";
import type { AwsConnection } from "../connect.js";
import { OFFERING_TYPES } from "../offering-type.js";
import { plainText } from "../plain-text.js";
import type { Attributes } from "../reservations/attributes.js";
import { namedReservations } from "../reservations/named-reservations.js";
import { type Offering, unitPriceOf } from "../reservations/offering.js";
import type { Reservation } from "../reservations/reservation.js";
import { theOneNamed } from "../reservations/the-one-named.js";
import { timeOf } from "../stated-term.js";
import { tokenTag } from "../token-tag.js";

// The types of the options. Declarations of this subpath must not refer to `buyonce/aws`, which names every SDK.
export type { AwsClientConfig, AwsProviderOptions, AwsTarget, AwsTiming };

/** An `RDSClient` of the AWS SDK, as far as it is needed here. */
export interface RdsClient extends Pick<RDSClient, "send"> {
  readonly config: AwsClientConfig;
}

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
    preferred: ({ engine, multiAz }) => ({ MultiAZ: multiAz, spelling: engine }),
    openValue: ({ engine }) => ({ value: engine, known: RDS_ENGINES }),
    listOfferings,
    describe,
    async command({ request, token, prepared }) {
      const { PurchaseReservedDBInstancesOfferingCommand } = await loadRds();
      return new PurchaseReservedDBInstancesOfferingCommand({
        ReservedDBInstancesOfferingId: prepared.reference,
        ReservedDBInstanceId: nameIn(prepared),
        DBInstanceCount: request.quantity,
        Tags: [tokenTag(token)],
      });
    },
    send: (client, command, options) => client.send(command, options),
    reservationIn: ({ ReservedDBInstance }) => ReservedDBInstance && reservationOf(ReservedDBInstance),
  });

/**
 * What a line buys, in the words of RDS.
 *
 * An Aurora cluster spans zones by itself, and RDS lists its reservations with `MultiAZ` true and false. So for Aurora it
 * tells nothing apart.
 */
const wanted = (request: AwsRdsRequest): Attributes => ({
  DBInstanceClass: request.dbInstanceClass,
  ProductDescription: plainText(request.engine),
  ...(!isAurora(request) && { MultiAZ: request.multiAz }),
  Duration: termSeconds(request.term),
  OfferingType: OFFERING_TYPES[request.payment],
});

/**
 * The offerings that RDS lists for a line.
 *
 * RDS matches `ProductDescription` in part ("mysql" brings "aurora-mysql" too), so what is listed is compared again. It
 * is asked for the engine without its license, because it spells the bracket with and without a blank before it.
 */
async function listOfferings(
  { client, settings, signal, limit }: RdsConnection,
  request: AwsRdsRequest,
): Promise<readonly Offering[]> {
  const { DescribeReservedDBInstancesOfferingsCommand } = await loadRds();
  const listed = await collectPages({
    operation: "DescribeReservedDBInstancesOfferings",
    maxPages: settings.maxPages,
    signal,
    async fetch(Marker) {
      const command = new DescribeReservedDBInstancesOfferingsCommand({
        DBInstanceClass: request.dbInstanceClass,
        ProductDescription: engineWithoutLicense(request.engine),
        ...(!isAurora(request) && { MultiAZ: request.multiAz }),
        Duration: String(termSeconds(request.term)),
        OfferingType: OFFERING_TYPES[request.payment],
        MaxRecords: 100,
        Marker,
      });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.ReservedDBInstancesOfferings, nextToken: page.Marker };
    },
  });
  return listed.map((offering) => ({
    id: offering.ReservedDBInstancesOfferingId,
    stated: inPlainText(offering),
    unitPrice: unitPriceOf(offering),
  }));
}

/** The reservation of a name, or `undefined` where RDS itself says that there is none. */
async function describe(
  { client, settings, signal, limit }: RdsConnection,
  { name }: { readonly name: string },
): Promise<Reservation | undefined> {
  const { DescribeReservedDBInstancesCommand } = await loadRds();
  const ask = () =>
    collectPages({
      operation: "DescribeReservedDBInstances",
      maxPages: settings.maxPages,
      signal,
      async fetch(Marker) {
        const command = new DescribeReservedDBInstancesCommand({ ReservedDBInstanceId: name, Marker });
        const page = await client.send(command, { abortSignal: limit() });
        return { items: page.ReservedDBInstances, nextToken: page.Marker };
      },
    });
  return theOneNamed(name, async () => (await ask()).map(reservationOf));
}

/** What RDS states, with its product description in plain text beside the spelling of RDS. */
const inPlainText = <Stated extends { readonly ProductDescription?: string | undefined }>(stated: Stated) => ({
  ...stated,
  ProductDescription: stated.ProductDescription && plainText(stated.ProductDescription),
  spelling: stated.ProductDescription,
});

/** Whether a line is for one of the engines of Aurora. */
const isAurora = ({ engine }: AwsRdsRequest): boolean => engine.startsWith("aurora-");

/** A reserved DB instance in the shape of all reservations. */
const reservationOf = (instance: ReservedDBInstance): Reservation => ({
  id: instance.ReservedDBInstanceId ?? "",
  offeringId: instance.ReservedDBInstancesOfferingId,
  stated: inPlainText(instance),
  quantity: instance.DBInstanceCount,
  state: instance.State,
  startedAt: timeOf(instance.StartTime),
  durationSeconds: instance.Duration,
  fixedPrice: instance.FixedPrice,
  currency: instance.CurrencyCode,
});

/** An open account and region of RDS. */
type RdsConnection = AwsConnection<RdsClient>;

/** The RDS package of the AWS SDK, loaded on first use. */
const loadRds = () => loadSdk("@aws-sdk/client-rds", () => import("@aws-sdk/client-rds"));
