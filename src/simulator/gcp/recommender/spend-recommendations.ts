import Big from "big.js";
import { deterministicId } from "../../deterministic-id.js";
import type { GcpWorld } from "../gcp-world.js";
import type { SpendUsage } from "./usage.js";

/** The recommender of spend-based commitments. */
export const SPEND_RECOMMENDER = "google.cloudbilling.commitment.SpendBasedCommitmentRecommender";

/** The kind of its recommendations. Google's own name of it is not documented. */
export const SPEND_SUBTYPE = "SPEND_BASED_COMMITMENTS";

/** What of its hourly spending a commitment saves: a fifth. */
const DISCOUNT = "0.2";

/**
 * What is recommended to a billing account as of `moment`: its spending less its orders, for each offer and region. All
 * of it is active, and cannot be marked.
 *
 * Google does not document what these recommendations hold. Here they hold a line item, as the Consumer Procurement API
 * takes it.
 */
export function spendRecommendations(world: GcpWorld, billingAccount: string, moment: number): readonly object[] {
  const { settings, orders } = world;
  return settings.spending
    .filter((spending) => spending.billingAccount === billingAccount)
    .map((spending) => ({ spending, hourly: new Big(spending.hourly).minus(orders.committed(spending, moment)) }))
    .filter(({ hourly }) => hourly.gt(0))
    .map(({ spending, hourly }) => recommended(spending, hourly, moment));
}

function recommended({ billingAccount, offer, region }: SpendUsage, hourly: Big, moment: number): object {
  const id = deterministicId(`spend:${billingAccount}:${offer}:${region}`);
  const container = `billingAccounts/${billingAccount}`;
  const [units = "0", cents = "0"] = hourly
    .times(24 * 30)
    .times(DISCOUNT)
    .toFixed(2)
    .split(".");
  const nanos = Number(cents) * 10_000_000;
  const operation = {
    action: "add",
    resourceType: "cloudcommerceconsumerprocurement.googleapis.com/Order",
    resource: `//cloudcommerceconsumerprocurement.googleapis.com/${container}/orders/recommended`,
    path: "/",
    value: {
      offer,
      parameters: [
        { name: "hourly_commit", value: { doubleValue: hourly.toNumber() } },
        { name: "region", value: { stringValue: region } },
      ],
    },
  };
  return {
    name: `${container}/locations/global/recommenders/${SPEND_RECOMMENDER}/recommendations/${id}`,
    description: `Commit to ${hourly.toFixed()} USD per hour in ${region} to save cost.`,
    lastRefreshTime: new Date(moment).toISOString(),
    recommenderSubtype: SPEND_SUBTYPE,
    priority: "P3",
    primaryImpact: {
      category: "COST",
      costProjection: {
        cost: { currencyCode: "USD", units: String(-Number(units)), ...(nanos > 0 && { nanos: -nanos }) },
        duration: `${30 * 24 * 3600}s`,
      },
    },
    content: { overview: { algorithm: "LOW_WATERMARK" }, operationGroups: [{ operations: [operation] }] },
    stateInfo: { state: "ACTIVE" },
    etag: `"${deterministicId(`etag:${id}:${hourly.toFixed()}`).slice(0, 8)}"`,
  };
}
