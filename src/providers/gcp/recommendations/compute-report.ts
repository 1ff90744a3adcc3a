import { checked } from "../../../domain/checked.js";
import type { GcpComputeRequest } from "../../../domain/commitment-request/gcp-compute.js";
import { gcpComputeSchema } from "../../../domain/commitment-request/gcp-compute.js";
import type { Money } from "../../../domain/money.js";
import { type Offer, type ReportedRecommendation, withAnyPrice } from "../../../domain/recommendation.js";
import { kindsOf } from "../committed-use-discounts/compute-need-key.js";
import { commonReport, notPurchasable } from "./common-report.js";
import type { GoogleRecommendation } from "./google-recommendation.js";
import { recommendedCommitment } from "./recommended-commitment.js";

/** A line for a commitment of Compute Engine whose price nobody has stated yet. */
export type UnpricedComputeLine = Omit<GcpComputeRequest, "expectedPrice">;

/** Where a recommendation was asked for, and who knows prices. */
export interface ComputePlace {
  readonly project: string;
  readonly region: string;
  readonly priceFor: ((line: UnpricedComputeLine) => Money | undefined) | undefined;
}

/**
 * What a recommendation for Compute Engine says. Its line states the recommendation with its etag, so that a purchase
 * claims it.
 */
export function computeReport(recommendation: GoogleRecommendation, place: ComputePlace): ReportedRecommendation {
  const { project: account, region } = place;
  const read = recommendedCommitment(recommendation.operations);
  const report = { ...commonReport(recommendation), service: "gcp.compute", account, region, term: read.term };
  if (read.kind === "unreadable") {
    const reason = `The recommendation cannot be read for sure: ${read.reason}.`;
    return { ...report, offer: notPurchasable(reason) };
  }
  const { term, type, resources } = read;
  const { name, etag } = recommendation;
  const line: UnpricedComputeLine = {
    ...{ service: "gcp.compute", account, region, quantity: 1, term, payment: "no_upfront", type, resources },
    recommendation: { name, etag },
  };
  const kinds = kindsOf(resources);
  return {
    ...report,
    subject: { type, resources: kinds.join(" ") },
    title: `${inWords(line)} of ${type}`,
    offer: elsewhere(recommendation, place) ?? offerOf(line, place.priceFor),
  };
}

/** Accelerators need reservations, which a recommendation does not name, and Google judges the rest: see the schema. */
function offerOf(line: UnpricedComputeLine, priceFor: ComputePlace["priceFor"]): Offer {
  if (line.type !== undefined && FUTURE_RESERVATIONS.has(line.type))
    return notPurchasable(`Commitments of ${line.type} are sold through future reservations.`);
  const result = checked<unknown>(gcpComputeSchema(), withAnyPrice(line));
  if (!result.success) {
    const [fault] = result.error.issues;
    return notPurchasable(`No line buys it: ${fault?.path.join(".")} ${fault?.message}.`);
  }
  const expectedPrice = priceFor?.(line);
  return { kind: "line", line: expectedPrice === undefined ? line : { ...line, expectedPrice }, unitPrices: [] };
}

/** The types that an insert does not sell. Source: Google's page on commitments with reservations. */
const FUTURE_RESERVATIONS: ReadonlySet<string> = new Set([
  "ACCELERATOR_OPTIMIZED_A3_ULTRA",
  "ACCELERATOR_OPTIMIZED_A4",
]);

const TARGET = /\/projects\/(?<project>[^/]+)\/regions\/(?<region>[^/]+)\/commitments\/[^/]+$/;
const NUMBER = /^projects\/(?<number>\d+)\//;

/** Why a commitment is for another place than the one that was asked about. `undefined` if it is for this one. */
function elsewhere({ name, operations }: GoogleRecommendation, place: ComputePlace): Offer | undefined {
  const target = TARGET.exec(operations[0]?.resource ?? "")?.groups;
  if (target === undefined) return undefined;
  const number = NUMBER.exec(name)?.groups?.["number"];
  const isHere = [place.project, number].includes(target["project"]) && target["region"] === place.region;
  return isHere ? undefined : notPurchasable(`It is for ${target["project"]} in ${target["region"]}.`);
}

function inWords({ resources = {} }: UnpricedComputeLine): string {
  const { vcpu, memoryMb, localSsdGb, accelerators = [] } = resources;
  return [
    ...(vcpu === undefined ? [] : [`${vcpu} vCPUs`]),
    ...(memoryMb === undefined ? [] : [`${memoryMb} MB of memory`]),
    ...(localSsdGb === undefined ? [] : [`${localSsdGb} GB of local SSD`]),
    ...accelerators.map(({ type, count }) => `${count} ${type}`),
  ].join(" and ");
}
