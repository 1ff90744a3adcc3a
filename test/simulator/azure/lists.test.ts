import { describe, expect, it } from "vitest";
import {
  benefitsFor,
  buy,
  reservationsFor,
  SAVINGS_PLAN,
  SUBSCRIPTION,
  send,
  simulatedAzure,
  VIRTUAL_MACHINES,
  wireBody,
} from "./simulated-azure.js";

const PLANS = "Microsoft.BillingBenefits/savingsPlanOrders";

/** All items of a list of the SDK. */
async function all<Item>(list: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of list) items.push(item);
  return items;
}

/** Buys savings plans under these aliases; their order ids. */
async function plansUnder(simulator: Awaited<ReturnType<typeof simulatedAzure>>, ...aliases: readonly string[]) {
  for (const alias of aliases)
    await send(simulator, "PUT", `Microsoft.BillingBenefits/savingsPlanOrderAliases/${alias}`, wireBody(SAVINGS_PLAN));
  return (await simulator.ledger.purchases()).map(({ commitmentId }) => commitmentId);
}

describe("the list of reservations", () => {
  it("holds those of all orders, page by page, and counts their states on request", async () => {
    const simulator = await simulatedAzure({ pageSize: 2 });
    const client = reservationsFor(simulator);
    const ids = [await buy(client), await buy(client), await buy(client)];
    await simulator.states.set(ids[1] ?? "", "Cancelled");
    const listed = await all(client.reservation.listAll());
    expect(listed.map(({ name }) => name?.split("/")[0])).toEqual(ids);
    expect(listed[0]).toMatchObject({
      type: "Microsoft.Capacity/reservationOrders/reservations",
      location: "westus",
      sku: { name: "standard_b1ls" },
      properties: { reservedResourceType: "VirtualMachines", quantity: 2, provisioningState: "Succeeded" },
    });
    const { body } = await send(simulator, "GET", "Microsoft.Capacity/reservations");
    expect(body).not.toHaveProperty("summary");
    const pages = client.reservation.listAll({ refreshSummary: "true", take: 1 }).byPage();
    const first = await pages.next();
    expect(first.value).toHaveLength(1);
  });

  it("has the counts beside the page", async () => {
    const simulator = await simulatedAzure({ orderStatesMs: { creating: 60_000 } });
    const client = reservationsFor(simulator);
    const ids = [await buy(client), await buy(client), await buy(client)];
    await simulator.states.set(ids[0] ?? "", "BillingFailed");
    await simulator.states.set(ids[1] ?? "", "Expired");
    const list = `${simulator.url}/providers/Microsoft.Capacity/reservations?api-version=2022-11-01`;
    const answer = await fetch(`${list}&refreshSummary=true`, { headers: { authorization: "Bearer x" } });
    expect(await answer.json()).toMatchObject({
      summary: {
        succeededCount: 0,
        failedCount: 1,
        expiringCount: 0,
        expiredCount: 1,
        pendingCount: 1,
        cancelledCount: 0,
      },
    });
  });

  it("holds those of one order", async () => {
    const simulator = await simulatedAzure();
    const client = reservationsFor(simulator);
    const [, id] = [await buy(client), await buy(client)];
    expect((await all(client.reservation.list(id))).map(({ name }) => name?.split("/")[0])).toEqual([id]);
    await expect(all(client.reservation.list(SUBSCRIPTION))).rejects.toMatchObject({
      code: "ReservationOrderNotFound",
    });
  });

  it("is refused with a filter, because an ignored one would show too much", async () => {
    const client = reservationsFor(await simulatedAzure());
    const filtered = client.reservation.listAll({ filter: "(properties/archived eq false)" });
    await expect(all(filtered)).rejects.toMatchObject({ code: "InvalidRequestContent" });
  });

  it("names a resource group as the scope that people see", async () => {
    const simulator = await simulatedAzure();
    const client = reservationsFor(simulator);
    const resourceGroupId = `/subscriptions/${SUBSCRIPTION}/resourceGroups/web`;
    const scope = { appliedScopeType: "Single", appliedScopeProperties: { resourceGroupId } };
    await buy(client, { ...VIRTUAL_MACHINES, ...scope });
    expect(await all(client.reservation.listAll())).toMatchObject([
      { properties: { ...scope, userFriendlyAppliedScopeType: "ResourceGroup" } },
    ]);
  });
});

