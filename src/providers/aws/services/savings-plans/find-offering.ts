import type { DescribeSavingsPlansOfferingsRequest, SavingsPlanOffering } from "@aws-sdk/client-savingsplans";
import {
  type AwsSavingsPlansRequest,
  SAVINGS_PLAN_TYPES,
} from "../../../../domain/commitment-request/aws-savings-plans.js";
import { termSeconds } from "../../../../domain/commitment-request/common.js";
import { collectPages } from "../../../collect-pages.js";
import { OFFERING_TYPES } from "../../offering-type.js";
import { onlyOffering } from "../../only-offering.js";
import { plainText } from "../../plain-text.js";
import { loadSavingsPlans, type SavingsPlansConnection } from "./savings-plans-client.js";

/**
 * The id of the one offering that is exactly what the line buys.
 *
 * Throws `OFFERING_NOT_FOUND` for none and `OFFERING_AMBIGUOUS` for several: the library does not choose.
 */
export async function findOffering(
  connection: SavingsPlansConnection,
  request: AwsSavingsPlansRequest,
): Promise<string> {
  const listed = await listOfferings(connection, request);
  const { id } = onlyOffering({
    what: `${request.planType} Savings Plans`,
    wanted: query(request),
    listed: listed.length,
    matching: listed.filter((candidate) => isExactly(candidate, request)),
    idOf: ({ offeringId }) => offeringId,
    open: { value: request.planType, known: SAVINGS_PLAN_TYPES },
  });
  return id;
}

async function listOfferings(
  { client, settings, signal, limit }: SavingsPlansConnection,
  request: AwsSavingsPlansRequest,
) {
  const { DescribeSavingsPlansOfferingsCommand } = await loadSavingsPlans();
  return collectPages({
    operation: "DescribeSavingsPlansOfferings",
    maxPages: settings.maxPages,
    signal,
    async fetch(nextToken) {
      const command = new DescribeSavingsPlansOfferingsCommand({ ...query(request), nextToken });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.searchResults, nextToken: page.nextToken };
    },
  });
}

function query(request: AwsSavingsPlansRequest): DescribeSavingsPlansOfferingsRequest {
  const { region, instanceFamily } = request;
  return {
    // The SDK's enums name the plan types and the currencies of today. The cloud itself has to refuse any other one.
    planTypes: [request.planType as "Compute"],
    durations: [termSeconds(request.term)],
    paymentOptions: [OFFERING_TYPES[request.payment]],
    currencies: [request.expectedPrice.currency as "USD"],
    maxResults: 1000,
    ...(instanceFamily !== undefined && {
      filters: [
        { name: "region", values: [region] },
        { name: "instanceFamily", values: [instanceFamily] },
      ],
    }),
  };
}

function isExactly(offering: SavingsPlanOffering, request: AwsSavingsPlansRequest): boolean {
  return (
    offering.planType === request.planType &&
    offering.durationSeconds === termSeconds(request.term) &&
    offering.paymentOption === OFFERING_TYPES[request.payment] &&
    offering.currency === request.expectedPrice.currency &&
    property(offering, "region") === (request.region === "global" ? undefined : request.region) &&
    property(offering, "instanceFamily") === request.instanceFamily
  );
}

/** What an offering is limited to. Offerings without a limit leave the property out, or state "Any". */
function property({ properties = [] }: SavingsPlanOffering, wanted: "region" | "instanceFamily"): string | undefined {
  const value = properties.find(({ name }) => name === wanted)?.value;
  return value !== undefined && plainText(value) === "any" ? undefined : value;
}
