import { describe, expect, test } from "vitest";
import { silentLogger } from "../../../../src/domain/logger.js";
import { createPurchaseEngine } from "../../../../src/engine/purchase-engine.js";
import {
  type GcpSpendRecommendationOptions,
  gcpSpendRecommendations,
} from "../../../../src/providers/gcp/recommendations/spend-recommendations.js";
import { toLine } from "../../../../src/recommendations/to-line.js";
import { memoryStore } from "../../../../src/stores/memory/memory-store.js";
import { UNGUARDED } from "../../../support/unguarded.js";
import { simulated } from "../simulated-line.js";
import { ACCOUNT, OFFERS, spendProvider } from "../spend-line.js";
import { collect, listingClients } from "./simulated-sources.js";

const SPENDING = [
  { billingAccount: ACCOUNT, offer: OFFERS["1yr"], region: "us-central1", hourly: "1.5" },
  { billingAccount: ACCOUNT, offer: "services/x.googleapis.com/standardOffers/y", region: "global", hourly: "2" },
];

type Reader = NonNullable<GcpSpendRecommendationOptions["commitmentFor"]>;

/** The line item in which the simulator says what it recommends. */
interface LineItem {
  readonly offer: string;
  readonly parameters: readonly [{ value: { doubleValue: number } }, { value: { stringValue: string } }];
}

/** Reads the recommendations as the simulator makes them. */
const commitmentFor: Reader = ({ operations }) => {
  const [item] = operations.map(({ value }) => value as LineItem);
  if (item === undefined) return undefined;
  const [hourly, region] = item.parameters;
  const amount = String(hourly.value.doubleValue);
  return { offer: item.offer, region: region.value.stringValue, hourlyCommitment: { amount, currency: "USD" } };
};

async function spending(options: Partial<GcpSpendRecommendationOptions> = {}) {
  const world = await simulated({ spending: SPENDING });
  const clients = listingClients(world.simulator, { principal: "ann@example.com" });
  return { ...world, source: gcpSpendRecommendations({ clientFor: () => clients, ...options }) };
}

describe("spend-based recommendations of Google", () => {
  test("are advice as long as nobody says how to read them", async () => {
    const { source } = await spending();
    const { recommendations } = await collect(source, [ACCOUNT]);
    expect(recommendations).toHaveLength(2);
    expect(recommendations[0]).toMatchObject({
      ...{ source: "gcp.spend", service: "gcp.spend", account: ACCOUNT, region: "global", term: null },
      subject: { recommendation: expect.any(String) },
      figures: { monthlySavings: { amount: expect.any(String), currency: "USD" } },
      offer: { kind: "not_purchasable", reason: expect.stringContaining("commitmentFor") },
    });
  });

  test("are bought where their offer is known, and recommended no more", async () => {
    const { simulator, clock, source } = await spending({ commitmentFor });
    const { recommendations } = await collect(source, [ACCOUNT]);
    const [known, unknown] = recommendations.toSorted((one) => (one.offer.kind === "line" ? -1 : 1));
    expect(unknown?.offer).toEqual({ kind: "not_purchasable", reason: expect.stringContaining("not known") });
    expect(known).toMatchObject({
      ...{ region: "us-central1", term: "1yr", payment: "no_upfront", subject: { product: "alloydb.googleapis.com" } },
      offer: { line: { hourlyCommitment: "1.5", expectedPrice: { amount: "13140", currency: "USD" } } },
    });
    const made = toLine(known ?? expect.unreachable());
    const line = made.kind === "line" ? made.line : expect.unreachable(made.reason);
    const store = memoryStore({ clock });
    const providers = [spendProvider(simulator.url)];
    const engine = createPurchaseEngine({ ...UNGUARDED, store, providers, clock, logger: silentLogger });
    const { id } = await engine.submit({ requestKey: "key", createdBy: "ann", lines: [line] });
    await engine.approve(id, { approvedBy: "bob" });
    expect(await engine.run(id)).toMatchObject({ status: "completed" });
    expect((await collect(source, [ACCOUNT])).recommendations.map(({ key }) => key)).toEqual([unknown?.key]);
  });

  test("make no line that the adapter refuses, and fail where a location is denied", async () => {
    const tooFine: Reader = (recommendation) => {
      const read = commitmentFor(recommendation);
      return read && { ...read, hourlyCommitment: { amount: "1.1234567", currency: "USD" }, product: "AlloyDB" };
    };
    const { simulator, source } = await spending({ commitmentFor: tooFine, locations: ["us-central1", "global"] });
    const denied = { operation: "ListRecommendations", kind: "error", code: "PERMISSION_DENIED", status: 403 } as const;
    await simulator.faults.add({ ...denied, match: { account: ACCOUNT, region: "us-central1" } });
    const { recommendations, failures } = await collect(source, [ACCOUNT]);
    expect(failures).toMatchObject([{ place: { region: "us-central1" }, kind: "denied" }]);
    const found = recommendations.find(({ subject }) => subject["product"] === "AlloyDB");
    expect(found?.offer).toMatchObject({
      kind: "not_purchasable",
      reason: expect.stringContaining("hourlyCommitment"),
    });
  });
});
