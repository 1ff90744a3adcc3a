import { silentLogger } from "../src/domain/logger.js";
import { createPurchaseEngine } from "../src/engine/purchase-engine.js";
import type { CommitmentProvider } from "../src/providers/commitment-provider.js";
import { memoryStore } from "../src/stores/memory/memory-store.js";

/** A cloud that sells at once and remembers nothing, so that what is measured is the library. */
function instantProvider(): CommitmentProvider {
  let sold = 0;
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
      sold += 1;
      return { kind: "committed", commitment: { commitmentIds: [`ri-${sold}`] } };
    },
  };
}

/** Buys baskets on a memory store of its own; `ticks` adds a round of recovery after each. */
export function instantPurchases({ lines, ticks }: { readonly lines: number; readonly ticks: boolean }) {
  const engine = createPurchaseEngine({ store: memoryStore(), providers: [instantProvider()], logger: silentLogger });
  let bought = 0;
  return async (): Promise<void> => {
    bought += 1;
    const { id } = await engine.submit({
      requestKey: `basket-${bought}`,
      createdBy: "bench",
      lines: Array.from({ length: lines }, lineOfNumber),
    });
    await engine.approve(id, { approvedBy: "bench" });
    const { status, reason } = await engine.run(id);
    if (status !== "completed") throw new Error(`basket ${bought} is ${status}: ${reason}`);
    if (ticks) await engine.tick();
  };
}

const lineOfNumber = (_: unknown, number: number) =>
  ({
    service: "custom.instant",
    account: "acct-1",
    region: "r1",
    quantity: 2,
    term: "1yr",
    payment: "no_upfront",
    expectedPrice: { amount: "100", currency: "USD" },
    offering: { size: `m${number}` },
  }) as const;
