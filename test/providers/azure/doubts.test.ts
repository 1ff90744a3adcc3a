import assert from "node:assert/strict";
import { BillingBenefitsRP } from "@azure/arm-billingbenefits";
import { AzureReservationAPI } from "@azure/arm-reservations";
import type { AzureSimulatorOptions } from "buyonce/simulator";
import { describe, expect, test } from "vitest";
import { assertNoDoublePurchase } from "../../../src/testing/assert-no-double-purchase.js";
import { crashingStore, interceptPort } from "../../../src/testing/crashing-store.js";
import { exploreCrashes } from "../../../src/testing/explore-crashes.js";
import { ADAPTERS, ALIAS, ALIASES, CALCULATION, seen } from "./azure-cloud.js";
import { type AzureWorld, azureEngine, MINUTE, type Trouble } from "./azure-engine.js";
import { OTHER_SUBSCRIPTION } from "./azure-lines.js";

const HOURS = 60 * MINUTE;
/** What ends an order, and the state of a reservation order then. */
const FAILURES = [
  ["order-fails", "Failed"],
  ["payment-fails", "BillingFailed"],
] as const;
const COMMITTED = { state: "committed", unprovedSince: null };
const SLOW: Omit<AzureSimulatorOptions, "clock"> = {
  orderStatesMs: { creating: MINUTE, pendingCapacity: 3 * HOURS, pendingBilling: 3 * HOURS },
};

/** Asserts that the line was bought once, and that what is recorded is what the cloud has. */
async function expectBoughtOnce(world: AzureWorld, id?: string): Promise<void> {
  const live = (await world.purchases()).filter(({ state }) => state === "Succeeded");
  expect(live).toHaveLength(1);
  expect(await world.line(id)).toMatchObject({ ...COMMITTED, commitment: { commitmentIds: [live[0]?.commitmentId] } });
  expect(await world.status(id)).toBe("completed");
}

