import type { ReservedNodeOffering } from "@aws-sdk/client-redshift";
import type { AwsRedshiftRequest } from "../../../../domain/commitment-request/aws-redshift.js";
import { type Payment, termSeconds } from "../../../../domain/commitment-request/common.js";
import { collectPages } from "../../../collect-pages.js";
import { OFFERING_TYPES } from "../../offering-type.js";
import type { Attributes } from "../../reservations/attributes.js";
import { type Offering, type StatedPrices, unitPriceOf } from "../../reservations/offering.js";
import { loadRedshift, type RedshiftConnection } from "./redshift-client.js";

/** What a line buys, in the spellings of Redshift, and how it is paid. */
export const wanted = (request: AwsRedshiftRequest): Attributes => ({
  NodeType: request.nodeType,
  Duration: termSeconds(request.term),
  ReservedNodeOfferingType: request.nodeOfferingType,
  payment: request.payment,
});

/** Every offering of the region: the API filters by nothing but the offering's id. */
export async function listOfferings({
  client,
  settings,
  signal,
  limit,
}: RedshiftConnection): Promise<readonly Offering[]> {
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
 * Redshift's `OfferingType` is documented as the anticipated utilization. Where it does name a way to pay and the prices
 * show another, the payment is not known.
 */
export const withPayment = (stated: StatedPrices & Pick<ReservedNodeOffering, "OfferingType">): object => ({
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
