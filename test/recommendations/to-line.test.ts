import { describe, expect, test } from "vitest";
import type { CommitmentRequest } from "../../src/domain/commitment-request/commitment-request.js";
import type { ReportedRecommendation, UnpricedRequest } from "../../src/domain/recommendation.js";
import { remainingLine } from "../../src/recommendations/remaining-line.js";
import { toLine } from "../../src/recommendations/to-line.js";
import { reportOf } from "./support/scripted-source.js";

const ACCOUNT = "111111111111";
const recommended = (report: ReportedRecommendation) => ({ ...report, key: "k", source: "a", askedAccount: ACCOUNT });

const plan: CommitmentRequest = {
  service: "aws.savings-plans",
  account: ACCOUNT,
  region: "global",
  term: "1yr",
  payment: "no_upfront",
  quantity: 1,
  planType: "Compute",
  hourlyCommitment: "2.5",
  expectedPrice: { amount: "21900", currency: "USD" },
};
const recommendedPlan = recommended({
  ...reportOf(ACCOUNT),
  service: "aws.savings-plans",
  offer: { kind: "line", line: plan, unitPrices: [] },
});

const cores: UnpricedRequest = {
  service: "gcp.compute",
  account: "my-project-1",
  region: "us-central1",
  term: "1yr",
  payment: "no_upfront",
  quantity: 1,
  type: "GENERAL_PURPOSE_N2",
  resources: { vcpu: 8, memoryMb: 32_768 },
};
const recommendedCores = recommended({
  ...reportOf("my-project-1"),
  service: "gcp.compute",
  offer: { kind: "line", line: cores, unitPrices: [] },
});

describe("the line of a recommendation", () => {
  test("buys what is recommended", () => {
    expect(toLine(recommended(reportOf(ACCOUNT)))).toMatchObject({
      kind: "line",
      line: { quantity: 3, expectedPrice: { amount: "1500", currency: "USD" } },
    });
  });

  test("buys less at the price of less", () => {
    expect(toLine(recommended(reportOf(ACCOUNT)), { quantity: 2, priceTolerancePercent: 3 })).toMatchObject({
      line: { quantity: 2, priceTolerancePercent: 3, expectedPrice: { amount: "1000", currency: "USD" } },
    });
  });

  test("is none for a payment whose price the cloud did not state, unless it is passed", () => {
    const recommendation = recommended(reportOf(ACCOUNT));
    expect(toLine(recommendation, { payment: "all_upfront" })).toEqual({
      kind: "not_purchasable",
      reason:
        "a states no price for all_upfront over 1yr: pass expectedPrice, or take the recommendation with this payment and term",
    });
    const expectedPrice = { amount: "1400", currency: "USD" };
    expect(toLine(recommendation, { payment: "all_upfront", expectedPrice })).toMatchObject({
      line: { payment: "all_upfront", expectedPrice },
    });
  });

  test("is none for what no API sells", () => {
    const offer = { kind: "not_purchasable", reason: "The console alone sells it." } as const;
    expect(toLine(recommended({ ...reportOf(ACCOUNT), offer }))).toEqual(offer);
  });

  test("of a commitment per hour has the price that it comes to", () => {
    expect(toLine(recommendedPlan, { hourlyCommitment: "1", term: "3yr" })).toMatchObject({
      line: { hourlyCommitment: "1", term: "3yr", expectedPrice: { amount: "26280", currency: "USD" } },
    });
    expect(toLine(recommendedPlan, { payment: "partial_upfront" })).toMatchObject({ line: { upfrontAmount: "10950" } });
    expect(toLine(recommendedPlan, { payment: "all_upfront" })).not.toHaveProperty("line.upfrontAmount");
  });

  test("of resources of Google needs a price", () => {
    expect(toLine(recommendedCores)).toMatchObject({ kind: "not_purchasable" });
    expect(toLine(recommendedCores, { expectedPrice: { amount: "900", currency: "USD" } })).toMatchObject({
      line: { resources: { vcpu: 8 }, expectedPrice: { amount: "900" } },
    });
  });

  test.each([{ quantity: 0 }, { quantity: 1.5 }, { quantitty: 1 } as never, { holdMs: 1 }])(
    "is refused for %j",
    (choice) => {
      expect(() => toLine(recommended(reportOf(ACCOUNT)), choice)).toThrow(
        expect.objectContaining({ code: "INVALID_REQUEST" }),
      );
    },
  );

  test.each([{ quantity: 2 }, { hourlyCommitment: "many" }, { hourlyCommitment: "0" }])(
    "of a plan is refused for %j",
    (choice) => {
      expect(() => toLine(recommendedPlan, choice)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
    },
  );
});

describe("what remains of a line", () => {
  const line = toLine(recommended(reportOf(ACCOUNT)));
  if (line.kind !== "line") throw new Error("not a line");
  const instances = (quantity: number) => ({ ...line.line, quantity }) as CommitmentRequest;

  test("is all of it if nothing else is bought", () => {
    expect(remainingLine(line.line, [])).toBe(line.line);
  });

  test("is smaller by what others buy, at the price of that", () => {
    expect(remainingLine(line.line, [instances(1), instances(1)])).toMatchObject({
      quantity: 1,
      expectedPrice: { amount: "500", currency: "USD" },
    });
  });

  test("is nothing if others buy as much or more", () => {
    expect(remainingLine(line.line, [instances(3)])).toBeNull();
    expect(remainingLine(line.line, [instances(7)])).toBeNull();
  });

  test("of a plan is smaller by the amount per hour, and nothing beside another currency", () => {
    const other = { ...plan, hourlyCommitment: "1.1" } as CommitmentRequest;
    expect(remainingLine(plan, [other])).toMatchObject({
      hourlyCommitment: "1.4",
      expectedPrice: { amount: "12264", currency: "USD" },
    });
    expect(
      remainingLine(plan, [{ ...other, expectedPrice: { amount: "9636", currency: "EUR" } } as CommitmentRequest]),
    ).toBeNull();
    expect(remainingLine(plan, [plan])).toBeNull();
  });

  test("of resources is smaller by each of them, without a price", () => {
    const priced = { ...cores, expectedPrice: { amount: "900", currency: "USD" } } as CommitmentRequest;
    const other = { ...priced, resources: { vcpu: 8, memoryMb: 1_024 } } as CommitmentRequest;
    const remaining = remainingLine(priced, [other]);
    expect(remaining).toMatchObject({ resources: { memoryMb: 31_744 } });
    expect(remaining).not.toHaveProperty("resources.vcpu");
    expect(remaining).not.toHaveProperty("expectedPrice");
    expect(remainingLine(priced, [priced])).toBeNull();
  });
});
