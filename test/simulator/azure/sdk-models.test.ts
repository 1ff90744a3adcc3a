import { BillingBenefitsRP } from "@azure/arm-billingbenefits";
import { AzureReservationAPI } from "@azure/arm-reservations";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { describe, expect, test } from "vitest";
import {
  ADAPTERS,
  ALIAS,
  azureCloud,
  bought,
  CALCULATION,
  context,
  idOf,
  NAME,
  PLANS,
} from "../../providers/azure/azure-cloud.js";
import {
  OTHER_SUBSCRIPTION,
  planRequest,
  reservationRequest,
  SUBSCRIPTION,
  TOKEN,
} from "../../providers/azure/azure-lines.js";
import { AzureModels } from "../../support/azure-models.js";

const CAPACITY = await AzureModels.of("@azure/arm-reservations");
const BENEFITS = await AzureModels.of("@azure/arm-billingbenefits");

/** What is sent and answered where, by the operations of the SDK. */
const ROUTES: readonly (readonly [
  method: string,
  path: RegExp,
  models: AzureModels,
  request: string,
  answer: string,
])[] = [
  ["POST", /\/calculatePrice$/, CAPACITY, "PurchaseRequest", "CalculatePriceResponse"],
  ["POST", /\/calculateRefund$/, CAPACITY, "CalculateRefundRequest", "CalculateRefundResponse"],
  ["POST", /\/return$/, CAPACITY, "RefundRequest", "RefundResponse"],
  ["PUT", /\/reservationOrders\/[^/]+$/, CAPACITY, "PurchaseRequest", "ReservationOrderResponse"],
  ["GET", /\/reservationOrders\/[^/]+$/, CAPACITY, "", "ReservationOrderResponse"],
  ["GET", /\/reservationOrders$/, CAPACITY, "", "ReservationOrderList"],
  ["GET", /\/reservationOrders\/[^/]+\/reservations$/, CAPACITY, "", "ReservationList"],
  ["GET", /\/reservations\/[^/]+$/, CAPACITY, "", "ReservationResponse"],
  ["GET", /Capacity\/reservations$/, CAPACITY, "", "ReservationsListResult"],
  ["GET", /\/catalogs$/, CAPACITY, "", "CatalogsResult"],
  ["PUT", /\/reservationOrderAliases\//, BENEFITS, "ReservationOrderAliasRequest", "ReservationOrderAliasResponse"],
  ["GET", /\/reservationOrderAliases\//, BENEFITS, "", "ReservationOrderAliasResponse"],
  ["PUT", /\/savingsPlanOrderAliases\//, BENEFITS, "SavingsPlanOrderAliasModel", "SavingsPlanOrderAliasModel"],
  ["GET", /\/savingsPlanOrderAliases\//, BENEFITS, "", "SavingsPlanOrderAliasModel"],
  ["POST", /\/validate$/, BENEFITS, "SavingsPlanPurchaseValidateRequest", "SavingsPlanValidateResponse"],
  ["GET", /\/savingsPlanOrders\/[^/]+$/, BENEFITS, "", "SavingsPlanOrderModel"],
  ["GET", /\/savingsPlanOrders$/, BENEFITS, "", "SavingsPlanOrderModelList"],
  ["GET", /\/savingsPlanOrders\/[^/]+\/savingsPlans$/, BENEFITS, "", "SavingsPlanModelList"],
  ["GET", /\/savingsPlans\/[^/]+$/, BENEFITS, "", "SavingsPlanModel"],
  ["GET", /BillingBenefits\/savingsPlans$/, BENEFITS, "", "SavingsPlanModelListResult"],
];

/** What the wire has and the models of these versions have not, and where it is known from. */
const KNOWN: ReadonlyMap<RegExp, string> = new Map([
  [
    /^SavingsPlan(OrderAliasModel|PurchaseValidateRequest\.benefits\[\])\.properties\.renew is not known$/,
    "the REST reference of 2022-11-01",
  ],
  [/\.billingAccountId is not known$/, "recordings of reservation orders"],
]);

/** Watches an HTTP client: the problems of all bodies that pass, and the routes that they took. */
function watched() {
  const problems: string[] = [];
  const routes = new Set<number>();
  const between = (client: HttpClient): HttpClient => ({
    async sendRequest(request) {
      const response = await client.sendRequest(request);
      const { pathname } = new URL(request.url);
      const index = ROUTES.findIndex(([method, path]) => method === request.method && path.test(pathname));
      const [, , models, asked = "", answered = ""] = ROUTES[index] ?? [];
      if (models === undefined) problems.push(`${request.method} ${pathname} is no operation of the SDK`);
      if (models === undefined || response.status >= 400) return response;
      routes.add(index);
      const sent = request.body === undefined ? undefined : JSON.parse(String(request.body));
      if (sent !== undefined) problems.push(...models.problems(asked, sent, "request"));
      problems.push(...models.problems(answered, JSON.parse(response.bodyAsText ?? "null"), "answer"));
      return response;
    },
  });
  const unknown = () => problems.filter((problem) => ![...KNOWN.keys()].some((known) => known.test(problem)));
  return { between, unknown, problems, routes };
}

const SCOPES = [
  { type: "shared" },
  { type: "subscription", subscriptionId: OTHER_SUBSCRIPTION },
  { type: "resource_group", subscriptionId: OTHER_SUBSCRIPTION, resourceGroup: "web" },
  { type: "management_group", tenantId: SUBSCRIPTION, managementGroup: "all" },
] as const;

describe("the models of the installed SDKs", () => {
  test.each(SCOPES)("hold for every purchase with a scope of %j", async (scope) => {
    for (const payment of ["all_upfront", "no_upfront"] as const)
      for (const adapter of ADAPTERS) {
        const { between, unknown } = watched();
        const cloud = await azureCloud();
        const { provider } = adapter.over(cloud, { between });
        const more = { scope, payment, renew: true };
        const request =
          adapter === PLANS ? planRequest(more) : reservationRequest({ ...more, instanceFlexibility: true });
        await bought(provider, request);
        await provider.lookup(request, TOKEN, context());
        expect(unknown()).toEqual([]);
      }
  });

  test("hold for every operation of the simulator", async () => {
    const { between, unknown, routes } = watched();
    const cloud = await azureCloud();
    const [id, planId] = [
      idOf(await bought(CALCULATION.over(cloud, { between }).provider, CALCULATION.request)),
      idOf(await bought(PLANS.over(cloud, { between }).provider, PLANS.request)),
    ];
    const { provider } = ALIAS.over(cloud, { between });
    await bought(provider, ALIAS.request);
    await provider.lookup(ALIAS.request, TOKEN, context());
    await PLANS.over(cloud, { between }).provider.lookup(PLANS.request, TOKEN, context());
    const settings = { httpClient: between(cloud.simulator.httpClient) };
    const capacity = new AzureReservationAPI(cloud.simulator.credentialFor(SUBSCRIPTION), settings);
    const benefits = new BillingBenefitsRP(cloud.simulator.credentialFor(SUBSCRIPTION), settings);
    const plans = benefits.savingsPlan;
    for await (const { name = "" } of capacity.reservation.list(id))
      await capacity.reservation.get(id, name.split("/")[1] ?? "");
    for await (const { name = "" } of plans.list(planId)) await plans.get(planId, name.split("/")[1] ?? "");
    for (const list of [
      capacity.reservationOrder.list(),
      capacity.reservation.listAll({ refreshSummary: "true" }),
      capacity.listCatalog(SUBSCRIPTION),
      benefits.savingsPlanOrder.list(),
      plans.listAll({ refreshSummary: "true" }),
    ])
      await list.byPage().next();
    const { reservations = [] } = await capacity.reservationOrder.get(id);
    const reservationToReturn = { reservationId: reservations[0]?.id ?? "", quantity: 1 };
    const refund = { properties: { scope: "Reservation", reservationToReturn } };
    const { properties } = await capacity.calculateRefund.post(id, refund);
    const sessionId = properties?.sessionId ?? "";
    await capacity.return.beginPost(id, { properties: { ...refund.properties, sessionId, returnReason: "no need" } });
    expect(unknown()).toEqual([]);
    const missed = ROUTES.filter((_, index) => !routes.has(index)).map(([method, path]) => `${method} ${path}`);
    expect(missed).toEqual([]);
  });

  test.each(["reservationOrderAliasName", "savingsPlanOrderAliasName"])("allow our names as %s", (parameter) => {
    expect(NAME).toMatch(BENEFITS.patternOf(parameter));
    expect("a name").not.toMatch(BENEFITS.patternOf(parameter));
  });

  test("find a member that does not exist, a wrong type and a member that is never sent", () => {
    const body = { sku: { name: 1 }, location: "westus", colour: "red", properties: { quantity: "1", term: "P1Y" } };
    expect(CAPACITY.problems("PurchaseRequest", body, "request")).toEqual([
      "PurchaseRequest.sku.name is no String",
      "PurchaseRequest.colour is not known",
      "PurchaseRequest.properties.quantity is no Number",
    ]);
    const alias = { id: "x", properties: { provisioningState: "Created" } };
    expect(BENEFITS.problems("SavingsPlanOrderAliasModel", alias, "request")).toEqual([
      "SavingsPlanOrderAliasModel.id is read-only",
      "SavingsPlanOrderAliasModel.properties.provisioningState is read-only",
    ]);
  });
});
