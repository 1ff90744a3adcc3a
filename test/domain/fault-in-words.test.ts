import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { checked } from "../../src/domain/checked.js";
import { parseCommitmentRequests } from "../../src/domain/commitment-request/commitment-request.js";
import { isBuyonceError } from "../../src/domain/errors.js";

const EC2 = {
  service: "aws.ec2",
  account: "111111111111",
  region: "eu-west-1",
  instanceType: "m5.large",
  platform: "Linux/UNIX",
  tenancy: "default",
  offeringClass: "standard",
  scope: "region",
  quantity: 1,
  term: "1yr",
  payment: "no_upfront",
  expectedPrice: { amount: "100", currency: "USD" },
};

function problemsOf(line: unknown): Readonly<Record<string, string>> {
  try {
    parseCommitmentRequests([line]);
    return {};
  } catch (thrown) {
    if (!isBuyonceError(thrown, "INVALID_REQUEST")) throw thrown;
    const problems = thrown.details.problems as readonly { readonly path: string; readonly problem: string }[];
    return Object.fromEntries(problems.map(({ path, problem }) => [path, problem]));
  }
}

describe("a line with a fault", () => {
  test.each([
    ["term", undefined, 'is missing; must be one of "1yr", "3yr"'],
    ["term", "1y", 'is "1y"; must be one of "1yr", "3yr"; did you mean "1yr"?'],
    ["term", { years: 1 }, 'is an object; must be one of "1yr", "3yr"'],
    ["term", null, 'is null; must be one of "1yr", "3yr"'],
    ["payment", "no_upfornt", /^is "no_upfornt"; must be one of .*; did you mean "no_upfront"\?$/],
    ["quantity", undefined, "is missing; must be a number"],
    ["quantity", "3", 'is "3"; must be a number'],
    ["quantity", 1.5, "is 1.5; must be a whole number"],
    ["account", undefined, "is missing; must be a string"],
    ["expectedPrice", ["1"], "is a list; must be an object"],
    ["service", undefined, /^is missing; must be one of .*"aws\.ec2", .*"gcp\.spend"$/],
    ["service", "aws.rdss", /^is "aws\.rdss"; must be one of .*; did you mean "aws\.rds"\?$/],
  ])("says of %s %o what is allowed", (field, value, problem) => {
    const said = problemsOf({ ...EC2, [field]: value })[`lines[0].${field}`];
    expect(said).toEqual(problem instanceof RegExp ? expect.stringMatching(problem) : problem);
  });

  test("says which field an unknown one was meant to be", () => {
    expect(problemsOf({ ...EC2, instanceType: undefined, instanceTypes: "m5.large" })).toMatchObject({
      "lines[0]": 'has the unknown field "instanceTypes"; did you mean "instanceType"?',
    });
  });

  test("means no field that the line has already", () => {
    const { quantity: count, ...others } = EC2;
    expect(problemsOf({ ...others, count })).toEqual({
      "lines[0]": 'has the unknown field "count"',
      "lines[0].quantity": "is missing; must be a number",
    });
  });

  test.each([
    ["account", { account: "prod" }, 'is "prod"; must be a 12-digit AWS account id'],
    ["region", { region: "Ireland" }, 'is "Ireland"; must be an AWS region such as "eu-west-1"'],
    ["platform", { platform: "linux" }, 'is "linux"; must be a product description of EC2 such as "Linux/UNIX"'],
    ["expectedPrice.amount", { expectedPrice: { amount: "1,5", currency: "USD" } }, /^is "1,5"; must be a plain /],
    [
      "expectedPrice.currency",
      { expectedPrice: { amount: "1", currency: "usd" } },
      'is "usd"; must be an ISO 4217 code such as "USD"',
    ],
    ["region", { region: "s".repeat(64) }, /^is a text of 64 characters; must be an AWS region/],
    ["quantity", { quantity: 0 }, "is 0; must be at least 1"],
    ["quantity", { quantity: 100_001 }, "is 100001; must be at most 100000"],
    ["priceTolerancePercent", { priceTolerancePercent: -1 }, "is -1; must be at least 0"],
  ])("says what was found in %s: %j", (field, fault, problem) => {
    const said = problemsOf({ ...EC2, ...fault })[`lines[0].${field}`];
    expect(said).toEqual(problem instanceof RegExp ? expect.stringMatching(problem) : problem);
  });

  test("says that a line is missing", () => {
    expect(problemsOf(undefined)).toEqual({ "lines[0]": "is missing; must be an object" });
  });

  test("shows no long text, which may be a secret", () => {
    const secret = "s".repeat(64);
    expect(JSON.stringify(problemsOf({ ...EC2, term: secret, payment: { secret } }))).not.toContain("ssss");
  });
});

const wordsOf = (schema: z.ZodMiniType<unknown>, value: unknown) => checked(schema, value).error?.issues[0]?.message;

test.each([
  [z.array(z.unknown()).check(z.maxLength(2)), [1, 2, 3], "holds 3 items; must hold at most 2"],
  [z.string().check(z.maxLength(2)), "abc", "has 3 characters; must have at most 2"],
  [z.string().check(z.minLength(1)), "", "has 0 characters; must have at least 1"],
  [z.number().check(z.positive()), 0, "is 0; must be greater than 0"],
  [z.number().check(z.lt(5)), 5, "is 5; must be less than 5"],
])("a size out of bounds is told with what was found", (schema, value, words) => {
  expect(wordsOf(schema, value)).toBe(words);
});

test("what may be of several types is told so", () => {
  const time = z.union([z.number(), z.date()]);
  expect(wordsOf(time, undefined)).toBe("is missing; must be a number, or a Date");
  expect(wordsOf(time, "now")).toBe('is "now"; must be a number, or a Date');
});

test("a list of many values is cut", () => {
  const many = z.enum(Array.from({ length: 30 }, (_, index) => `value-${index}`));
  expect(wordsOf(many, "x")).toMatch(/"value-19" or 10 others$/);
});
