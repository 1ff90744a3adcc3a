import * as z from "zod";
import { wholeNumber } from "../protocol/query-text.js";
import type { RequestedPage } from "../reserved-nodes/list-reserved-nodes.js";
import { pricesInUsd, recurringCharge } from "../reserved-nodes/price-fields.js";
import type { ReservedNodesOffering } from "../reserved-nodes/reserved-nodes-offering.js";

/** The pattern of the API model for the ids of offerings and reservations. */
export const guid = z.guid();

/** The page of a listing, in the query string. */
export const openSearchPage = {
  maxResults: wholeNumber.pipe(z.int().min(1).max(100)).default(100),
  nextToken: z.string().optional(),
};

/** The page a request asks for. */
export function openSearchPageOf({
  maxResults,
  nextToken,
}: z.infer<z.ZodObject<typeof openSearchPage>>): RequestedPage {
  return { token: nextToken, size: maxResults, tokenField: "nextToken" };
}

const PAYMENT_OPTION = {
  "No Upfront": "NO_UPFRONT",
  "Partial Upfront": "PARTIAL_UPFRONT",
  "All Upfront": "ALL_UPFRONT",
} as const;

/** What an offering and a reservation of it have in common. */
export function openSearchInstanceJson(row: ReservedNodesOffering): object {
  return {
    ReservedInstanceOfferingId: row.offeringId,
    InstanceType: row.nodeType,
    Duration: row.durationSeconds,
    ...pricesInUsd(row),
    PaymentOption: PAYMENT_OPTION[row.offeringType],
    RecurringCharges: [recurringCharge(row)],
  };
}