describe("savings plans", () => {
  it("are listed by order and by plan, page by page", async () => {
    const simulator = await simulatedAzure({ pageSize: 1 });
    const ids = await plansUnder(simulator, "one", "two");
    const { savingsPlan, savingsPlanOrder } = benefitsFor(simulator);
    expect((await all(savingsPlanOrder.list())).map(({ name }) => name)).toEqual(ids);
    expect((await all(savingsPlan.listAll())).map(({ name }) => name?.split("/")[0])).toEqual(ids);
    expect((await all(savingsPlan.list(ids[1] ?? ""))).map(({ name }) => name?.split("/")[0])).toEqual([ids[1]]);
  });

  it("are read one by one, with a billing account for the billing scope", async () => {
    const simulator = await simulatedAzure();
    const [id = ""] = await plansUnder(simulator, "one");
    const [plan] = await all(benefitsFor(simulator).savingsPlan.list(id));
    const planId = plan?.name?.split("/")[1];
    const { status, body } = await send(simulator, "GET", `${PLANS}/${id}/savingsPlans/${planId}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      id: `/providers/microsoft.billingbenefits/savingsPlanOrders/${id}/savingsPlans/${planId}`,
      name: `${id}/${planId}`,
      type: "Microsoft.BillingBenefits/savingsPlanOrders/savingsPlans",
      sku: { name: "Compute_Savings_Plan" },
      properties: {
        displayName: "ExampleSP",
        billingScopeId: expect.stringMatching(/^\/providers\/Microsoft\.Billing\/billingAccounts\/[^/]+$/),
        billingProfileId: expect.stringContaining("/billingProfiles/"),
        billingAccountId: expect.any(String),
        term: "P1Y",
        billingPlan: "P1M",
        appliedScopeType: "Shared",
        userFriendlyAppliedScopeType: "Shared",
        commitment: { grain: "Hourly", currencyCode: "USD", amount: 10 },
        renew: false,
        purchaseDateTime: "2026-01-31T10:20:30.0000000Z",
        provisioningState: "Succeeded",
        displayProvisioningState: "Succeeded",
        effectiveDateTime: "2026-01-31T10:20:30.0000000Z",
        expiryDateTime: "2027-01-31T10:20:30.0000000Z",
        utilization: { trend: "", aggregates: expect.any(Array) },
      },
    });
    expect((await send(simulator, "GET", `${PLANS}/${id}/savingsPlans/${SUBSCRIPTION}`)).status).toBe(404);
  });

  it("are counted by their states on request", async () => {
    const simulator = await simulatedAzure();
    const [id = ""] = await plansUnder(simulator, "one", "two");
    await simulator.states.set(id, "Failed");
    const list = `${simulator.url}/providers/Microsoft.BillingBenefits/savingsPlans?api-version=2022-11-01`;
    const answer = await fetch(`${list}&refreshSummary=true`, { headers: { authorization: "Bearer x" } });
    expect(await answer.json()).toMatchObject({
      additionalProperties: [{ name: "summary", value: { succeededCount: 1, failedCount: 1, pendingCount: 0 } }],
    });
  });

  it("renew themselves where their alias says so", async () => {
    const simulator = await simulatedAzure();
    const path = "Microsoft.BillingBenefits/savingsPlanOrderAliases/one";
    const { sku, properties } = wireBody(SAVINGS_PLAN);
    const body = { sku, properties: { ...properties, renew: true } };
    expect((await send(simulator, "PUT", path, body)).body).toMatchObject({ properties: { renew: true } });
    expect(await all(benefitsFor(simulator).savingsPlan.listAll())).toMatchObject([{ renew: true }]);
  });

  it("are sold under the SKUs of the settings only", async () => {
    const simulator = await simulatedAzure({ savingsPlanSkus: ["Some_Other_Plan"] });
    const put = (name: string) =>
      send(simulator, "PUT", `Microsoft.BillingBenefits/savingsPlanOrderAliases/${name}`, {
        ...wireBody(SAVINGS_PLAN),
        sku: { name },
      });
    expect((await put("Some_Other_Plan")).status).toBe(201);
    expect(await put("Compute_Savings_Plan")).toMatchObject({ status: 400, body: { error: { code: "InvalidSku" } } });
  });
});

describe("the catalog", () => {
  it("lists what has a price, by type and place", async () => {
    const price = {
      reservedResourceType: "OpenAIPTU",
      sku: "PTU",
      location: "global",
      term: "P1M",
      amount: 1,
    } as const;
    const simulator = await simulatedAzure({ prices: [price] });
    const client = reservationsFor(simulator);
    const throughput = await all(client.listCatalog(SUBSCRIPTION, { reservedResourceType: "OpenAIPTU" }));
    expect(throughput).toMatchObject([
      {
        resourceType: "OpenAIPTU",
        name: "PTU",
        terms: ["P1M"],
        locations: ["global"],
        billingPlans: { P1M: ["Upfront", "Monthly"] },
        restrictions: [],
      },
    ]);
    const machines = { reservedResourceType: "VirtualMachines", location: "WestEurope" };
    const listed = await all(client.listCatalog(SUBSCRIPTION, machines));
    expect(listed.map(({ name }) => name)).toContain("Standard_D2s_v3");
    expect(listed.every(({ locations }) => locations?.join() === "westeurope")).toBe(true);
    expect(await all(client.listCatalog(SUBSCRIPTION, { reservedResourceType: "Functions" }))).toEqual([]);
  });
});

describe("what does not exist", () => {
  it("is forbidden to a caller who may not read the whole tenant", async () => {
    const simulator = await simulatedAzure({ unknownReads: "forbidden" });
    for (const path of [
      "Microsoft.BillingBenefits/reservationOrderAliases/x",
      "Microsoft.BillingBenefits/savingsPlanOrderAliases/x",
      `Microsoft.Capacity/reservationOrders/${SUBSCRIPTION}`,
      `${PLANS}/${SUBSCRIPTION}`,
    ])
      expect(await send(simulator, "GET", path)).toMatchObject({
        status: 403,
        body: { error: { code: "AuthorizationFailed", message: expect.stringContaining("/read'") } },
      });
    const [id] = await plansUnder(simulator, "one");
    expect((await send(simulator, "GET", `${PLANS}/${id}`)).status).toBe(200);
  });
});

describe("an alias", () => {
  it("is answered as in the specification's example where the settings say so", async () => {
    const simulator = await simulatedAzure({ aliasAnswers: "as-specified", repeatedAlias: "return-alias" });
    const path = "Microsoft.BillingBenefits/reservationOrderAliases/one";
    const { sku, location, properties } = wireBody(VIRTUAL_MACHINES) as Record<string, unknown>;
    const body = { sku, location, properties: { ...(properties as object), billingPlan: "P1M" } };
    expect((await send(simulator, "PUT", path, body)).body).toHaveProperty("location", "westus");
    for (const answer of [await send(simulator, "PUT", path, body), await send(simulator, "GET", path)]) {
      expect(answer.status).toBe(200);
      expect(answer.body).not.toHaveProperty("location");
      expect(JSON.stringify(answer.body)).not.toContain("null");
    }
  });
});

describe("a scope", () => {
  it("that lists a resource group is refused, because the list is for subscriptions", async () => {
    const client = reservationsFor(await simulatedAzure());
    const appliedScopes = [`/subscriptions/${SUBSCRIPTION}/resourceGroups/web`];
    const single = { ...VIRTUAL_MACHINES, appliedScopeType: "Single", appliedScopes };
    await expect(client.reservationOrder.calculate(single)).rejects.toMatchObject({ code: "InvalidRequestContent" });
    const subscription = { ...single, appliedScopes: [`/subscriptions/${SUBSCRIPTION}`] };
    expect((await client.reservationOrder.calculate(subscription)).properties?.reservationOrderId).toBeDefined();
  });
});
