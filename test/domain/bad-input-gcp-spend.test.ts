import { describe, expect, test } from "vitest";
import { parseCommitmentRequests } from "../../src/domain/commitment-request/commitment-request.js";
import type { BuyonceError } from "../../src/domain/errors.js";

type Line = Readonly<Record<string, unknown>>;

const VALID = {
  service: "gcp.spend",
  account: "01ABCD-234567-89EF01",
  region: "us-central1",
  quantity: 1,
  term: "1yr",
  payment: "no_upfront",
  offer: "services/alloydb.googleapis.com/standardOffers/ff04ec3e-278c-4ec8-8278-12f875a8cea2",
  hourlyCommitment: "1.5",
  autoRenew: false,
  expectedPrice: { amount: "13140", currency: "USD" },
} as const;

const THREE_YEARS = {
  term: "3yr",
  offer: "services/alloydb.googleapis.com/standardOffers/9522b4d8-bff7-4141-81d6-b71d9113c69a",
  expectedPrice: { amount: "39420", currency: "USD" },
};

/** Where the faults of a line lie. */
function pathsOf(line: unknown): readonly string[] {
  try {
    parseCommitmentRequests([line]);
  } catch (thrown) {
    const { code, details } = thrown as BuyonceError;
    expect(code).toBe("INVALID_REQUEST");
    const problems = details["problems"] as readonly { readonly path: string }[];
    return [...new Set(problems.map(({ path }) => path.replace(/^lines\[0\]\.?/, "")))];
  }
  return expect.unreachable("it was taken");
}

test.each<[what: string, change: Line]>([
  ["as it is", {}],
  ["for three years", THREE_YEARS],
  ["of every region", { region: "global" }],
  ["that renews itself", { autoRenew: true }],
  ["of an offer that is not known", { offer: "services/new.googleapis.com/standardOffers/0000-1" }],
  ["of an offer to its billing account", { offer: "billingAccounts/01ABCD-234567-89EF01/offers/private-1" }],
  ["of a cent an hour", { hourlyCommitment: "0.01", expectedPrice: { amount: "87.6", currency: "EUR" } }],
])("takes a line %s", (_, change) => {
  expect(parseCommitmentRequests([{ ...VALID, ...change }])).toEqual([{ ...VALID, ...change }]);
});

describe("a line of a spend-based commitment names", () => {
  test.each<[field: string, values: readonly unknown[]]>([
    ["account", ["", "buyer-project-1", "01ABCD", "01abcd-234567-89ef01", "01ABCD-234567-89EF01\n", 1, null]],
    ["region", ["", "US", "us-central1-a", "us-central", 1, null]],
    ["quantity", [0, 2, "1", null]],
    ["term", ["5yr", "P1Y", "", null]],
    ["payment", ["all_upfront", "partial_upfront", "", null]],
    ["offer", ["", "ff04ec3e", "services/x/offers/y", `${VALID.offer}/z`, "services//standardOffers/x", 1, null]],
    ["hourlyCommitment", ["", "0", "0.000001", "-1", "1e3", "1,5", 1.5, null]],
    ["autoRenew", [undefined, "false", 0, null]],
    ["expectedPrice", [{ amount: "13300", currency: "USD" }, { amount: "0", currency: "USD" }, null]],
  ])("%s where it is no such thing", (field, values) => {
    for (const value of values)
      expect(pathsOf({ ...VALID, [field]: value }).join(), `${field} ${String(value)}`).toMatch(
        new RegExp(`^${field}`),
      );
  });

  test.each<[what: string, change: Line, path: string]>([
    ["the term of an offer for three years", { offer: THREE_YEARS.offer }, "term"],
    [
      "an offer to another billing account",
      { offer: "billingAccounts/AAAAAA-BBBBBB-CCCCCC/offers/private-1" },
      "offer",
    ],
    ["a field of another service", { resources: { vcpu: 4 } }, ""],
  ])("%s", (_, change, path) => {
    expect(pathsOf({ ...VALID, ...change })).toEqual([path]);
  });

  test("every field that is missing, all at once", () => {
    const fields = Object.keys(VALID).filter((field) => field !== "service");
    expect(pathsOf({ service: VALID.service })).toEqual(expect.arrayContaining(fields));
  });
});
