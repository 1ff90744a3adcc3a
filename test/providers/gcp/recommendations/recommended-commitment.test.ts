import { describe, expect, test } from "vitest";
import { computeReport } from "../../../../src/providers/gcp/recommendations/compute-report.js";
import { readActive } from "../../../../src/providers/gcp/recommendations/google-recommendation.js";
import { PROJECT, REGION } from "../compute-line.js";

const NUMBER = "123456789012";
const NAME = `projects/${NUMBER}/locations/${REGION}/recommenders/google.compute.commitment.UsageCommitmentRecommender/recommendations/r-1`;
const COMMITMENT = "compute.googleapis.com/Commitment";
const RESOURCE = `//compute.googleapis.com/projects/${PROJECT}/regions/${REGION}/commitments/c-1`;
const VALUE = {
  name: "c-1",
  plan: "TWELVE_MONTH",
  type: "GENERAL_PURPOSE_E2",
  resources: [{ type: "VCPU", amount: "4" }],
};

const adding = (path: string, value: unknown, more: object = {}) => ({
  ...{ action: "add", resourceType: COMMITMENT, resource: RESOURCE, path, value },
  ...more,
});

/** What is reported of a recommendation with these operations. */
function reported(operations: readonly object[], more: object = {}) {
  const row = {
    name: NAME,
    etag: '"e-1"',
    stateInfo: { state: 1 },
    content: { overview: { algorithm: "BREAK_EVEN_POINT" }, operationGroups: [{ operations }] },
    ...more,
  };
  const read = readActive(row) ?? expect.unreachable();
  return computeReport(read, { project: PROJECT, region: REGION, priceFor: undefined });
}

const inParts = [
  adding("/plan", "THIRTY_SIX_MONTH"),
  adding("/type", "GENERAL_PURPOSE_N2"),
  adding("/resources/0/type", "MEMORY"),
  adding("/resources/0/amount", 1_024),
];

describe("what a recommendation of Google says is to be bought", () => {
  test("is read from one operation, and from one for each field", () => {
    const whole = reported([adding("/", VALUE)]);
    expect(whole).toMatchObject({
      term: "1yr",
      offer: { line: { resources: { vcpu: 4 } } },
      variant: "BREAK_EVEN_POINT",
    });
    const parts = reported(inParts);
    expect(parts).toMatchObject({
      term: "3yr",
      offer: { line: { type: "GENERAL_PURPOSE_N2", resources: { memoryMb: 1_024 } } },
    });
    // In the way in which the gRPC client writes values.
    const text = (stringValue: string) => ({ stringValue, kind: "stringValue" });
    const row = { structValue: { fields: { type: text("VCPU"), amount: { numberValue: 4, kind: "numberValue" } } } };
    const fields = { plan: text("TWELVE_MONTH"), type: text(VALUE.type), resources: { listValue: { values: [row] } } };
    expect(reported([adding("/", { structValue: { fields } })]).offer).toEqual(whole.offer);
  });

  test.each<[string, readonly object[], string]>([
    ["nothing", [], "asks for nothing"],
    ["another resource too", [adding("/", VALUE), adding("/", {}, { resourceType: "x/Disk" })], "x/Disk"],
    ["to remove", [adding("/", VALUE, { action: "remove" })], "remove"],
    ["two commitments", [adding("/", VALUE), adding("/plan", "x", { resource: `${RESOURCE}2` })], "several"],
    ["filtered parts", [adding("/", VALUE, { pathFilters: { "/resources/*/type": "VCPU" } })], "filters"],
    ["a field twice", [adding("/", VALUE), adding("/plan", "THIRTY_SIX_MONTH")], "/plan twice"],
    ["another plan", [adding("/", { ...VALUE, plan: "SIXTY_MONTH" })], "SIXTY_MONTH"],
    ["no type", inParts.toSpliced(1, 1), "no commitment type"],
    ["part of an amount", [adding("/", { ...VALUE, resources: [{ type: "VCPU", amount: "1.5" }] })], "1.5"],
    ["an amount of nothing", inParts.toSpliced(2, 1), "1024"],
    ["a resource twice", [adding("/", { ...VALUE, resources: [...VALUE.resources, ...VALUE.resources] })], "twice"],
    ["licenses", [adding("/", { ...VALUE, licenseResource: { amount: "2" } })], "/licenseResource/amount"],
    ["a split", [adding("/", { ...VALUE, splitSourceCommitment: "c-0" })], "/splitSourceCommitment"],
    ["memory in odd steps", inParts.toSpliced(3, 1, adding("/resources/0/amount", "1000")), "multiple of 256"],
    [
      "accelerators",
      [adding("/", { ...VALUE, resources: [{ type: "ACCELERATOR", amount: "1", acceleratorType: "t4" }] })],
      "Reservations",
    ],
    ["what is sold otherwise", [adding("/", { ...VALUE, type: "ACCELERATOR_OPTIMIZED_A4" })], "future reservations"],
    ["another region", [adding("/", VALUE, { resource: RESOURCE.replace(REGION, "us-east1") })], "us-east1"],
    [
      "another project",
      [adding("/", VALUE, { resource: RESOURCE.replace(PROJECT, "other-project-2") })],
      "other-project-2",
    ],
  ])("is not guessed where it states %s", (_, operations, reason) => {
    const { offer } = reported(operations);
    expect(offer).toEqual({ kind: "not_purchasable", reason: expect.stringContaining(reason) });
  });

  test("may name the project by its number", () => {
    const resource = RESOURCE.replace(PROJECT, NUMBER);
    expect(reported([adding("/", VALUE, { resource })]).offer.kind).toBe("line");
  });

  test("saves what a negative cost says, for 30 days, and nothing where the cost is unknown or positive", () => {
    const savings = (costProjection: object) =>
      reported([adding("/", VALUE)], { primaryImpact: { costProjection } }).figures.monthlySavings;
    const cost = { currencyCode: "USD", units: "-29", nanos: -850_000_000 };
    expect(savings({ cost, duration: "2592000s" })).toEqual({ amount: "29.85", currency: "USD" });
    expect(savings({ cost, duration: { seconds: 1_296_000 } })).toEqual({ amount: "59.7", currency: "USD" });
    const costInLocalCurrency = { currencyCode: "EUR", units: -25 };
    expect(savings({ cost, costInLocalCurrency, duration: "2592000s" })).toEqual({ amount: "25", currency: "EUR" });
    expect(savings({ cost: { ...cost, units: "29", nanos: 0 }, duration: "2592000s" })).toBeUndefined();
    expect(savings({ cost })).toBeUndefined();
  });

  test("is not read from a row that is no recommendation", () => {
    const active = { name: NAME, etag: '"e"', stateInfo: { state: "ACTIVE" } };
    for (const row of [null, {}, { ...active, etag: "" }, { ...active, stateInfo: { state: "NEW" } }])
      expect(() => readActive(row)).toThrow("recommendation");
  });
});
