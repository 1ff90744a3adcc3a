// The cloud that is the oracle, and what to ask it.

export { assertNoDoublePurchase, type PurchaseOnLedger } from "./assert-no-double-purchase.js";
// Crashes.
export {
  type CrashPlan,
  crashingStore,
  crashPlan,
  interceptPort,
  type PortHooks,
  WorkerCrashed,
} from "./crashing-store.js";
export { type CrashReport, type CrashScenario, type CrashWorld, exploreCrashes } from "./explore-crashes.js";
// Time.
export { type ManualClock, manualClock } from "./manual-clock.js";
export {
  type LedgerEntry,
  laneOf,
  type PurchaseFault,
  type SimulatedCloud,
  type SimulatedCloudOptions,
  type SimulatedFaults,
  simulatedCloud,
} from "./simulated-cloud.js";

// The law of the store port, as a suite for any test runner.
export { type StoreContractOptions, type StoreUnderTest, storeContract } from "./store-contract.js";
