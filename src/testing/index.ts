// Values to draw with fast-check.
export { arbitraries, type PurchaseArbitraries, type RequestArbitraries } from "./arbitraries.js";
// The check of a cloud's ledger.
export type { PurchaseOnLedger } from "./assert-no-double-purchase/purchase-on-ledger.js";
export type { KnownExecution } from "./assert-no-double-purchase/request-keys.js";
export type { WantedFields, WantedPurchase } from "./assert-no-double-purchase/wanted-purchase.js";
export { assertNoDoublePurchase, type PurchaseExpectation } from "./assert-no-double-purchase.js";
// The laws of the ports, as suites for any test runner.
export {
  type CollectionLockContractOptions,
  collectionLockContract,
  type LockUnderTest,
} from "./collection-lock-contract.js";
// Crashes.
export {
  type AsyncPort,
  type CrashPlan,
  crashingStore,
  crashPlan,
  interceptPort,
  type PortHooks,
  WorkerCrashed,
} from "./crashing-store.js";
export { type CrashReport, type CrashScenario, type CrashWorld, exploreCrashes } from "./explore-crashes.js";
export type { Arbitrary, FastCheck } from "./fast-check.js";
// Time.
export { type ManualClock, manualClock } from "./manual-clock.js";
export {
  type CloudAbility,
  type CloudFault,
  type CloudPurchase,
  type CloudRequest,
  type CloudStates,
  type CloudUnderTest,
  FAULT_SCENARIOS,
  type FaultScenario,
  type ProviderContractOptions,
  type ProviderFixture,
  type PurchaseReport,
  providerContract,
  type SkippedCase,
} from "./provider-contract.js";
export { engineHandlers } from "./purchase-commands/engine-handlers.js";
export { type PlayOptions, playPurchases } from "./purchase-commands/play-purchases.js";
export type { PurchaseCommand } from "./purchase-commands/purchase-command.js";
export type {
  LineReport,
  PurchaseHandlers,
  PurchaseOrder,
  PurchaseProcess,
  PurchaseWiring,
  PurchaseWorld,
} from "./purchase-commands/purchase-wiring.js";
// Your wiring, played in random order.
export { type PurchaseCommandsOptions, purchaseCommands } from "./purchase-commands.js";
export {
  type RecommendationStoreContractOptions,
  type RecommendationStoreUnderTest,
  recommendationStoreContract,
} from "./recommendation-store-contract.js";
// Your cron and queue code, run for simulated hours.
export type {
  CronJob,
  Embedder,
  EmbedderHandlers,
  EmbedderProcess,
  EmbedderTable,
} from "./simulate/embedder.js";
export { type Simulation, type SimulationReport, simulate } from "./simulate.js";
export {
  type CallFault,
  type HarmlessCall,
  type LedgerEntry,
  type ListedAttribute,
  laneOf,
  offeringOf,
  type PurchaseFault,
  type SimulatedCloud,
  type SimulatedCloudOptions,
  type SimulatedFaults,
  type SimulatedRequest,
  simulatedCloud,
} from "./simulated-cloud.js";
export { type StoreContractOptions, type StoreUnderTest, storeContract } from "./store-contract.js";
