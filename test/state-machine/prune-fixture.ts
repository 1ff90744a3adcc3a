import type { Logger } from "../../src/domain/logger.js";
import { engineContext } from "../../src/engine/engine-context.js";
import type { CommitmentEvidence } from "../../src/engine/line/commitment-evidence.js";
import { recordEvidence } from "../../src/engine/line/record-evidence.js";
import { type PruneOptions, pruneExecutions } from "../../src/state-machine/prune-executions.js";
import { pruneTally } from "../../src/state-machine/prune-report.js";
import type { PurchaseFault, SimulatedFaults } from "../../src/testing/simulated-cloud.js";
import { CONTRACT, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";

export const DAY = 86_400_000;
export const YEAR = 365 * DAY;
/** How long the fixture keeps what is over. */
export const KEEP = 40 * DAY;

/** The counts of a call that kept nothing. */
export const NOTHING_KEPT = pruneTally().report(undefined).kept;

/** A cloud that refuses the first so many purchases. */
export const refusals = (count: number): SimulatedFaults => ({
  purchases: Array.from({ length: count }, (): PurchaseFault => ({ kind: "rejected" })),
});

/** A shop over the memory store that prunes by the store's own clock. */
export function pruneFixture(
  contract: Parameters<typeof purchaseFixture>[0] = CONTRACT.native,
  faults: SimulatedFaults = {},
) {
  const fixture = purchaseFixture(contract, faults);
  const { store, cloud, clock, engine } = fixture;
  /** Submits one line under this key, approves and runs; returns the execution as it then is. */
  const buy = async (requestKey: string, line = simulatedLine({ offering: { requestKey } })) => {
    const { id } = await engine.submit({ requestKey, createdBy: "ann", lines: [line] });
    await engine.approve(id, { approvedBy: "bob" });
    return engine.run(id);
  };
  return {
    ...fixture,
    prune: (options: PruneOptions = {}, over = store) => pruneExecutions(over, { keepMs: KEEP, clock, ...options }),
    buy,
    /** Buys what the cloud refuses, and retries it; the retry is canceled. */
    async refusedTwice(requestKey: string) {
      const root = await buy(requestKey);
      const retry = await engine.retry(root.id, { requestedBy: "ann" });
      await engine.cancel(retry.id, { canceledBy: "ann", reason: "no longer wanted" });
      return [root.id, retry.id] as const;
    },
    /** A worker that lost its execution long ago brings a commitment. */
    lateEvidence: (evidence: Omit<CommitmentEvidence, "lineIndex" | "needsLabel">) =>
      recordEvidence(engineContext({ store, providers: [cloud.provider], clock, worker: "late" }), {
        ...evidence,
        lineIndex: 0,
        needsLabel: false,
      }),
    isStored: (...ids: readonly string[]) => Promise.all(ids.map(async (id) => (await store.get(id)) !== undefined)),
  };
}

/** A logger that keeps what it is told. */
export function keepingLogger(): Logger & { readonly said: [string, unknown][] } {
  const said: [string, unknown][] = [];
  const note = (message: string, fields?: unknown) => void said.push([message, fields]);
  return { said, info: note, warn: note, error: note };
}
