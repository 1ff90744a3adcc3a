import { describe, expect, test } from "vitest";
import type { ReportedRecommendation } from "../../src/domain/recommendation.js";
import { chooseRecommendations } from "../../src/recommendations/choose-recommendations.js";
import { reportOf } from "./support/scripted-source.js";

const ACCOUNT = "111111111111";
const recommended = (changes: Partial<ReportedRecommendation>, key = "k") => ({
  ...reportOf(ACCOUNT, changes),
  ...{ key, source: "a", askedAccount: ACCOUNT },
});

const all = [
  recommended({ term: "1yr", payment: "no_upfront", lookbackDays: 7 }),
  recommended({ term: "1yr", payment: "no_upfront", lookbackDays: 60 }),
  recommended({ term: "1yr", payment: "all_upfront", lookbackDays: 60 }),
  recommended({ term: "3yr", payment: "no_upfront", lookbackDays: 60 }),
  recommended({ subject: { instanceType: "c5.large" }, term: "3yr", payment: "all_upfront" }),
];

const chosen = (preference: Parameters<typeof chooseRecommendations>[1], from = all) =>
  chooseRecommendations(from, preference).map(({ term, payment, lookbackDays, subject }) => [
    ...[subject["instanceType"], term, payment, lookbackDays],
  ]);

describe("the recommendations that are chosen", () => {
  test("are one for each need, by the terms and payments that are preferred", () => {
    expect(chosen({ terms: ["1yr", "3yr"], payments: ["no_upfront", "all_upfront"] })).toEqual([
      ["m5.large", "1yr", "no_upfront", 60],
      ["c5.large", "3yr", "all_upfront", 30],
    ]);
    expect(chosen({ terms: ["3yr"], payments: ["no_upfront"] })).toEqual([["m5.large", "3yr", "no_upfront", 60]]);
  });

  test("may have a term that the cloud does not state", () => {
    const unstated = recommended({ term: null, subject: { instanceType: "r5.large" } });
    expect(chosen({ terms: ["3yr"], payments: ["no_upfront"] }, [unstated])).toHaveLength(1);
  });

  test("follow a look-back that is preferred", () => {
    expect(chosen({ terms: ["1yr"], payments: ["no_upfront"], lookbackDays: [7] })).toEqual([
      ["m5.large", "1yr", "no_upfront", 7],
    ]);
  });

  test("do not depend on the order they come in", () => {
    const preference = { terms: ["1yr", "3yr"], payments: ["no_upfront", "all_upfront"] } as const;
    expect(chosen(preference, all.toReversed()).toSorted()).toEqual(chosen(preference).toSorted());
  });

  test("are one of several variants", () => {
    const variants = ["single", "shared"].map((variant) => recommended({ variant }, variant));
    const preference = { terms: ["1yr"], payments: ["no_upfront"] } as const;
    expect(chooseRecommendations(variants, preference)).toMatchObject([{ variant: "shared" }]);
    expect(chooseRecommendations(variants, { ...preference, variants: ["single"] })).toMatchObject([
      { variant: "single" },
    ]);
  });

  test("need a preference", () => {
    expect(() => chooseRecommendations(all, { terms: ["1yr"] } as never)).toThrow(
      expect.objectContaining({ code: "INVALID_REQUEST" }),
    );
  });
});
