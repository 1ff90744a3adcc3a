import * as z from "zod/mini";
import { listedAsOf, repeatsPageToken } from "../../../call-effects.js";
import { pageOf } from "../../../paging.js";
import { SimulatedError } from "../../../simulated-error.js";
import { type AwsOperation, operation } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { restJson } from "../../protocol/rest-json.js";
import { PAYMENT_OPTIONS } from "../../terms-and-prices.js";
import type { SavingsPlansOffering } from "./savings-plans-offering.js";

const texts = z._default(z.array(z.string()), []);

const input = z.object({
  offeringIds: texts,
  paymentOptions: z._default(z.array(z.enum(PAYMENT_OPTIONS)), []),
  productType: z.optional(z.string()),
  planTypes: texts,
  durations: z._default(z.array(z.int()), []),
  currencies: z._default(z.array(z.enum(["USD", "CNY", "EUR"])), []),
  descriptions: texts,
  serviceCodes: texts,
  usageTypes: texts,
  operations: texts,
  filters: z._default(z.array(z.object({ name: z.enum(["region", "instanceFamily"]), values: texts })), []),
  maxResults: z._default(z.int().check(z.gte(0), z.lte(1000)), 1000),
  nextToken: z.optional(z.string()),
});
type Input = z.infer<typeof input>;

/** Lists the savings plans that are on sale. */
export function describeSavingsPlansOfferings({ catalogue, settings }: AwsWorld): AwsOperation {
  return operation(restJson, input, (request, call) => {
    const rows = catalogue.savingsPlans(listedAsOf(call)).filter((row) => isWanted(row, request));
    // 0 is in the documented range. It cannot mean pages without rows for ever, so it counts as not given.
    const size = request.maxResults === 0 ? 1000 : request.maxResults;
    const { emptyPages } = settings;
    const page = pageOf(rows, { token: request.nextToken, size, emptyPages, repeatToken: repeatsPageToken(call) });
    if (page === undefined) throw new SimulatedError("ValidationException", 400, "The token is not valid");
    return { searchResults: page.rows.map(offeringJson), nextToken: page.nextToken };
  });
}

function isWanted(row: SavingsPlansOffering, request: Input): boolean {
  return (
    isAmong(row.offeringId, request.offeringIds) &&
    isAmong(row.paymentOption, request.paymentOptions) &&
    (request.productType === undefined || row.productTypes.includes(request.productType)) &&
    isAmong(row.planType, request.planTypes) &&
    isAmong(row.durationSeconds, request.durations) &&
    isAmong("USD", request.currencies) &&
    isAmong(row.description, request.descriptions) &&
    isAmong(row.serviceCode, request.serviceCodes) &&
    isAmong(row.usageType, request.usageTypes) &&
    isAmong(row.operation, request.operations) &&
    request.filters.every(({ name, values }) => values.includes(row[name] ?? ""))
  );
}

function isAmong<Value>(actual: Value, wanted: readonly Value[]): boolean {
  return wanted.length === 0 || wanted.includes(actual);
}

function offeringJson(row: SavingsPlansOffering): object {
  const { region = regionOfAll(row), instanceFamily, ...shown } = row;
  const properties = [
    { name: "region", value: region },
    { name: "instanceFamily", value: instanceFamily },
  ];
  return { ...shown, currency: "USD", properties: properties.filter(({ value }) => value !== undefined) };
}

// Whether an offering without a region leaves the property out or states this is not documented, and both are recorded.
const regionOfAll = ({ planType }: SavingsPlansOffering): string | undefined =>
  planType === "SageMaker" ? "Any" : undefined;