describe.each(ADAPTERS)("$name", (adapter) => {
  describe("through every crash of a worker", () => {
    const scenario = (options: Omit<AzureSimulatorOptions, "clock">, fault?: Trouble) => ({
      double: false,
      async setup() {
        const world = await azureEngine(adapter, options);
        if (fault !== undefined) await world.fault(fault);
        return {
          async work(plan: Parameters<typeof crashingStore>[1]) {
            const providers = [interceptPort(world.provider, plan.hooks)];
            await world.engineOver({ store: crashingStore(world.store, plan), providers }).run(world.id);
          },
          recover: () => world.ticks(),
          async check() {
            const purchases = await world.purchases();
            assertNoDoublePurchase(purchases, { expected: [adapter.request] });
            assert.equal(purchases.length, 1);
            assert.equal(await world.status(), "completed");
            const line = await world.line();
            assert.deepEqual(line?.commitment?.commitmentIds, [purchases[0]?.commitmentId]);
            // Each write-ahead is the right to one request.
            assert.ok((await world.sent()).length <= (line?.attempt ?? 0));
          },
        };
      },
    });

    test.each<[string, Omit<AzureSimulatorOptions, "clock">, Trouble?]>([
      ["with replies that arrive", {}],
      ["with a lost reply", {}, { kind: "reset-after" }],
      ["with a lost request", {}, { kind: "reset-before" }],
      ["with a request that lands ten minutes late", {}, { kind: "delay-landing", ms: 10 * MINUTE }],
      ["with orders that take hours", SLOW],
      ["with orders that are shown late", { getLagMs: 3 * MINUTE, listingLagMs: 4 * MINUTE }],
    ])("buys once and records it, %s", async (_what, options, fault) => {
      const { runs, points } = await exploreCrashes(scenario(options, fault));
      expect(points).toBeGreaterThan(8);
      expect(runs).toBe(points + 1);
    });
  });

  test("asks for the very order or name before anything else, after a crash in the purchase", async () => {
    const world = await azureEngine(adapter);
    await world.fault({ kind: "reset-after" });
    await world.engine.run(world.id);
    const prepared = (await world.line())?.prepared;
    const before = (await world.cloud.simulator.ledger.requests()).length;
    await world.tickAfter(5 * MINUTE);
    const [first] = (await world.cloud.simulator.ledger.requests()).slice(before);
    expect(Object.values(first?.params ?? {})).toContain(prepared?.reference);
    await expectBoughtOnce(world);
  });

  test("waits for an order that takes hours, and adopts it when it is finished", async () => {
    const world = await azureEngine(adapter, SLOW);
    await world.engine.run(world.id);
    expect(await world.line()).toMatchObject({ state: "in_doubt", commitment: null });
    await world.tickAfter(2 * HOURS);
    expect(await world.line()).toMatchObject({
      state: "in_doubt",
      commitment: null,
      doubt: { reason: expect.stringContaining("has not finished"), noResend: true },
    });
    await world.ticks();
    await expectBoughtOnce(world);
    expect(await world.sent()).toHaveLength(1);
  });

  test.each(FAILURES)(
    "keeps the code of an order that takes hours and is ended by %s, and buys again only after a retry by a person",
    async (kind, ofReservations) => {
      const code = adapter.order === "GetReservationOrder" ? ofReservations : "Failed";
      const world = await azureEngine(adapter, SLOW);
      await world.fault({ kind });
      expect(await world.engine.run(world.id)).toMatchObject({ status: "in_doubt" });
      const [purchase] = await world.purchases();
      expect(await world.line()).toMatchObject({ doubt: { candidates: [purchase?.commitmentId] } });
      await world.ticks();
      expect(await world.status()).toBe("failed");
      expect(await world.line()).toMatchObject({
        state: "rejected",
        rejection: { code, details: { commitmentIds: [purchase?.commitmentId] } },
      });
      expect(await world.sent()).toHaveLength(1);
      const second = await world.retried(world.id);
      await world.engine.run(second);
      await world.ticks();
      await expectBoughtOnce(world, second);
      const [, bought] = await world.purchases();
      expect(bought?.token).toBe(world.names[1]);
    },
  );

  test.each(["order-fails", "payment-fails"] as const)(
    "rejects a line whose %s at once, and unlocks one name with each retry",
    async (kind) => {
      const world = await azureEngine(adapter);
      const ids = [world.id];
      for (const id of [0, 1, 2]) {
        if (id > 0) ids.push(await world.retried(ids[id - 1] ?? ""));
        if (id < 2) await world.fault({ kind });
        await world.engine.run(ids[id] ?? "");
        if (id < 2) expect(await world.status(ids[id])).toBe("failed");
      }
      await world.ticks();
      await expectBoughtOnce(world, ids[2]);
      expect((await world.purchases()).map(({ token }) => token)).toEqual(world.names);
    },
  );

  test("adopts after a retry what an earlier execution bought, and sends nothing", async () => {
    const world = await azureEngine(adapter);
    await world.fault({ kind: "error", code: "RiskCheckFailed", status: 400 });
    await world.engine.run(world.id);
    expect(await world.status()).toBe("failed");
    const second = await world.retried(world.id);
    await world.fault({ kind: "reset-after" });
    await world.engine.run(second);
    await world.ticks();
    await expectBoughtOnce(world, second);
    expect(await world.sent()).toHaveLength(2);
    expect((await world.purchases()).map(({ token }) => token)).toEqual([world.names[0]]);
  });

  test("never shows the token or the name in what is kept of a failure", async () => {
    const world = await azureEngine(adapter);
    await world.fault({ kind: "error", code: "Conflict", status: 409, message: `${world.names[0]} is taken` });
    await world.engine.run(world.id);
    await world.fault({ kind: "error", code: "X", status: 400, message: `no ${world.names[0]}` }, adapter.lookup);
    await world.tickAfter(5 * MINUTE);
    const { doubt, lastError } = (await world.line()) ?? {};
    const shown = JSON.stringify([doubt, lastError, await world.engine.events(world.id)]);
    expect(shown).toContain("in_doubt");
    expect(shown).not.toContain(world.names[0].slice("buyonce-".length));
  });
});

