import { describe, expect, test } from "vitest";
import { isBuyonceError } from "../../../../src/domain/errors.js";
import { azureReservationRecommendations } from "../../../../src/providers/azure/recommendations/azure-reservation-recommendations.js";
import { reservationRecommendation } from "../../../../src/providers/azure/recommendations/reservation-recommendation.js";
import { toLine } from "../../../../src/recommendations/to-line.js";
import { SUBSCRIPTION, usd } from "../azure-lines.js";
import { recommendingAzure } from "./recommending-azure.js";

const VIRTUAL_MACHINES = { resourceTypes: ["VirtualMachines"] } as const;

describe("what Azure recommends to reserve", () => {
  test.each(["legacy", "modern"] as const)("becomes a line without a price (%s)", async (recommendationKind) => {
    const azure = await recommendingAzure({ recommendationKind });
    await azure.uses(4);
    const source = azureReservationRecommendations({ ...azure.access, ...VIRTUAL_MACHINES, terms: ["1yr"] });
    const { recommendations, failures } = await azure.collect(source);
    expect(failures).toEqual([]);
    expect(recommendations).toMatchObject([
      {
        source: "azure.reservations",
        service: "azure.reservations",
        account: SUBSCRIPTION,
        region: "westeurope",
        term: "1yr",
        payment: "all_upfront",
        lookbackDays: 30,
        subject: { reservedResourceType: "VirtualMachines", sku: "Standard_D2s_v3" },
        variant: "single",
        title: "4 x Standard_D2s_v3 (VirtualMachines)",
        figures: { savingsPercent: "37.5" },
        generatedAt: null,
        evidence: { kind: recommendationKind, properties: { recommendedQuantity: 4 } },
      },
    ]);
    const [recommendation] = recommendations;
    expect(recommendation?.offer).toEqual({
      kind: "line",
      line: {
        service: "azure.reservations",
        account: SUBSCRIPTION,
        region: "westeurope",
        term: "1yr",
        payment: "all_upfront",
        reservedResourceType: "VirtualMachines",
        sku: "Standard_D2s_v3",
        quantity: 4,
        scope: { type: "subscription", subscriptionId: SUBSCRIPTION },
      },
      unitPrices: [],
    });
  });

  test("is bought at the price that Azure calculates, and recommended no more", async () => {
    const azure = await recommendingAzure();
    await azure.uses(4);
    await azure.uses(2, { reservedResourceType: "SqlDatabases", sku: "SQLDB_GP_Compute_Gen5" });
    await azure.uses(1, { reservedResourceType: "SuseLinux", sku: "SLES_1_2_vCPU" });
    const source = azureReservationRecommendations({
      ...azure.access,
      scopes: ["single"],
      terms: ["1yr"],
      calculatePrices: true,
    });
    const { recommendations } = await azure.collect(source);
    expect(recommendations.map(({ title, figures }) => [title, figures.upfront])).toEqual([
      ["4 x Standard_D2s_v3 (VirtualMachines)", usd("2291.04")],
      ["2 x SQLDB_GP_Compute_Gen5 (SqlDatabases)", expect.anything()],
      ["1 x SLES_1_2_vCPU (SuseLinux)", expect.anything()],
    ]);
    const lines = recommendations.map((recommendation) => {
      const made = toLine(recommendation, { payment: "no_upfront" });
      return made.kind === "line" ? made.line : expect.fail(made.reason);
    });
    expect(lines[0]).toMatchObject({
      payment: "no_upfront",
      expectedPrice: usd("2291.04"),
      scope: { type: "subscription", subscriptionId: SUBSCRIPTION },
    });
    expect(await azure.buy(lines)).toBe("completed");
    expect(await azure.simulator.ledger.purchases()).toHaveLength(3);
    expect(await azure.collect(source)).toEqual({ recommendations: [], failures: [] });
  });

  test("is smaller by what has been reserved", async () => {
    const azure = await recommendingAzure();
    await azure.uses(4);
    const source = azureReservationRecommendations({
      ...azure.access,
      ...VIRTUAL_MACHINES,
      terms: ["3yr"],
      payment: "no_upfront",
      calculatePrices: true,
    });
    const [first] = (await azure.collect(source)).recommendations;
    if (first === undefined) expect.fail("nothing was recommended");
    const made = toLine(first, { quantity: 3 });
    expect(await azure.buy([made.kind === "line" ? made.line : expect.fail(made.reason)])).toBe("completed");
    const [second] = (await azure.collect(source)).recommendations;
    expect(second).toMatchObject({ key: first.key, offer: { line: { quantity: 1 } } });
    expect(first.figures.recurringMonthly).toEqual(usd("124.08"));
  });

  test("cannot be bought where Azure does not sell it, or the type is not known", async () => {
    const azure = await recommendingAzure();
    const asked = {
      account: SUBSCRIPTION,
      scope: "shared",
      lookbackDays: 30,
      payment: "all_upfront",
      resourceType: "VirtualMachines",
    } as const;
    const item = (changes: object) => ({
      kind: "legacy",
      sku: "Standard_D2s_v3",
      location: "westeurope",
      properties: { term: "P1Y", recommendedQuantity: 1, scope: "Shared", lookBackPeriod: "Last30Days", ...changes },
    });
    const reason = (changes: object) => {
      const { offer } = reservationRecommendation({ ...item({}), ...changes }, asked);
      return offer.kind === "line" ? "" : offer.reason;
    };
    expect(reason({})).toBe("");
    expect(reason({ location: "US East" })).toContain('"us east"');
    expect(reason({ sku: "A\nB" })).toContain("is not a SKU");
    expect(reason(item({ recommendedQuantity: 0.5 }))).toBe("0.5 units cannot be bought.");
    expect(reason(item({ resourceType: "quantumchips" }))).toContain('"quantumchips"');
    const wrong = (changes: object) => () => reservationRecommendation(item(changes), asked);
    expect(wrong({ term: "P2Y" })).toThrow('the term "P2Y" is not known');
    expect(wrong({ scope: "Single" })).toThrow("asked for scope shared");
    expect(wrong({ lookBackPeriod: "Last7Days" })).toThrow("asked for 30 days");
    expect(wrong({ subscriptionId: "elsewhere" })).toThrow("answered with elsewhere");
    await azure.simulator.faults.add({
      operation: "CalculatePrice",
      kind: "error",
      code: "CalculatePriceFailed",
      status: 400,
    });
    await azure.uses(1);
    const source = azureReservationRecommendations({
      ...azure.access,
      ...VIRTUAL_MACHINES,
      terms: ["1yr"],
      calculatePrices: true,
    });
    expect((await azure.collect(source)).recommendations).toMatchObject([
      { offer: { kind: "not_purchasable", reason: expect.stringContaining("does not sell") } },
    ]);
  });

  test("is asked for by scope, look-back and resource type, in this order", async () => {
    const azure = await recommendingAzure({ pageSize: 1 });
    await azure.uses(2);
    const source = azureReservationRecommendations({
      ...azure.access,
      resourceTypes: ["RedHat", "VirtualMachines"],
      scopes: ["single", "shared"],
      lookbackDays: [60, 7],
    });
    const { recommendations } = await azure.collect(source);
    const each = (variant: string, lookbackDays: number) =>
      ["1yr", "3yr"].map((term) => ({ variant, lookbackDays, term }));
    expect(recommendations).toMatchObject([
      ...each("single", 60),
      ...each("single", 7),
      ...each("shared", 60),
      ...each("shared", 7),
    ]);
    const filters = (await azure.requests("ListReservationRecommendations")).map(({ params }) => params["$filter"]);
    expect(filters).toHaveLength(12);
    expect(filters).toContain(
      "properties/scope eq 'Single' AND properties/lookBackPeriod eq 'Last60Days' AND properties/resourceType eq 'RedHat'",
    );
  });
});

test("options that no source can have are refused", () => {
  const refused = (options: object) => {
    try {
      azureReservationRecommendations({ clientFor: () => expect.fail("nothing is sent"), ...options });
    } catch (thrown) {
      return isBuyonceError(thrown) ? thrown.code : "another error";
    }
    return "accepted";
  };
  for (const options of [
    { scope: ["single"] },
    { scopes: ["tenant"] },
    { scopes: "single" },
    { lookbackDays: [14] },
    { lookbackDays: [7, 7] },
    { payment: "partial_upfront" },
    { terms: ["2yr"] },
    { resourceTypes: ["x' or 'y"] },
    { calculatePrices: "yes" },
  ])
    expect([options, refused(options)]).toEqual([options, "INVALID_REQUEST"]);
  expect(refused({ resourceTypes: ["AzureFiles"] })).toBe("accepted");
});
