import { randomUUID } from "node:crypto";
import { silentLogger } from "../src/domain/logger.js";
import type { PurchaseEngineOptions } from "../src/engine/engine-options.js";
import { createPurchaseEngine, type PurchaseEngine } from "../src/engine/purchase-engine.js";
import type { CommitmentProvider } from "../src/providers/commitment-provider.js";
import type { ExecutionStore } from "../src/store-port/execution-store.js";
import { memoryStore } from "../src/stores/memory/memory-store.js";

/** A cloud that sells at once and remembers nothing, so that only the library is measured. */
export function instantProvider(): CommitmentProvider {
  return {
    service: "custom.instant",
    idempotency: {
      kind: "native-token",
      windowMs: 3_600_000,
      maxRequestLifetimeMs: 300_000,
      visibilityLagMs: 60_000,
      clockSkewMs: 10_000,
    },
    lookup: async () => undefined,
    prepare: async () => ({ reference: "offering" }),
    async purchase(_permit, { beforeWire }) {
      beforeWire();
      return { kind: "committed", commitment: { commitmentIds: [randomUUID()] } };
    },
  };
}

/** What is bought, from whom, and where it is kept. */
interface InstantPurchases {
  /** Lines of each basket. */
  readonly lines: number;
  /** Whether a round of recovery follows each purchase. */
  readonly ticks: boolean;
  /** Default: a new memory store. */
  readonly store?: ExecutionStore;
}

/** Buys baskets, one with each call. */
export function instantPurchases({ lines, ticks, store = memoryStore() }: InstantPurchases) {
  const engine = instantEngine(store);
  return async (): Promise<void> => {
    const id = await approvedBasket(engine, lines);
    const { status, reason } = await engine.run(id);
    if (status !== "completed") throw new Error(`the basket is ${status}: ${reason}`);
    if (ticks) await engine.tick();
  };
}

/** An engine that buys at once. */
export const instantEngine = (
  store: ExecutionStore,
  options: Partial<Omit<PurchaseEngineOptions, "store">> = {},
): PurchaseEngine =>
  createPurchaseEngine({
    overlapWindowMs: null,
    breaker: null,
    store,
    providers: [instantProvider()],
    logger: silentLogger,
    ...options,
  });

/** Submits and approves a basket; resolves with its id. */
export async function approvedBasket(engine: PurchaseEngine, lines: number, account = "acct-1"): Promise<string> {
  const { id } = await engine.submit({
    requestKey: randomUUID(),
    createdBy: "bench",
    lines: Array.from({ length: lines }, (_, number) => lineOfNumber(number, account)),
  });
  await engine.approve(id, { approvedBy: "bench" });
  return id;
}

const lineOfNumber = (number: number, account: string) =>
  ({
    service: "custom.instant",
    account,
    region: "r1",
    quantity: 2,
    term: "1yr",
    payment: "no_upfront",
    expectedPrice: { amount: "100", currency: "USD" },
    offering: { size: `m${number}` },
  }) as const;
