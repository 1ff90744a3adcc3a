import Big from "big.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CommitmentRequest } from "../../../src/domain/commitment-request/commitment-request.js";
import { type LadderPlan, planLadder } from "../../../src/recommendations/ladder/plan-ladder.js";
import { stepDates } from "../../../src/recommendations/ladder/step-dates.js";
import { toLine } from "../../../src/recommendations/to-line.js";
import { reportOf } from "../support/scripted-source.js";

const ACCOUNT = "111111111111";
const recommendation = { ...reportOf(ACCOUNT, { quantity: 1 }), key: "k", source: "a", askedAccount: ACCOUNT };
const asLine = toLine(recommendation);
if (asLine.kind !== "line") throw new Error("not a line");
const instances = asLine.line;
const plan = (currency: string): CommitmentRequest => ({
  ...{ service: "aws.savings-plans", account: ACCOUNT, region: "global", term: "1yr", payment: "partial_upfront" },
  ...{ quantity: 1, planType: "Compute", hourlyCommitment: "1", upfrontAmount: "5000" },
  expectedPrice: { amount: "8760", currency },
});

const ladder = (changes: Partial<LadderPlan>) =>
  planLadder({ goals: [], steps: 4, firstDate: "2027-01-31", interval: { months: 1 }, ...changes });
const goal = (line: CommitmentRequest, demand: string, changes: object = {}) => ({
  ...{ line, demand, targetCoverage: "100", currentCoverage: "0" },
  ...changes,
});
const sizes = (steps: ReturnType<typeof planLadder>) =>
  steps.map(({ lines }) => lines.map((line) => ("hourlyCommitment" in line ? line.hourlyCommitment : line.quantity)));

describe("the dates of a ladder", () => {
  test("fall on the last day of shorter months, and on the day itself again", () => {
    expect(stepDates("2027-12-31", { months: 1 }, 5)).toEqual([
      ...["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"],
    ]);
    expect(stepDates("2028-02-29", { months: 12 }, 3)).toEqual(["2028-02-29", "2029-02-28", "2030-02-28"]);
    expect(stepDates("2028-02-28", { days: 1 }, 3)).toEqual(["2028-02-28", "2028-02-29", "2028-03-01"]);
  });

  test.each(["2027-02-29", "2027-1-1", "tomorrow", "2027-13-01"])("do not begin on %s", (firstDate) => {
    expect(() => ladder({ firstDate })).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
  });
});

describe("the steps of a ladder", () => {
  test("are equal, the first ones larger by one where it does not divide", () => {
    expect(sizes(ladder({ goals: [goal(instances, "10")] }))).toEqual([[3], [3], [2], [2]]);
    expect(sizes(ladder({ goals: [goal(plan("USD"), "0.01")] }))).toEqual([["0.003"], ["0.003"], ["0.002"], ["0.002"]]);
  });

  test("begin where the coverage and what is in flight end", () => {
    const goals = [goal(instances, "20", { targetCoverage: "80", currentCoverage: "30", inFlight: "3" })];
    expect(sizes(ladder({ goals, steps: 1 }))).toEqual([[7]]);
  });

  test("buy nothing past the goal, nor a part of a unit", () => {
    expect(sizes(ladder({ goals: [goal(instances, "1.9")], steps: 2 }))).toEqual([[1], []]);
    expect(sizes(ladder({ goals: [goal(instances, "10", { currentCoverage: "140" })], steps: 1 }))).toEqual([[]]);
    expect(ladder({ goals: [goal(instances, "10")], steps: 0 })).toEqual([]);
  });

  test("keep currencies apart", () => {
    const [step] = ladder({ goals: [goal(plan("USD"), "1"), goal(plan("EUR"), "2"), goal(instances, "1")], steps: 1 });
    expect(step).toMatchObject({
      step: 1,
      date: "2027-01-31",
      totals: [
        { amount: "17520", currency: "EUR" },
        { amount: "9260", currency: "USD" },
      ],
    });
  });

  test("multiply the resources of Google", () => {
    const line: CommitmentRequest = {
      ...{ service: "gcp.compute", account: "my-project-1", region: "us-central1", term: "1yr", payment: "no_upfront" },
      ...{ quantity: 1, type: "GENERAL_PURPOSE_N2", resources: { vcpu: 1, memoryMb: 4_096 } },
      expectedPrice: { amount: "200.5", currency: "USD" },
    };
    const [step] = ladder({ goals: [goal(line, "12")], steps: 2 });
    expect(step?.lines).toMatchObject([
      { quantity: 1, resources: { vcpu: 6, memoryMb: 24_576 }, expectedPrice: { amount: "1203" } },
    ]);
  });

  test.each([
    { steps: -1 },
    { steps: 1.5 },
    { interval: { months: 0 } },
    { interval: { days: 0.5 } },
    { goals: [goal(instances, "-1")] },
    { goals: [goal(instances, "1", { targetCoverage: "101" })] },
    { goals: [goal(instances, "1", { inFlght: "1" })] },
  ])("are refused for %j", (changes) => {
    expect(() => ladder(changes)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
  });

  test("lead to the goal and never past it, planned again after each step, whatever became of it", () => {
    const decimal = (max: number, digits: number) =>
      fc.integer({ min: 0, max: max * 10 ** digits }).map((value) => new Big(value).div(10 ** digits).toFixed());
    fc.assert(
      fc.property(
        fc.constantFrom(instances, plan("USD")),
        decimal(1_000, 3),
        decimal(100, 2),
        decimal(100, 2),
        fc.array(fc.constantFrom("covers", "in flight", "failed"), { minLength: 1, maxLength: 8 }),
        (line, demand, targetCoverage, startCoverage, outcomes) => {
          const unit = line === instances ? "1" : "0.001";
          const target = new Big(demand).times(targetCoverage).div(100);
          let covered = new Big(demand).times(startCoverage).div(100);
          let inFlight = new Big(0);
          const isPast = covered.gt(target);
          const attempts = [...outcomes, "covers", "covers"];
          for (const [index, outcome] of attempts.entries()) {
            const steps = Math.max(1, attempts.length - 1 - index);
            const currentCoverage =
              Number(demand) === 0 ? "0" : covered.times(100).div(demand).round(12, Big.roundUp).toFixed();
            const goals = [goal(line, demand, { targetCoverage, currentCoverage, inFlight: inFlight.toFixed() })];
            const [size = "0"] = sizes(ladder({ goals, steps }))[0] ?? [];
            if (outcome === "covers") covered = covered.plus(size);
            if (outcome === "in flight") inFlight = inFlight.plus(size);
            expect(covered.plus(inFlight).lte(target) || isPast).toBe(true);
          }
          if (!isPast) expect(target.minus(covered).minus(inFlight).lte(new Big(unit).times("1.001"))).toBe(true);
        },
      ),
    );
  });
});
