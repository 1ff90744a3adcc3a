import { expect, test } from "vitest";
import { silentLogger } from "../../../../src/domain/logger.js";
import { createPurchaseEngine } from "../../../../src/engine/purchase-engine.js";
import { chooseRecommendations, type Recommendation, toLine } from "../../../../src/recommendations/index.js";
import { memoryStore } from "../../../../src/stores/memory/memory-store.js";
import { USAGE } from "../../../simulator/aws-usage.js";
import { UNGUARDED } from "../../../support/unguarded.js";
import { ADAPTERS } from "../every-adapter.js";
import { collect, recommendingAws } from "./support/recommending-aws.js";

const PAYMENTS = ["no_upfront", "partial_upfront", "all_upfront"] as const;

test("each purchasable recommendation is a line that AWS sells, and what is bought is recommended no more", async () => {
  const { simulator, reservations, plans } = await recommendingAws(USAGE);
  const sources = [
    reservations({ payments: PAYMENTS, redshiftOfferingType: "Regular" }),
    plans({ payments: PAYMENTS }),
  ];
  const { recommendations, failures } = await collect(sources);
  expect(failures).toEqual([]);
  const purchasable = recommendations.filter(({ offer }) => offer.kind === "line");
  // All but DynamoDB are sold for two terms with three payments; RDS lacks one of them, and Database plans have one.
  const { instances, spend } = USAGE;
  expect(purchasable).toHaveLength((instances.length - 1) * 6 - 3 + (spend.length - 1) * 6 + 1);
  expect(recommendations.filter(({ offer }) => offer.kind !== "line").map(({ service }) => service)).toEqual(
    Array(6).fill("aws.dynamodb"),
  );

  const store = memoryStore();
  const providers = ADAPTERS.map((adapter) => adapter.provider(simulator));
  const engine = createPurchaseEngine({ ...UNGUARDED, store, providers, logger: silentLogger });
  const submitted = { requestKey: "all", createdBy: "ann", lines: purchasable.map(lineOf) };
  expect((await engine.submit(submitted)).lines).toHaveLength(purchasable.length);

  const chosen = chooseRecommendations(purchasable, { terms: ["1yr"], payments: ["partial_upfront", "no_upfront"] });
  expect(chosen).toHaveLength(instances.length - 1 + spend.length);
  const { id } = await engine.submit({ requestKey: "chosen", createdBy: "ann", lines: chosen.map(lineOf) });
  await engine.approve(id, { approvedBy: "bob" });
  const { status, lines } = await engine.run(id);
  expect(lines.map(({ state }) => state)).toEqual(chosen.map(() => "committed"));
  expect(status).toBe("completed");
  expect(await simulator.ledger.purchases()).toHaveLength(chosen.length);

  const again = await collect(sources);
  expect(again.recommendations.map(({ service }) => service)).toEqual(Array(6).fill("aws.dynamodb"));
}, 20_000);

function lineOf(recommendation: Recommendation) {
  const made = toLine(recommendation);
  if (made.kind !== "line") throw new Error(made.reason);
  return made.line;
}

test("states the figures of Cost Explorer, when it computed them, and its record", async () => {
  const { reservations } = await recommendingAws({ instances: [USAGE.instances[0]] });
  const source = reservations({ services: ["aws.ec2"], terms: ["1yr"], payments: ["partial_upfront"] });
  const { recommendations } = await collect([source]);
  expect(recommendations).toMatchObject([
    {
      source: "aws.reservations",
      service: "aws.ec2",
      account: "111122223333",
      region: "us-east-1",
      term: "1yr",
      payment: "partial_upfront",
      lookbackDays: 30,
      subject: { instanceType: "m5.large", platform: "Linux/UNIX", tenancy: "default" },
      variant: "linked standard",
      title: "4 x m5.large Linux/UNIX",
      offer: { kind: "line", line: { quantity: 4, expectedPrice: { currency: "USD" } } },
      figures: { upfront: { amount: "1017.24", currency: "USD" }, onDemandMonthly: { currency: "USD" } },
      evidence: { RecommendationDetail: { RecommendedNumberOfInstancesToPurchase: "4" }, Metadata: {} },
    },
  ]);
  expect(Math.abs(Number(recommendations[0]?.generatedAt) - Date.now())).toBeLessThan(60_000);
});
