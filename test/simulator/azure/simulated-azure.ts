import {
  BillingBenefitsRP,
  type ReservationOrderAliasRequest,
  type SavingsPlanOrderAliasModel,
} from "@azure/arm-billingbenefits";
import { AzureReservationAPI, type PurchaseRequest, type ReservationOrderResponse } from "@azure/arm-reservations";
import { type AzureSimulatorOptions, type ConnectedAzureSimulator, startAzureSimulator } from "buyonce/simulator";
import { onTestFinished } from "vitest";
import { manualClock } from "../../../src/testing/manual-clock.js";

export const SUBSCRIPTION = "11111111-1111-4111-8111-111111111111";
export const OTHER_SUBSCRIPTION = "22222222-2222-4222-8222-222222222222";
/** A moment with no odd milliseconds, in a month with 31 days. */
export const START = Date.parse("2026-01-31T10:20:30.000Z");

/** A simulator that ends with the test, by a clock that stands still until it is told to move. */
export async function simulatedAzure(options: AzureSimulatorOptions = {}) {
  const simulator = await startAzureSimulator({ clock: manualClock(START), ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

interface ClientOptions {
  readonly subscriptions?: readonly string[];
  readonly maxRetries?: number;
}

/** A client of Microsoft.Capacity that sends each call once, unless told otherwise. */
export function reservationsFor(simulator: ConnectedAzureSimulator, options: ClientOptions = {}): AzureReservationAPI {
  return new AzureReservationAPI(...clientArguments(simulator, options));
}

/** A client of Microsoft.BillingBenefits that sends each call once, unless told otherwise. */
export function benefitsFor(simulator: ConnectedAzureSimulator, options: ClientOptions = {}): BillingBenefitsRP {
  return new BillingBenefitsRP(...clientArguments(simulator, options));
}

function clientArguments(
  { httpClient, credentialFor }: ConnectedAzureSimulator,
  { subscriptions = [SUBSCRIPTION], maxRetries = 0 }: ClientOptions,
) {
  return [credentialFor(...subscriptions), { httpClient, retryOptions: { maxRetries, retryDelayInMs: 1 } }] as const;
}

/** Two small virtual machines for a year, paid monthly. */
export const VIRTUAL_MACHINES: PurchaseRequest = {
  sku: { name: "standard_b1ls" },
  location: "westus",
  reservedResourceType: "VirtualMachines",
  billingScopeId: `/subscriptions/${SUBSCRIPTION}`,
  term: "P1Y",
  billingPlan: "Monthly",
  quantity: 2,
  displayName: "example",
  appliedScopeType: "Shared",
  renew: false,
};

/** The same under an alias. */
export const VIRTUAL_MACHINES_ALIAS: ReservationOrderAliasRequest = {
  sku: { name: "Standard_B1ls" },
  location: "westus",
  displayName: "ExampleAlias",
  reservedResourceType: "VirtualMachines",
  billingScopeId: `/subscriptions/${SUBSCRIPTION}`,
  term: "P1Y",
  billingPlan: "P1M",
  appliedScopeType: "Shared",
  quantity: 2,
  renew: false,
};

/** Ten dollars an hour for a year, paid monthly. */
export const SAVINGS_PLAN: SavingsPlanOrderAliasModel = {
  sku: { name: "Compute_Savings_Plan" },
  displayName: "ExampleSP",
  billingScopeId: `/subscriptions/${SUBSCRIPTION}`,
  term: "P1Y",
  billingPlan: "P1M",
  appliedScopeType: "Shared",
  commitment: { grain: "Hourly", currencyCode: "USD", amount: 10 },
};

/** Calculates a price and returns the order id to buy under. */
export async function calculatedId(client: AzureReservationAPI, body = VIRTUAL_MACHINES): Promise<string> {
  const { properties } = await client.reservationOrder.calculate(body);
  if (properties?.reservationOrderId === undefined) throw new Error("the answer has no order id");
  return properties.reservationOrderId;
}

/** Sends the PUT of an order and whatever the SDK's poller sends right after it; returns the order id. */
export async function buy(client: AzureReservationAPI, body = VIRTUAL_MACHINES): Promise<string> {
  const id = await calculatedId(client, body);
  await client.reservationOrder.beginPurchase(id, body);
  return id;
}

export async function listed(client: AzureReservationAPI) {
  const orders: ReservationOrderResponse[] = [];
  for await (const order of client.reservationOrder.list()) orders.push(order);
  return orders;
}

/** Sends JSON without an SDK, to see an answer as it is on the wire. */
export async function send(simulator: ConnectedAzureSimulator, method: string, path: string, body?: object) {
  const { token } = await simulator.credentialFor(SUBSCRIPTION).getToken();
  const response = await fetch(`${simulator.url}/providers/${path}?api-version=2022-11-01`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as unknown };
}

/** A flat body of the SDK in its form on the wire. */
export function wireBody({ sku, location, ...properties }: { readonly sku?: object; readonly location?: string }) {
  return { sku, ...(location && { location }), properties };
}