describe("a session that is over", () => {
  const operationsAfterPreparing = async (world: AzureWorld) =>
    (await world.cloud.simulator.ledger.requests()).map(({ operation }) => operation);

  test("is followed by another calculation, only after its order is known to be absent, and three times at most", async () => {
    const world = await azureEngine(CALCULATION, { sessionMs: 0 });
    await world.engine.run(world.id);
    await world.ticks();
    expect(await world.line()).toMatchObject({ state: "rejected", rejection: { code: "BadRequest" } });
    expect(await world.status()).toBe("failed");
    const orders = (await world.sent()).map(({ params }) => params["reservationOrderId"]);
    expect(new Set(orders).size).toBe(3);
    const operations = await operationsAfterPreparing(world);
    for (const [at, operation] of operations.entries())
      if (operation === "PutReservationOrder") expect(operations[at + 1]).toBe("GetReservationOrder");
    expect(operations.filter((operation) => operation === "CalculatePrice")).toHaveLength(3);
    expect(await world.purchases()).toEqual([]);
  });

  test("once, leads to one order", async () => {
    const world = await azureEngine(CALCULATION);
    await world.fault({ kind: "error", code: "BadRequest", status: 400, message: "Session timed out" });
    await world.engine.run(world.id);
    expect(await world.line()).toMatchObject({ state: "planned", prepared: null });
    await world.ticks();
    await expectBoughtOnce(world);
    const [first, second] = (await world.sent()).map(({ params }) => params["reservationOrderId"]);
    expect(first).not.toBe(second);
  });

  test("whose order cannot be read leaves the line in doubt, and nothing is calculated anew", async () => {
    const world = await azureEngine(CALCULATION);
    await world.fault({ kind: "error", code: "BadRequest", status: 400 });
    await world.fault({ kind: "error", code: "AuthorizationFailed", status: 403, times: 1_000 }, "GetReservationOrder");
    await world.engine.run(world.id);
    await world.ticks();
    expect(await world.line()).toMatchObject({ state: "in_doubt", lastError: { code: "LOOKUP_FAILED" } });
    expect(await seen(world.cloud, "CalculatePrice")).toHaveLength(1);
    await world.cloud.simulator.faults.clear();
    await world.ticks();
    await expectBoughtOnce(world);
  });
});

test.each(ALIASES)("a name of $name that was taken before is a conflict, and nothing is sent", async (adapter) => {
  const world = await azureEngine(adapter);
  const { httpClient, credentialFor } = world.cloud.simulator;
  const client = new BillingBenefitsRP(credentialFor(OTHER_SUBSCRIPTION), { httpClient });
  const common = {
    displayName: "by-hand",
    billingScopeId: `/subscriptions/${OTHER_SUBSCRIPTION}`,
    term: "P1Y",
    appliedScopeType: "Shared",
  };
  if (adapter === ALIAS)
    await client.reservationOrderAlias.beginCreate(world.names[0], {
      ...common,
      sku: { name: "Standard_D2s_v3" },
      location: "westeurope",
      reservedResourceType: "VirtualMachines",
      quantity: 2,
    });
  else
    await client.savingsPlanOrderAlias.beginCreate(world.names[0], {
      ...common,
      sku: { name: "Compute_Savings_Plan" },
      commitment: { grain: "Hourly", currencyCode: "USD", amount: 0.5 },
    });
  const before = (await world.sent()).length;
  await world.engine.run(world.id);
  expect(await world.line()).toMatchObject({
    state: "rejected",
    rejection: { code: "COMMITMENT_CONFLICT", message: expect.stringContaining("account: expected") },
  });
  expect(await world.sent()).toHaveLength(before);
});

test("an order of another subscription under the line's display name is a person's to judge, and nothing is sent", async () => {
  const world = await azureEngine(CALCULATION);
  const { httpClient, credentialFor } = world.cloud.simulator;
  const client = new AzureReservationAPI(credentialFor(OTHER_SUBSCRIPTION), { httpClient });
  const body = {
    sku: { name: "Standard_D2s_v3" },
    location: "westeurope",
    reservedResourceType: "VirtualMachines",
    billingScopeId: `/subscriptions/${OTHER_SUBSCRIPTION}`,
    term: "P1Y",
    billingPlan: "Upfront",
    quantity: 2,
    displayName: world.names[0],
    appliedScopeType: "Shared",
  };
  const { properties } = await client.reservationOrder.calculate(body);
  await client.reservationOrder.beginPurchase(properties?.reservationOrderId ?? "", body);
  await world.engine.run(world.id);
  await world.ticks();
  expect(await world.line()).toMatchObject({
    state: "in_doubt",
    doubt: {
      needsPerson: true,
      candidates: [properties?.reservationOrderId],
      reason: expect.stringContaining("account: expected"),
    },
  });
  expect(await world.purchases()).toHaveLength(1);
});
