import * as z from "zod/mini";
import { once } from "../once.js";
import { type CommonRequest, commonShape } from "./common.js";
import { gcpRegionSchema } from "./gcp-common.js";
import { knownGcpOffer } from "./gcp-offers.js";
import { hourlyCommitmentSchema, totalProblem } from "./hourly-commitment.js";

/**
 * A spend-based committed use discount of Google Cloud, bought with the Cloud Commerce Consumer Procurement API: the
 * flexible ones of Compute Engine, and those of Cloud SQL, AlloyDB, Spanner, Bigtable, BigQuery and others.
 *
 * `account` is the billing account. A commitment is bought whole, so `quantity` is 1 and the size is
 * `hourlyCommitment`. It is billed monthly. The expected price is the hourly commitment times the hours of the term,
 * which the schema checks.
 */
export interface GcpSpendRequest extends CommonRequest {
  readonly service: "gcp.spend";
  readonly payment: "no_upfront";
  /**
   * The name of the offer, as Google's page "Purchase a spend-based commitment" lists it:
   * `services/compute.googleapis.com/standardOffers/…`. An offer stands for a product and a term. For most products
   * Google lists two names, one for billing accounts that opted in to the new model of these discounts and one for the
   * others.
   */
  readonly offer: string;
  /**
   * What is committed per hour, in the currency of the expected price, which must be that of the billing account. More
   * than 0, at most five decimals. Google has other limits for each product.
   */
  readonly hourlyCommitment: string;
  /**
   * Whether Google renews the commitment at its end. It must be stated. The purchase has no field for it, so an order
   * that renews itself otherwise is changed right after the purchase.
   */
  readonly autoRenew: boolean;
}

const OFFER = /^(services\/[\w.-]+\/standardOffers\/[\w-]+|billingAccounts\/(?<account>[0-9A-F-]+)\/offers\/[\w-]+)$/;

/** Parses {@link GcpSpendRequest}. */
export const gcpSpendSchema = once(() =>
  z
    .strictObject({
      service: z.literal("gcp.spend"),
      ...commonShape(),
      account: z
        .string()
        .check(
          z.regex(
            /^[0-9A-F]{6}(-[0-9A-F]{6}){2}$/,
            'must be the id of a billing account such as "01ABCD-234567-89EF01"',
          ),
        ),
      region: z.union(
        [z.literal("global"), gcpRegionSchema()],
        'must be "global" or a region of Google Cloud such as "us-central1"',
      ),
      quantity: z.literal(1),
      payment: z.literal("no_upfront"),
      offer: z
        .string()
        .check(
          z.maxLength(300),
          z.regex(OFFER, 'must be the name of an offer such as "services/compute.googleapis.com/standardOffers/…"'),
        ),
      hourlyCommitment: hourlyCommitmentSchema().check(z.refine((text) => Number(text) > 0, "must be greater than 0")),
      autoRenew: z.boolean(),
    })
    .check((ctx) => {
      for (const [path, message] of contradictions(ctx.value))
        ctx.issues.push({ code: "custom", path: [path], message, input: ctx.value });
    }),
);

function* contradictions(request: GcpSpendRequest): Generator<[keyof GcpSpendRequest, string]> {
  const { account, offer, term } = request;
  const problem = totalProblem(request);
  if (problem !== undefined) yield ["expectedPrice", problem];
  const known = knownGcpOffer(offer);
  if (known !== undefined && known.term !== term) yield ["term", `must be "${known.term}", the term of the offer`];
  const owner = OFFER.exec(offer)?.groups?.["account"];
  if (owner !== undefined && owner !== account) yield ["offer", `must be an offer to ${account}, not to ${owner}`];
}
