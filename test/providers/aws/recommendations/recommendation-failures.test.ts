import { describe, expect, test } from "vitest";
import type { Fault, InstanceUsage } from "../../../../src/simulator/index.js";
import { USAGE } from "../../../simulator/aws-usage.js";
import { ACCOUNT, OTHER_ACCOUNT } from "../../../simulator/simulated-aws.js";
import { collect, recommendingAws } from "./support/recommending-aws.js";

const operation = "GetReservationPurchaseRecommendation";
const ALWAYS = 1_000;

/** One more than a page has. */
const MANY: readonly InstanceUsage[] = ["t3.medium", "m5.large", "m5.xlarge", "c5.xlarge", "r5.large", "r5.2xlarge"]
  .flatMap((nodeType) => ["Linux/UNIX", "Windows"].map((productDescription) => ({ nodeType, productDescription })))
  .flatMap((product) => (["default", "dedicated"] as const).map((tenancy) => ({ ...product, tenancy })))
  .slice(0, 21)
  .map((product) => ({ ...product, service: "aws.ec2", account: ACCOUNT, region: "us-east-1", count: 2 }));
const SECOND_PAGE = { params: { NextPageToken: Buffer.from("full-20").toString("base64url") } };

const ofEc2 = { services: ["aws.ec2"], terms: ["1yr"] } as const;

describe("recommended reservations", () => {
  test("come from all pages", async () => {
    const { reservations, asked } = await recommendingAws({ instances: MANY });
    expect((await collect([reservations(ofEc2)])).recommendations).toHaveLength(21);
    expect(await asked(operation)).toBe(2);
  });

  test("of a part whose second page fails are none, and those of other parts arrive", async () => {
    const { simulator, reservations } = await recommendingAws({ instances: [...MANY, USAGE.instances[6]] });
    await simulator.faults.add({ operation, kind: "error-500-before", times: ALWAYS, match: SECOND_PAGE });
    const source = reservations({ services: ["aws.ec2", "aws.opensearch"], terms: ["1yr"] });
    const { recommendations, failures } = await collect([source]);
    expect(recommendations.map(({ service }) => service)).toEqual(["aws.opensearch"]);
    expect(failures).toMatchObject([
      { place: { account: ACCOUNT, about: "aws.ec2 1yr no_upfront 30 days" }, kind: "unavailable" },
    ]);
  });

  test("of a denied account are a failure of the account, and not empty", async () => {
    const { simulator, reservations } = await recommendingAws({ instances: [USAGE.instances[0]] });
    const code = "AccessDeniedException";
    const match = { account: OTHER_ACCOUNT };
    await simulator.faults.add({ operation, kind: "error", code, status: 400, times: ALWAYS, match });
    const source = reservations(ofEc2);
    const { recommendations, failures } = await collect([source], { accounts: [OTHER_ACCOUNT, ACCOUNT] });
    expect(recommendations.map(({ askedAccount }) => askedAccount)).toEqual([ACCOUNT]);
    expect(failures).toMatchObject([{ place: { account: OTHER_ACCOUNT }, kind: "denied" }]);
    await expect(collect([source], { accounts: [OTHER_ACCOUNT] })).rejects.toMatchObject({ code: "COLLECTION_FAILED" });
  });

  test("arrive in spite of throttling and lost answers, if a request may be repeated", async () => {
    const { simulator, reservations, asked } = await recommendingAws({ instances: [USAGE.instances[0]] });
    for (const kind of ["throttle", "reset-after", "error-500-after", "cut-body"] as const)
      await simulator.faults.add({ operation, kind });
    const { recommendations } = await collect([reservations(ofEc2)], { attempts: 5 });
    expect(recommendations).toHaveLength(1);
    expect(await asked(operation)).toBe(5);
  });

  const refusal = (code: string, status = 400) => ({ operation, kind: "error", code, status }) as const;
  test.each<[string, Fault]>([
    ["throttled", { operation, kind: "throttle" }],
    ["throttled", refusal("ThrottlingException")],
    ["unavailable", { operation, kind: "reset-before" }],
    ["unavailable", refusal("InternalFailure", 500)],
    ["denied", refusal("UnrecognizedClientException")],
    ["denied", refusal("SomethingNew", 403)],
    ["refused", refusal("DataUnavailableException")],
    ["refused", refusal("ValidationException")],
    ["unreadable", { operation, kind: "garbage-body" }],
    ["unreadable", { operation, kind: "repeat-page-token", times: 5 }],
    ["unreadable", { operation, kind: "leave-out", fields: ["Recommendations"] }],
    ["unreadable", { operation, kind: "leave-out", fields: ["RecommendationDetails"] }],
    ["unreadable", { operation, kind: "leave-out", fields: ["InstanceDetails"] }],
  ])("are %s for a fault of kind %o", async (kind, fault) => {
    const { simulator, reservations } = await recommendingAws({ instances: [USAGE.instances[0]] });
    await simulator.faults.add(fault);
    await expect(collect([reservations(ofEc2)])).rejects.toMatchObject({ details: { failures: [{ kind }] } });
  });

  test("without the account or a price are told from those that have them", async () => {
    const { simulator, reservations } = await recommendingAws({ instances: [USAGE.instances[0]] });
    const leaveOut = (...fields: string[]) => simulator.faults.add({ operation, kind: "leave-out", fields });
    await leaveOut("AccountId");
    expect((await collect([reservations(ofEc2)])).recommendations).toMatchObject([
      { account: ACCOUNT, offer: { kind: "not_purchasable", reason: expect.stringContaining("which account") } },
    ]);
    await leaveOut("RecurringStandardMonthlyCost", "EstimatedMonthlySavingsAmount");
    const { recommendations } = await collect([reservations(ofEc2)]);
    expect(recommendations).toMatchObject([{ offer: { kind: "line", unitPrices: [] } }]);
    const [{ offer, figures } = expect.unreachable()] = recommendations;
    expect(offer.kind === "line" && "expectedPrice" in offer.line).toBe(false);
    expect(Object.keys(figures)).not.toContain("monthlySavings");
  });
});

test("options that mean nothing are refused", async () => {
  const { reservations, plans } = await recommendingAws({});
  const refused = (path: string) =>
    expect.objectContaining({ code: "INVALID_REQUEST", details: { problems: [expect.objectContaining({ path })] } });
  expect(() => reservations({ terms: [] })).toThrow(refused("options.terms"));
  expect(() => reservations({ payments: ["no_upfront", "no_upfront"] })).toThrow(refused("options.payments"));
  expect(() => reservations({ lookbackDays: [14 as 7] })).toThrow(refused("options.lookbackDays"));
  expect(() => reservations({ accountScope: "all" as "payer" })).toThrow(refused("options.accountScope"));
  expect(() => reservations({ redshiftOfferingType: "regular" })).toThrow(refused("options.redshiftOfferingType"));
  expect(() => reservations({ maxPages: 0 })).toThrow(refused("options.maxPages"));
  expect(() => reservations({ service: [] } as never)).toThrow(refused("options.service"));
  expect(() => plans({ staleAfterMs: -1 })).toThrow(refused("options.staleAfterMs"));
  expect(() => plans({ clientFor: "client" as never })).toThrow(refused("options.clientFor"));
});
