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
    expect(problemsOf({ ...EC2, instanceTypes: "m5.large" })).toEqual({
      "lines[0]": 'has the unknown field "instanceTypes"; did you mean "instanceType"?',
    });
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

test("what may be of several types is told so", () => {
  const time = z.union([z.number(), z.date()]);
  expect(wordsOf(time, undefined)).toBe("is missing; must be a number, or a Date");
  expect(wordsOf(time, "now")).toBe('is "now"; must be a number, or a Date');
});

test("a list of many values is cut", () => {
  const many = z.enum(Array.from({ length: 30 }, (_, index) => `value-${index}`));
  expect(wordsOf(many, "x")).toMatch(/"value-19" or 10 others$/);
});
