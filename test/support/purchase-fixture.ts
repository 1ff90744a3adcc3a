import type { CustomRequest } from "../../src/domain/commitment-request/custom.js";
import type { IdempotencyContract } from "../../src/domain/idempotency-contract.js";
import { silentLogger } from "../../src/domain/logger.js";
import type { PurchaseEngineOptions } from "../../src/engine/engine-options.js";
import { createPurchaseEngine, type PurchaseEngine } from "../../src/engine/purchase-engine.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { type ManualClock, manualClock } from "../../src/testing/manual-clock.js";
import { type SimulatedCloud, type SimulatedFaults, simulatedCloud } from "../../src/testing/simulated-cloud.js";
import { UNGUARDED } from "./unguarded.js";

const LIMITS = { maxRequestLifetimeMs: 300_000, visibilityLagMs: 60_000, clockSkewMs: 10_000 };

/** A contract of each kind with realistic times. */
export const CONTRACT = {
  native: { kind: "native-token", windowMs: 3_600_000, ...LIMITS },
  named: { kind: "caller-named", windowMs: null, ...LIMITS },
  minted: { kind: "server-minted", windowMs: 1_800_000, ...LIMITS },
  none: { kind: "none", windowMs: 0, ...LIMITS },
} as const satisfies Record<string, IdempotencyContract>;

/** The end of the settle wait of every contract above. */
export const SETTLE_WAIT_MS = 370_000;

/** One line of the simulated service. */
export const simulatedLine = (overrides: Partial<CustomRequest> = {}): CustomRequest => ({
  service: "custom.simulated",
  account: "acct-1",
  region: "r1",
  quantity: 2,
  term: "1yr",
  payment: "no_upfront",
  expectedPrice: { amount: "100", currency: "USD" },
  offering: { size: "m" },
  ...overrides,
});

export interface PurchaseFixture {
  readonly clock: ManualClock;
  readonly store: ExecutionStore;
  readonly cloud: SimulatedCloud;
  readonly engine: PurchaseEngine;
  /** Another engine over the same store and cloud. */
  another(options?: Partial<PurchaseEngineOptions>): PurchaseEngine;
  /** Submits and approves lines; returns the execution's id. */
  approved(lines?: readonly CustomRequest[]): Promise<string>;
}

/** An engine over the memory store and a simulated cloud of one contract, on a manual clock. */
export function purchaseFixture(
  contract: IdempotencyContract,
  faults: SimulatedFaults = {},
  options: Partial<PurchaseEngineOptions> = {},
): PurchaseFixture {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const cloud = simulatedCloud({ contract, clock, faults });
  const another = (more: Partial<PurchaseEngineOptions> = {}) =>
    createPurchaseEngine({
      ...UNGUARDED,
      store,
      providers: [cloud.provider],
      clock,
      worker: "w1",
      logger: silentLogger,
      ...options,
      ...more,
    });
  const engine = another();
  return {
    clock,
    store,
    cloud,
    engine,
    another,
    async approved(lines = [simulatedLine()]) {
      const { id } = await engine.submit({ requestKey: `key-${Math.random()}`, createdBy: "ann", lines });
      await engine.approve(id, { approvedBy: "bob" });
      return id;
    },
  };
}
