import { describe, expect, test } from "vitest";
import { savingsPlanReport } from "../../../../src/providers/aws/recommendations/savings-plan-report.js";
import { USAGE } from "../../../simulator/aws-usage.js";
import { collect, recommendingAws } from "./support/recommending-aws.js";

const start = "StartSavingsPlansPurchaseRecommendationGeneration";
const HOUR = 3_600_000;
const SPEND = { spend: USAGE.spend } as const;

describe("recommended Savings Plans", () => {
  test("are those of all four types, with the price of the hourly commitment", async () => {
    const { plans, asked } = await recommendingAws(SPEND);
    const { recommendations, failures } = await collect([plans()]);
    expect(failures).toEqual([]);
    const found = recommendations.map(({ term, subject, region, offer, generatedAt }) => [
      ...[term, subject["planType"], region],
      offer.kind === "line" && Reflect.get(offer.line, "hourlyCommitment"),
      offer.kind === "line" && "expectedPrice" in offer.line && offer.line.expectedPrice.amount,
      typeof generatedAt,
    ]);
    expect(found).toEqual([
      ["1yr", "Compute", "global", "7.2", "63072", "number"],
      ["3yr", "Compute", "global", "5", "131400", "number"],
      ["1yr", "EC2Instance", "us-east-1", "1.688", "14786.88", "number"],
      ["3yr", "EC2Instance", "us-east-1", "1.172", "30800.16", "number"],
      ["1yr", "SageMaker", "global", "0.72", "6307.2", "number"],
      ["3yr", "SageMaker", "global", "0.5", "13140", "number"],
      ["1yr", "Database", "global", "1.08", "9460.8", "number"],
    ]);
    expect(await asked(start)).toBe(0);
  });

  test("that are stale are computed anew, by one request for the account, and reported with the evidence", async () => {
    const { simulator, plans, asked } = await recommendingAws(SPEND);
    const stale = [plans({ staleAfterMs: HOUR })];
    const generations = async () => {
      const { recommendations } = await collect(stale);
      expect(recommendations).toHaveLength(7);
      return new Set(recommendations.map(({ evidence }) => JSON.stringify(evidence["generation"])));
    };
    const [first, ...others] = await generations();
    expect(others).toEqual([]);
    expect(JSON.parse(String(first))).toEqual({
      kind: "started",
      startedAt: expect.any(String),
      estimatedCompletion: expect.any(String),
    });
    expect(await asked(start)).toBe(1);
    expect(await generations()).toEqual(new Set(['{"kind":"running"}']));
    // The simulator has computed them by then.
    await simulator.clock.advance(300_000);
    expect(await generations()).toEqual(new Set([undefined]));
    expect(await asked(start)).toBe(2);
  });

  test("that are stale arrive although newer ones are refused", async () => {
    const { simulator, plans } = await recommendingAws(SPEND);
    await simulator.faults.add({ operation: start, kind: "error", code: "AccessDeniedException", status: 400 });
    const { recommendations, failures } = await collect([plans({ staleAfterMs: HOUR })]);
    expect(failures).toEqual([]);
    expect(recommendations).toHaveLength(7);
    expect(recommendations[0]?.evidence["generation"]).toMatchObject({ kind: "refused" });
  });

  test("are none if the answer says so, and unreadable if it does not say", async () => {
    const operation = "GetSavingsPlansPurchaseRecommendation";
    const { simulator, plans } = await recommendingAws({});
    const source = plans({ planTypes: ["Compute"], terms: ["1yr"] });
    const details = "SavingsPlansPurchaseRecommendationDetails";
    await simulator.faults.add({ operation, kind: "leave-out", fields: [details] });
    expect(await collect([source])).toEqual({ recommendations: [], failures: [] });
    await simulator.faults.add({ operation, kind: "leave-out", fields: [details, "GenerationTimestamp"] });
    await expect(collect([source])).rejects.toMatchObject({ details: { failures: [{ kind: "unreadable" }] } });
    await simulator.usage.set(SPEND);
    await simulator.faults.add({ operation, kind: "leave-out", fields: [details] });
    await expect(collect([source])).rejects.toMatchObject({ details: { failures: [{ kind: "unreadable" }] } });
  });
});

test.each([
  ["0.5", "2190.4", "2191"],
  ["0.5", undefined, "2190"],
  ["0.5", "100", "2190"],
  ["0.001", "4.38", "5"],
  ["0.123456", "540.7", "541"],
])("a plan of %s an hour with %s upfront is paid with %s at once", (hourly, upfront, upfrontAmount) => {
  const detail = {
    AccountId: "111122223333",
    CurrencyCode: "USD",
    HourlyCommitmentToPurchase: hourly,
    UpfrontCost: upfront,
  };
  const combination = { term: "1yr", payment: "partial_upfront", lookbackDays: 30, accountScope: "linked" } as const;
  const question = { account: "111122223333", planType: "Compute", combination } as const;
  const { offer } = savingsPlanReport({ detail, metadata: undefined }, question, undefined);
  expect(offer).toMatchObject({ kind: "line", line: { upfrontAmount, hourlyCommitment: hourly.slice(0, 7) } });
  const { offer: nothing } = savingsPlanReport(
    { detail: { ...detail, HourlyCommitmentToPurchase: "NaN" }, metadata: undefined },
    question,
    undefined,
  );
  expect(nothing).toMatchObject({ kind: "not_purchasable", reason: expect.stringContaining('"NaN"') });
});
