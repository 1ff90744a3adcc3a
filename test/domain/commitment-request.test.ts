import { describe, expect, test } from "vitest";
import { parseCommitmentRequests } from "../../src/domain/commitment-request/commitment-request.js";
import type { BuyonceError } from "../../src/domain/errors.js";

const ec2 = {
  service: "aws.ec2",
  account: "111111111111",
  region: "eu-west-1",
  quantity: 2,
  term: "1yr",
  payment: "no_upfront",
  expectedPrice: { amount: "1051.20", currency: "USD" },
  instanceType: "m5.large",
  platform: "Linux/UNIX",
  tenancy: "default",
  offeringClass: "standard",
  scope: "region",
};
const plan = {
  service: "aws.savings-plans",
  account: "111111111111",
  region: "global",
  quantity: 1,
  term: "3yr",
  payment: "all_upfront",
  planType: "Compute",
  hourlyCommitment: "0.00512",
  expectedPrice: { amount: "134.5536", currency: "USD" },
};

const problemsOf = (...lines: unknown[]): readonly { path: string; problem: string }[] => {
  try {
    parseCommitmentRequests(lines);
  } catch (thrown) {
    return (thrown as BuyonceError).details.problems as { path: string; problem: string }[];
  }
  return [];
};

describe("commitment requests", () => {
  test("takes complete lines of both services", () => {
    expect(parseCommitmentRequests([ec2, plan])).toEqual([ec2, plan]);
    expect(problemsOf({ ...ec2, scope: "availability_zone", availabilityZone: "eu-west-1b" })).toEqual([]);
    expect(problemsOf({ ...plan, planType: "EC2Instance", region: "us-east-1", instanceFamily: "m5" })).toEqual([]);
    expect(problemsOf({ ...plan, payment: "partial_upfront", upfrontAmount: "100" })).toEqual([]);
  });

  test.each(["account", "region", "quantity", "term", "payment", "expectedPrice"])(
    "requires %s of every service",
    (field) => {
      for (const line of [ec2, plan])
        expect(problemsOf({ ...line, [field]: undefined }).map(({ path }) => path)).toContain(`lines[0].${field}`);
    },
  );

  test.each([
    ["a zone without its scope", { ...ec2, availabilityZone: "eu-west-1a" }, "availabilityZone"],
    ["a scope without its zone", { ...ec2, scope: "availability_zone" }, "availabilityZone"],
    [
      "a zone of another region",
      { ...ec2, scope: "availability_zone", availabilityZone: "us-east-1a" },
      "availabilityZone",
    ],
    ["a bare platform alias", { ...ec2, platform: "linux" }, "platform"],
    ["a fractional quantity", { ...ec2, quantity: 1.5 }, "quantity"],
    ["a negative quantity", { ...ec2, quantity: -1 }, "quantity"],
    ["a quantity as text", { ...ec2, quantity: "2" }, "quantity"],
    ["a price as a float", { ...ec2, expectedPrice: { amount: 10.5, currency: "USD" } }, "expectedPrice.amount"],
    ["a price with an exponent", { ...ec2, expectedPrice: { amount: "1e3", currency: "USD" } }, "expectedPrice.amount"],
    ["a short account", { ...ec2, account: "1111" }, "account"],
    ["a region of nobody", { ...ec2, region: "moon-1" }, "region"],
    ["an absurd tolerance", { ...ec2, priceTolerancePercent: 100 }, "priceTolerancePercent"],
    ["two plans at once", { ...plan, quantity: 2 }, "quantity"],
    ["a commitment of six decimals", { ...plan, hourlyCommitment: "0.005121" }, "hourlyCommitment"],
    ["a commitment below the smallest", { ...plan, hourlyCommitment: "0.0001" }, "hourlyCommitment"],
    [
      "a price that is not the commitment's",
      { ...plan, expectedPrice: { amount: "500", currency: "USD" } },
      "expectedPrice",
    ],
    ["a family for a Compute plan", { ...plan, instanceFamily: "m5" }, "instanceFamily"],
    ["an EC2Instance plan without a region", { ...plan, planType: "EC2Instance", instanceFamily: "m5" }, "region"],
    ["an upfront amount without partial upfront", { ...plan, upfrontAmount: "100" }, "upfrontAmount"],
    ["partial upfront without an amount", { ...plan, payment: "partial_upfront" }, "upfrontAmount"],
    ["an upfront amount below half", { ...plan, payment: "partial_upfront", upfrontAmount: "10" }, "upfrontAmount"],
  ])("refuses %s by its path", (_, line, field) => {
    expect(problemsOf(line).map(({ path }) => path)).toContain(`lines[0].${field}`);
  });

  test("names unknown fields and unknown services", () => {
    expect(problemsOf({ ...ec2, colour: "red" })).toEqual([
      { path: "lines[0]", problem: expect.stringContaining("colour") },
    ]);
    expect(problemsOf({ ...ec2, service: "aws.dynamodb" })).toEqual([
      { path: "lines[0].service", problem: expect.stringContaining("aws.ec2") },
    ]);
  });

  test("reports the faults of every line at once", () => {
    expect(problemsOf({ ...ec2, quantity: 0 }, plan, { ...plan, term: "5yr" }).map(({ path }) => path)).toEqual([
      "lines[0].quantity",
      "lines[2].term",
    ]);
  });

  test.each([null, 7, "x", [], undefined])("refuses %j as a line", (line) => {
    expect(problemsOf(line).length).toBeGreaterThan(0);
  });
});
