import type { ReservationOffering } from "@aws-sdk/client-redshift-serverless";
import type { AwsRedshiftServerlessRequest } from "../../../../domain/commitment-request/aws-redshift-serverless.js";
import { termSeconds } from "../../../../domain/commitment-request/common.js";
import { collectPages } from "../../../collect-pages.js";
import type { UnitPrice } from "../../line-price.js";
import type { Attributes } from "../../reservations/attributes.js";
import type { Offering } from "../../reservations/offering.js";
import { loadRedshiftServerless, type RedshiftServerlessConnection } from "./redshift-serverless-client.js";

/** What a line buys, in the spellings of Redshift Serverless. */
export const wanted = (request: AwsRedshiftServerlessRequest): Attributes => ({
  duration: termSeconds(request.term),
  offeringType: request.payment === "all_upfront" ? "ALL_UPFRONT" : "NO_UPFRONT",
});

/** Every offering of the region; its charges are for one Redshift Processing Unit. */
export async function listOfferings({
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
