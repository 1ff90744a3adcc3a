import type { AzureSimulatorOptions, Fault } from "buyonce/simulator";
import type { CommitmentRequest } from "../../../src/domain/commitment-request/commitment-request.js";
import type { PurchaseLine } from "../../../src/domain/execution.js";
import { silentLogger } from "../../../src/domain/logger.js";
import type { PurchaseEngineOptions } from "../../../src/engine/engine-options.js";
import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import { deriveIdempotencyToken } from "../../../src/idempotency/derive-idempotency-token.js";
import { reservationId } from "../../../src/idempotency/token-formats.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { UNGUARDED } from "../../support/unguarded.js";
import { type Adapter, type AdapterOptions, azureCloud, seen } from "./azure-cloud.js";

export const MINUTE = 60_000;
/** Past the longest life of a request, the lag of listings and the skew of clocks. */
const WAIT = 97 * MINUTE;

/** A fault whose operation is said beside it. */
export type Trouble = Fault extends infer One ? (One extends Fault ? Omit<One, "operation"> : never) : never;

/** An engine over a real client at its default settings, one clock for store, engine and cloud, and an approved line. */
export async function azureEngine(
  adapter: Adapter,
  options: Omit<AzureSimulatorOptions, "clock"> = {},
  settings: AdapterOptions = {},
) {
  const cloud = await azureCloud(options);
  const { simulator, clock } = cloud;
  const store = memoryStore({ clock });
  const { provider } = adapter.over(cloud, settings);
  const engineOver = (more: Partial<PurchaseEngineOptions> = {}) =>
    createPurchaseEngine({
      ...UNGUARDED,
      store,
      providers: [provider],
      clock,
      logger: silentLogger,
      concurrency: 1,
      ...more,
    });
  const engine = engineOver();
  const approved = async (requestKey: string, request: CommitmentRequest) => {
    const { id } = await engine.submit({ requestKey, createdBy: "ann", lines: [request] });
    return engine.approve(id, { approvedBy: "bob" });
  };
  const first = await approved("basket", adapter.request);
  const found = async (id = first.id) => (await store.get(id)) ?? Promise.reject(new Error(`${id} is gone`));
  const { lineageKey } = await found();
  const name = reservationId("buyonce-", deriveIdempotencyToken(lineageKey, 0));
  return {
    cloud,
    clock,
    store,
    provider,
    engine,
    engineOver,
    id: first.id,
    names: [name, `${name}-2`, `${name}-3`] as const,
    fault: (fault: Trouble, operation = adapter.purchase) => simulator.faults.add({ operation, ...fault } as Fault),
    setState: (commitmentId: string, state: string) => simulator.states.set(commitmentId, state),
    /** The purchases that reached the cloud. */
    sent: () => seen(cloud, adapter.purchase),
    ledger: async () => (await simulator.ledger.purchases()).map(({ commitmentId, state }) => [commitmentId, state]),
    purchases: () => simulator.ledger.purchases(),
    line: async (id?: string): Promise<PurchaseLine | undefined> => (await found(id)).lines[0],
    status: async (id?: string) => (await found(id)).status,
    /** Ticks after a pause; what was due meanwhile has come to pass. */
    async tickAfter(ms: number) {
      for (let left = ms; left > 0; left -= MINUTE) {
        clock.advance(Math.min(left, MINUTE));
        await simulator.ledger.purchases();
      }
      await engine.tick();
    },
    /** As many ticks as it takes, the settle wait among them. */
    async ticks() {
      for (let round = 0; round < 5; round += 1) await this.tickAfter(WAIT);
    },
    /** A retry by a person, approved by another. */
    async retried(id: string) {
      const successor = await engine.retry(id, { requestedBy: "ann" });
      await engine.approve(successor.id, { approvedBy: "bob" });
      return successor.id;
    },
  };
}
export type AzureWorld = Awaited<ReturnType<typeof azureEngine>>;
