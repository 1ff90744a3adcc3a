import type { SavingsPlanOrderAliasModel } from "@azure/arm-billingbenefits";
import { describe, expect, it } from "vitest";
import { benefitsFor, SAVINGS_PLAN, SUBSCRIPTION, send, simulatedAzure, wireBody } from "./simulated-azure.js";

const ALIAS = "Microsoft.BillingBenefits/savingsPlanOrderAliases/plan";
const ORDERS = "Microsoft.BillingBenefits/savingsPlanOrders";
const commitment = { grain: "Hourly", currencyCode: "USD", amount: 10 };

describe("a savings plan order", () => {
  it("is read back with its plans as texts and the billing scope as it was sent", async () => {
    const simulator = await simulatedAzure();
    await send(
      simulator,
      "PUT",
      ALIAS,
      wireBody({ ...SAVINGS_PLAN, ...{ billingScopeId: SUBSCRIPTION, term: "P3Y" } }),
    );
    const [{ commitmentId: id } = {}] = await simulator.ledger.purchases();
    const { status, body } = await send(simulator, "GET", `${ORDERS}/${id}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      id: `/providers/microsoft.billingbenefits/savingsPlanOrders/${id}`,
      name: id,
      type: "microsoft.billingbenefits/savingsPlanOrders",
      sku: { name: "Compute_Savings_Plan" },
      properties: {
        billingScopeId: SUBSCRIPTION,
        savingsPlans: [expect.stringMatching(`^/providers/${ORDERS}/${id}/savingsPlans/[0-9a-f-]{36}$`)],
        billingPlan: "P1M",
        term: "P3Y",
        displayName: "ExampleSP",
        benefitStartTime: "2026-01-31T10:20:30.0000000Z",
        provisioningState: "Succeeded",
        billingProfileId: expect.any(String),
        billingAccountId: expect.any(String),
        expiryDateTime: "2029-01-31T10:20:30.0000000Z",
      },
    });
  });

  it("skips the capacity states and has no times before it succeeds", async () => {
    const simulator = await simulatedAzure({
      orderStatesMs: { creating: 1000, pendingCapacity: 9000, confirmedCapacity: 9000, pendingBilling: 1000 },
    });
    await send(simulator, "PUT", ALIAS, wireBody(SAVINGS_PLAN));
    const [{ commitmentId: id = "" } = {}] = await simulator.ledger.purchases();
    const { savingsPlanOrder } = benefitsFor(simulator);
    const states: unknown[] = [];
    for (const ms of [0, 1000, 1000]) {
      await simulator.clock.advance(ms);
      const { provisioningState, benefitStartTime } = await savingsPlanOrder.get(id);
      states.push([provisioningState, benefitStartTime?.toISOString()]);
    }
    expect(states).toEqual([
      ["Creating", undefined],
      ["PendingBilling", undefined],
      ["Succeeded", "2026-01-31T10:20:32.000Z"],
    ]);
  });

  it.each(["order-fails", "payment-fails"] as const)("struck by %s ends as Failed", async (kind) => {
    const simulator = await simulatedAzure();
    await simulator.faults.add({ operation: "PutSavingsPlanOrderAlias", kind });
    await send(simulator, "PUT", ALIAS, wireBody(SAVINGS_PLAN));
    expect(await simulator.ledger.purchases()).toMatchObject([{ state: "Failed" }]);
  });

  it("has the state that a test sets", async () => {
    const simulator = await simulatedAzure();
    await send(simulator, "PUT", ALIAS, wireBody(SAVINGS_PLAN));
    const [{ commitmentId: id = "" } = {}] = await simulator.ledger.purchases();
    await simulator.states.set(id, "Cancelled");
    expect(await benefitsFor(simulator).savingsPlanOrder.get(id)).toMatchObject({ provisioningState: "Cancelled" });
  });

  it("charges an upfront plan whole, to the hour", async () => {
    const simulator = await simulatedAzure({ billingCurrency: "EUR" });
    const { billingPlan, ...upfront } = SAVINGS_PLAN;
    const asked = { ...upfront, commitment: { ...commitment, currencyCode: "EUR", amount: 0.125 } };
    await send(simulator, "PUT", ALIAS, wireBody(asked));
    expect(await simulator.ledger.purchases()).toMatchObject([
      { commitment: "0.125", charge: { amount: "1095.00", currency: "EUR" } },
    ]);
  });

  it("that is not there is not found", async () => {
    const { savingsPlanOrder } = benefitsFor(await simulatedAzure());
    await expect(savingsPlanOrder.get("1")).rejects.toMatchObject({ code: "ResourceNotFound", statusCode: 404 });
  });
});

describe("what cannot be bought", () => {
  it.each<{ change: Partial<SavingsPlanOrderAliasModel>; code: string; status?: number; reasonCode?: string }>([
    { change: { commitment: { ...commitment, currencyCode: "EUR" } }, code: "InvalidCommitmentCurrency" },
    { change: { commitment: { ...commitment, amount: 0 } }, code: "InvalidRequestContent" },
    { change: { sku: { name: "Compute" } }, code: "InvalidSku" },
    { change: { term: "P5Y" }, code: "UnsupportedTerm" },
    { change: { billingPlan: "Monthly" }, code: "InvalidRequestContent" },
    { change: { appliedScopeType: "Single" }, code: "MissingAppliedScopesForSingle" },
    { change: { billingScopeId: "mine" }, code: "InvalidSubscriptionId" },
    {
      change: { billingScopeId: "/subscriptions/33333333-3333-4333-8333-333333333333" },
      code: "AuthorizationFailed",
      status: 403,
      reasonCode: "CustomerCannotPurchaseSavingsPlan",
    },
  ])(
    "$change is found invalid with 200, and refused by the alias",
    async ({ change, code, status = 400, reasonCode }) => {
      const simulator = await simulatedAzure();
      const client = benefitsFor(simulator);
      const asked = { ...SAVINGS_PLAN, ...change };
      const { benefits } = await client.validatePurchase({ benefits: [SAVINGS_PLAN, asked] });
      expect(benefits).toEqual([
        { valid: true },
        { valid: false, reasonCode: reasonCode ?? code, reason: expect.any(String) },
      ]);
      await expect(client.savingsPlanOrderAlias.beginCreate("plan", asked)).rejects.toMatchObject({
        code,
        statusCode: status,
      });
      expect(await simulator.ledger.purchases()).toEqual([]);
    },
  );

  it("without a list of benefits is refused", async () => {
    const answer = await send(await simulatedAzure(), "POST", "Microsoft.BillingBenefits/validate", {});
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "InvalidRequestContent" } } });
  });
});
