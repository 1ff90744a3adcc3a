import type { ProviderContractOptions, ProviderFixture } from "../../../../src/testing/provider-contract.js";
import { CANNOT, type GcpBehaviour, gcpFixture } from "./gcp-fixture.js";
import { CANNOT_SPEND, spendFixture } from "./spend-fixture.js";

/** One adapter of Google Cloud with the cloud it buys from. */
export interface GcpFixture {
  readonly name: string;
  readonly cannot: NonNullable<ProviderContractOptions["cannot"]>;
  /** How many cases are left out, by what the service has not. */
  readonly leavesOut: Readonly<Record<string, number>>;
  createProvider(): Promise<ProviderFixture>;
}

const fixture = (name: string, behaviour: GcpBehaviour): GcpFixture => ({
  name: `Compute Engine committed use discounts${name}`,
  cannot: CANNOT,
  leavesOut: { lane: 10, "payment-fails": 1, price: 1, queue: 5, stranger: 3, unsold: 1, void: 5 },
  createProvider: () => gcpFixture(behaviour),
});

const spend = (name: string, options: Parameters<typeof spendFixture>[0] = {}): GcpFixture => ({
  name: `Spend-based committed use discounts${name}`,
  cannot: CANNOT_SPEND,
  leavesOut: { lane: 11, "payment-fails": 1, price: 1, queue: 5, stranger: 3, unsold: 1 },
  createProvider: () => spendFixture(options),
});

/** Google Cloud as its documents describe it. */
export const GCP_FIXTURES: readonly GcpFixture[] = [
  fixture("", {}),
  fixture(", with errors by gRPC codes", { auth: "grpc-codes" }),
  spend(""),
];

const TWENTY_SECONDS_MS = 20_000;

/** Google Cloud as it may be where its documents say nothing. */
export const GCP_FIXTURES_OF_THE_UNDOCUMENTED: readonly GcpFixture[] = [
  fixture(" whose inserts take twenty seconds", { simulator: { operationMs: TWENTY_SECONDS_MS } }),
  fixture(" that show while their inserts run", {
    simulator: { operationMs: TWENTY_SECONDS_MS, visibleWhileRunning: true },
    refusedBy: "operation",
  }),
  fixture(" whose request ids are forgotten at once", { simulator: { requestIdMemoryMs: 0 } }),
  fixture(" whose request ids take no other request", { simulator: { changedRequestUnderId: "invalid" } }),
  fixture(" whose names are taken by failed inserts too", {
    simulator: { failedInsertKeepsName: true },
    refusedBy: "operation",
  }),
  fixture(" with errors without a status", { simulator: { errorStatusField: false } }),
  fixture(" with errors without a status, by gRPC codes", {
    auth: "grpc-codes",
    simulator: { errorStatusField: false },
  }),
  spend(" whose orders take twenty seconds", { operationMs: TWENTY_SECONDS_MS }),
  spend(" that show while their orders run", { operationMs: TWENTY_SECONDS_MS, visibleWhileRunning: true }),
  spend(" whose repeated request ids are refused", { repeatedOrderAnswer: "ALREADY_EXISTS" }),
  spend(" that renew themselves until that is changed", { ordersRenew: true }),
  fixture(" with errors whose code is a text", { simulator: { errorCodeAs: "string" } }),
];
