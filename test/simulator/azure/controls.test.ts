import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  type AzureSimulatorOptions,
  type ConnectedAzureSimulator,
  connectAzureSimulator,
  startAzureSimulator,
} from "buyonce/simulator";
import { describe, expect, it } from "vitest";
import {
  buy,
  calculatedId,
  listed,
  reservationsFor,
  SAVINGS_PLAN,
  START,
  SUBSCRIPTION,
  send,
  simulatedAzure,
  VIRTUAL_MACHINES,
  wireBody,
} from "./simulated-azure.js";

const PRICE = {
  reservedResourceType: "VirtualMachines",
  sku: "Standard_B1ls",
  location: "westus",
  term: "P1Y",
  amount: 24,
} as const;

describe("the ledger", () => {
  it("shows every purchase in the order of creation and every request with what it carried", async () => {
    const simulator = await simulatedAzure();
    await send(simulator, "PUT", "Microsoft.BillingBenefits/savingsPlanOrderAliases/a", wireBody(SAVINGS_PLAN));
    const id = await buy(reservationsFor(simulator));
    expect(await simulator.ledger.purchases()).toMatchObject([
      { service: "azure.savings-plans", purchaseId: "purchase-000001" },
      { service: "azure.reservations", purchaseId: "purchase-000002", commitmentId: id },
    ]);
    const [, , put] = await simulator.ledger.requests();
    expect(put).toEqual({
      seq: 3,
      operation: "PutReservationOrder",
      service: "azure.reservations",
      account: SUBSCRIPTION,
      region: "westus",
      at: START,
      params: {
        ...VIRTUAL_MACHINES,
        "api-version": "2022-11-01",
        reservationOrderId: id,
      },
      outcome: { state: "processed", status: 202 },
    });
  });

  it("mints the same ids in every run", async () => {
    const ids = async () => await buy(reservationsFor(await simulatedAzure()));
    expect(await ids()).toBe(await ids());
  });

  it("hands out copies: changing one changes nothing", async () => {
    const simulator = await simulatedAzure();
    await buy(reservationsFor(simulator));
    for (const row of await simulator.ledger.purchases()) Object.assign(row, { state: "changed" });
    for (const price of await simulator.prices.list()) Object.assign(price, { amount: -1 });
    expect(await simulator.ledger.purchases()).toMatchObject([{ state: "Succeeded" }]);
    expect((await simulator.prices.list()).every(({ amount }) => amount > 0)).toBe(true);
  });
});

describe("a simulator elsewhere", () => {
  it("has the same controls and serves the same clients", async () => {
    const simulator = connectAzureSimulator((await simulatedAzure({ listingLagMs: 1000 })).url);
    const client = reservationsFor(simulator);
    await simulator.prices.set(PRICE);
    await simulator.faults.add({ operation: "CalculatePrice", kind: "reset-before" });
    expect(await simulator.faults.pending()).toMatchObject([{ kind: "reset-before", times: 1 }]);
    await expect(calculatedId(client)).rejects.toMatchObject({ code: "ECONNRESET" });
    const id = await buy(client);
    expect(await simulator.ledger.purchases()).toMatchObject([{ charge: { amount: "4.00" } }]);
    expect(await listed(client)).toEqual([]);
    await simulator.clock.advance(1000);
    expect(await simulator.clock.now()).toBe(START + 1000);
    await simulator.states.set(id, "Split");
    expect(await listed(client)).toMatchObject([{ name: id, provisioningState: "Split" }]);
    expect((await simulator.ledger.requests()).at(-1)).toMatchObject({ operation: "ListReservationOrders" });
    expect(await simulator.prices.list()).toContainEqual(PRICE);
  });

  it("sells to another process that knows nothing but its URL, past any proxy in its environment", async () => {
    const simulator = await simulatedAzure();
    const buyer = fileURLToPath(new URL("buyer.ts", import.meta.url));
    const env = { ...process.env, HTTPS_PROXY: "http://127.0.0.1:9", HTTP_PROXY: "http://127.0.0.1:9" };
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", buyer, simulator.url], { env });
    const { bought, links } = JSON.parse(stdout);
    expect(await simulator.ledger.purchases()).toMatchObject([{ commitmentId: bought }]);
    expect(links).toEqual({
      location: `https://management.azure.com/providers/Microsoft.Capacity/reservationOrders/${bought}?api-version=2022-11-01`,
    });
  });

  it("refuses wrong controls like one in this process", async () => {
    const here = await simulatedAzure();
    for (const simulator of [here, connectAzureSimulator(here.url)]) await refusesWrongControls(simulator);
  });
});

it("refuses options it cannot start with", async () => {
  const wrong = [
    { sessionMs: -1 },
    { pageSize: 0 },
    { billingCurrency: "dollars" },
    { repeatedAlias: "buy-again" },
    { orderStatesMs: { paying: 1 } },
    { prices: [{ ...PRICE, term: "P2Y" }] },
  ];
  for (const options of wrong) {
    await expect(startAzureSimulator(options as AzureSimulatorOptions)).rejects.toThrow(TypeError);
  }
});

it("sells at the prices it was started with", async () => {
  const options = { prices: [{ ...PRICE, reservedResourceType: "Databricks", sku: "DBCU", term: "P5Y" }] } as const;
  const simulator = await simulatedAzure(options);
  const asked = { ...VIRTUAL_MACHINES, reservedResourceType: "Databricks", sku: { name: "dbcu" }, term: "P5Y" };
  await buy(reservationsFor(simulator), asked);
  expect(await simulator.ledger.purchases()).toMatchObject([{ charge: { amount: "0.80", currency: "USD" } }]);
});

it("goes by the machine's clock unless another is given", async () => {
  const simulator = await startAzureSimulator();
  const before = Date.now();
  expect(await simulator.clock.now()).toBeGreaterThanOrEqual(before);
  await simulator.close();
});

async function refusesWrongControls(simulator: ConnectedAzureSimulator) {
  const fault = { operation: "CalculatePrice", kind: "explode" };
  await expect(simulator.faults.add(fault as never)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  await expect(simulator.faults.add({ operation: "CalculatePrise", kind: "throttle" })).rejects.toThrow(
    'did you mean "CalculatePrice"?',
  );
  await expect(simulator.clock.advance(-1)).rejects.toThrow(TypeError);
  await expect(simulator.prices.set({ ...PRICE, amount: -1 })).rejects.toThrow(TypeError);
  await expect(simulator.states.set("none", "Failed")).rejects.toThrow(TypeError);
}
