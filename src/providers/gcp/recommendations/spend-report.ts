import { checked } from "../../../domain/checked.js";
import { termHours } from "../../../domain/commitment-request/common.js";
import { knownGcpOffer } from "../../../domain/commitment-request/gcp-offers.js";
import { type GcpSpendRequest, gcpSpendSchema } from "../../../domain/commitment-request/gcp-spend.js";
import { type Money, timesMoney } from "../../../domain/money.js";
import type { ReportedRecommendation } from "../../../domain/recommendation.js";
import { commonReport, notPurchasable } from "./common-report.js";
import type { GoogleRecommendation, RecommendedOperation } from "./google-recommendation.js";

/** A spend-based recommendation, with all values as JSON. */
export interface GcpSpendRecommendation {
  /** The full name. */
  readonly name: string;
  readonly description: string;
  /** Google's own kind of the recommendation; empty if there is none. */
  readonly subtype: string;
  readonly overview: unknown;
  readonly operations: readonly RecommendedOperation[];
}

/** What a spend-based recommendation says is to be bought. */
export interface GcpSpendCommitment {
  /** The name of the offer, such as `services/alloydb.googleapis.com/standardOffers/…`, which stands for its term too. */
  readonly offer: string;
  /** A region, or `global`. */
  readonly region: string;
  /** In the currency of the billing account. */
  readonly hourlyCommitment: Money;
  /** Whether Google renews the commitment at its end. Default false. */
  readonly autoRenew?: boolean;
  /** What it covers, where that is not the service in the name of the offer: one service may have several products. */
  readonly product?: string;
}

/** Where a recommendation was asked for, and who reads it. */
export interface SpendPlace {
  readonly billingAccount: string;
  readonly location: string;
  readonly commitmentFor: ((recommendation: GcpSpendRecommendation) => GcpSpendCommitment | undefined) | undefined;
}

/** What a spend-based recommendation says. It has a line if its offer is known. */
export function spendReport(recommendation: GoogleRecommendation, place: SpendPlace): ReportedRecommendation {
  const { billingAccount: account, location } = place;
  const report = { ...commonReport(recommendation), service: "gcp.spend", account, region: location, term: null };
  const { name, description, subtype, overview, operations } = recommendation;
  const stated = place.commitmentFor?.({ name, description, subtype, overview, operations });
  if (stated === undefined) return { ...report, offer: notPurchasable(UNREAD) };
  const term = knownGcpOffer(stated.offer)?.term;
  if (term === undefined)
    return { ...report, offer: notPurchasable(`The term of the offer ${stated.offer} is not known.`) };
  const { amount: hourlyCommitment, currency } = stated.hourlyCommitment;
  const line: GcpSpendRequest = {
    ...{ service: "gcp.spend", account, region: stated.region, quantity: 1, term, payment: "no_upfront" },
    ...{ offer: stated.offer, hourlyCommitment, autoRenew: stated.autoRenew ?? false },
    expectedPrice: timesMoney(stated.hourlyCommitment, termHours(term)),
  };
  const product = stated.product ?? productOf(stated.offer);
  const faults = faultsOf(line);
  return {
    ...report,
    region: stated.region,
    term,
    subject: { product },
    title: `${hourlyCommitment} ${currency} an hour of ${product}`,
    offer:
      faults === undefined ? { kind: "line", line, unitPrices: [] } : notPurchasable(`No line buys it: ${faults}.`),
  };
}

const UNREAD =
  "Google does not document what its spend-based recommendations hold. Pass commitmentFor to read those of your billing accounts.";

const productOf = (offer: string): string => /^services\/([^/]+)\//.exec(offer)?.[1] ?? offer;

function faultsOf(line: GcpSpendRequest): string | undefined {
  const result = checked<unknown>(gcpSpendSchema(), line);
  if (result.success) return undefined;
  const [fault] = result.error.issues;
  return `${fault?.path.join(".")} ${fault?.message}`;
}
