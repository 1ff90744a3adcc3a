import type { ReservedNode, ReservedNodeOffering } from "@aws-sdk/client-redshift";
import { type AwsRedshiftRequest, REDSHIFT_OFFERING_TYPES } from "../../../domain/commitment-request/aws-redshift.js";
import { type Payment, termSeconds } from "../../../domain/commitment-request/common.js";
import { collectPages } from "../../collect-pages.js";
import type { CommitmentProvider } from "../../commitment-provider.js";
import type { AwsClientConfig, AwsTarget } from "../aws-client.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { REDSHIFT_STATES } from "../aws-states.js";
import type { AwsTiming } from "../aws-timing.js";
import { OFFERING_TYPES } from "../offering-type.js";
import type { Attributes } from "../reservations/attributes.js";
import { laneReservations } from "../reservations/lane-reservations.js";
import { type Offering, type StatedPrices, unitPriceOf } from "../reservations/offering.js";
import { identified, type Reservation } from "../reservations/reservation.js";
import { timeOf } from "../stated-term.js";
import { listExchanged } from "./redshift-reserved-nodes/exchanges.js";
import {
  loadRedshift,
  type RedshiftClient,
  type RedshiftConnection,
} from "./redshift-reserved-nodes/redshift-client.js";

// The types of the options. Declarations of this subpath must not refer to `buyonce/aws`, which names every SDK.
export type { AwsClientConfig, AwsProviderOptions, AwsTarget, AwsTiming, RedshiftClient };

/**
 * Buys Redshift reserved nodes, which take no id, no token and no tags: contract `none`.
 *
 * A purchase is known only by its lane: what the account has in the region. So nothing is looked up by token. Needs
 * `redshift:DescribeReservedNodes`, `DescribeReservedNodeOfferings` and `PurchaseReservedNodeOffering`. If a node is
 * retired before its term is over, it also needs `DescribeReservedNodeExchangeStatus`.
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
    openValue: ({ nodeOfferingType }) => ({ value: nodeOfferingType, known: REDSHIFT_OFFERING_TYPES }),
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

/** What a line buys, in the spellings of Redshift, and how it is paid. */
const wanted = (request: AwsRedshiftRequest): Attributes => ({
  NodeType: request.nodeType,
  Duration: termSeconds(request.term),
  ReservedNodeOfferingType: request.nodeOfferingType,
  payment: request.payment,
});

/** Every offering of the region: the API filters by nothing but the offering's id. */
async function listOfferings({ client, settings, signal, limit }: RedshiftConnection): Promise<readonly Offering[]> {
  const { DescribeReservedNodeOfferingsCommand } = await loadRedshift();
  const listed = await collectPages({
    operation: "DescribeReservedNodeOfferings",
    maxPages: settings.maxPages,
    signal,
    async fetch(Marker) {
      const command = new DescribeReservedNodeOfferingsCommand({ MaxRecords: 100, Marker });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.ReservedNodeOfferings, nextToken: page.Marker };
    },
  });
  return listed.map((offering) => ({
    id: offering.ReservedNodeOfferingId,
    stated: withPayment(offering),
    unitPrice: unitPriceOf(offering),
  }));
}

/**
 * An offering or a reserved node with how it is paid, as its prices show.
 *
 * Redshift's `OfferingType` is documented as the anticipated utilization. If it does name a way to pay and the prices
 * show another one, the payment is not known.
 */
const withPayment = (stated: StatedPrices & Pick<ReservedNodeOffering, "OfferingType">): object => ({
  ...stated,
  payment: paymentOf(stated),
});

function paymentOf(stated: StatedPrices & Pick<ReservedNodeOffering, "OfferingType">): Payment | undefined {
  const { fixed, recurring } = unitPriceOf(stated);
  if (fixed === undefined) return undefined;
  const recurs = recurring.some(({ amount }) => amount !== 0);
  const shown = recurs ? (Number(fixed) > 0 ? "partial_upfront" : "no_upfront") : "all_upfront";
  const named = Object.entries(OFFERING_TYPES).find(([, spelling]) => spelling === stated.OfferingType)?.[0];
  return named === undefined || named === shown ? shown : undefined;
}

/** Every reserved node of the account and region, whatever its state. */
async function listReservations({
  client,
  settings,
  signal,
  limit,
}: RedshiftConnection): Promise<readonly Reservation[]> {
  const { DescribeReservedNodesCommand } = await loadRedshift();
  const listed = await collectPages({
    operation: "DescribeReservedNodes",
    maxPages: settings.maxPages,
    signal,
    async fetch(Marker) {
      const command = new DescribeReservedNodesCommand({ MaxRecords: 100, Marker });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.ReservedNodes, nextToken: page.Marker };
    },
  });
  return listed.map(reservationOf).map(identified);
}

/** A reserved node in the shape of all reservations. */
const reservationOf = (node: ReservedNode): Reservation => ({
  id: node.ReservedNodeId ?? "",
  offeringId: node.ReservedNodeOfferingId,
  // A node that leaves its recurring charges out may be paid in any way.
  stated: node.RecurringCharges === undefined ? node : withPayment(node),
  quantity: node.NodeCount,
  state: node.State,
  startedAt: timeOf(node.StartTime),
  durationSeconds: node.Duration,
  fixedPrice: node.FixedPrice,
  currency: node.CurrencyCode,
});
