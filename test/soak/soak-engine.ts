import { silentLogger } from "../../src/domain/logger.js";
import { createPurchaseEngine, type PurchaseEngine } from "../../src/engine/purchase-engine.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import { UNGUARDED } from "../support/unguarded.js";
import { cloudClient } from "./cloud-client.js";
import { SERVICE_NAMES } from "./contracts.js";

/** An engine over the soak's cloud; what a killed one leaves is taken over within seconds. */
export const soakEngine = (store: ExecutionStore, cloudUrl: string, hedging = false): PurchaseEngine =>
  createPurchaseEngine({
    ...UNGUARDED,
    store,
    providers: SERVICE_NAMES.map((service) => cloudClient(cloudUrl, service, hedging)),
    logger: silentLogger,
    leaseMs: 8_000,
    retryDelayMs: 200,
    concurrency: 6,
  });
