import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe } from "vitest";
import { type Clock, systemClock } from "../../../src/domain/clock.js";
import type { CommitmentRequest } from "../../../src/domain/commitment-request/commitment-request.js";
import type { IdempotencyContract } from "../../../src/domain/idempotency-contract.js";
import { silentLogger } from "../../../src/domain/logger.js";
import type { PurchaseEngineOptions } from "../../../src/engine/engine-options.js";
import { createPurchaseEngine, type PurchaseEngine } from "../../../src/engine/purchase-engine.js";
import type { ExecutionStore } from "../../../src/store-port/execution-store.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { postgresStore } from "../../../src/stores/postgres/postgres-store.js";
import { migrate } from "../../../src/stores/postgres/schema/migrate.js";
import { manualClock } from "../../../src/testing/manual-clock.js";
import { type SimulatedCloud, type SimulatedFaults, simulatedCloud } from "../../../src/testing/simulated-cloud.js";
import { schemaForTest } from "../../stores/support/schema-for-test.js";
import { startDatabase, type TestDatabase } from "../../stores/support/test-database.js";
import { simulatedLine } from "../../support/purchase-fixture.js";
import { UNGUARDED } from "../../support/unguarded.js";

const LIMITS = { maxRequestLifetimeMs: 1_500, visibilityLagMs: 400, clockSkewMs: 100 };

/** A contract of each kind, with times that a test on a real clock can wait for. */
export const QUICK = {
  native: { kind: "native-token", windowMs: 60_000, ...LIMITS },
  named: { kind: "caller-named", windowMs: null, ...LIMITS },
  none: { kind: "none", windowMs: 0, ...LIMITS },
} as const satisfies Record<string, IdempotencyContract>;

/** Longer than the settle wait of every contract above, and than the pause before the next look. */
export const WAIT_MS = 2_300;

/** One engine over one store and one simulated cloud, and time that passes. */
export interface EngineWorld {
  readonly store: ExecutionStore;
  readonly cloud: SimulatedCloud;
  readonly engine: PurchaseEngine;
  /** Another engine over the same store and cloud. */
  another(options?: Partial<PurchaseEngineOptions>): PurchaseEngine;
  /** Submits and approves lines; returns the execution's id. */
  approved(lines?: readonly CommitmentRequest[]): Promise<string>;
  /** Retries an execution and approves the retry; returns the retry's id. */
  retried(executionId: string): Promise<string>;
  /** Lets time pass for the store, the cloud and the engine. */
  pass(ms: number): Promise<void>;
  /** Lets the settle wait pass, then ticks. */
  settle(): Promise<void>;
}

/** Makes a world of one contract. */
export type OpenWorld = (
  contract: IdempotencyContract,
  faults?: SimulatedFaults,
  options?: Partial<PurchaseEngineOptions>,
) => Promise<EngineWorld>;

/** Registers tests over the memory store on a clock that is moved, and over PostgreSQL on the machine's. */
export function onEachStore(register: (open: OpenWorld) => void): void {
  describe("over the memory store", () => {
    register(async (contract, faults, options) => {
      const clock = manualClock();
      return worldOf(
        { store: memoryStore({ clock }), clock, pass: async (ms) => clock.advance(ms) },
        { contract, faults, options },
      );
    });
  });
  describe("over PostgreSQL", { timeout: 60_000 }, () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await startDatabase();
    });
    afterAll(() => database.close());
    register(async (contract, faults, options) => {
      const schema = schemaForTest(database.pool);
      await migrate(database.pool, { schema });
      const store = postgresStore(database.pool, { schema });
      return worldOf({ store, clock: systemClock, pass: (ms) => sleep(ms) }, { contract, faults, options });
    });
  });
}

interface Surroundings {
  readonly store: ExecutionStore;
  readonly clock: Clock;
  pass(ms: number): Promise<void>;
}

interface Setting {
  readonly contract: IdempotencyContract;
  readonly faults: SimulatedFaults | undefined;
  readonly options: Partial<PurchaseEngineOptions> | undefined;
}

function worldOf({ store, clock, pass }: Surroundings, { contract, faults = {}, options }: Setting): EngineWorld {
  const cloud = simulatedCloud({ contract, clock, faults });
  let submitted = 0;
  const another = (more: Partial<PurchaseEngineOptions> = {}) =>
    createPurchaseEngine({
      ...UNGUARDED,
      store,
      providers: [cloud.provider],
      clock,
      logger: silentLogger,
      retryDelayMs: 10,
      worker: "w1",
      ...options,
      ...more,
    });
  const engine = another();
  return {
    store,
    cloud,
    engine,
    another,
    pass,
    async approved(lines = [simulatedLine()]) {
      submitted += 1;
      const { id } = await engine.submit({ requestKey: `basket-${submitted}`, createdBy: "ann", lines });
      await engine.approve(id, { approvedBy: "bob" });
      return id;
    },
    async retried(executionId) {
      const { id } = await engine.retry(executionId, { requestedBy: "dan" });
      await engine.approve(id, { approvedBy: "bob" });
      return id;
    },
    async settle() {
      await pass(WAIT_MS);
      await engine.tick();
    },
  };
}
