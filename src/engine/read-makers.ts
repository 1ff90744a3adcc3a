import type { Execution } from "../domain/execution.js";
import { makersOf } from "../guards/four-eyes.js";
import { liftersOf, raisersOf } from "../guards/openers.js";
import { readTrails } from "../state-machine/read-lineage.js";
import { requireExecution } from "../state-machine/require-execution.js";
import type { ExecutionStore } from "../store-port/execution-store.js";

/**
 * Everybody who made a part of an execution, by the creators and the trails of its lineage up to it, or who opened its
 * way since its lineage began: raised a limit that counts it, or lifted a freeze of its scope.
 */
export async function readMakers(store: ExecutionStore, execution: Execution): Promise<ReadonlySet<string>> {
  const lineage = await readAncestry(store, execution);
  const since = Math.min(...lineage.map(({ createdAt }) => createdAt));
  return new Set([
    ...makersOf(lineage, await readTrails(store, lineage)),
    ...raisersOf(execution, await store.limitChanges({ since })),
    ...liftersOf(execution, await store.liftedFreezes({ since })),
  ]);
}

/** An execution, and before it those that it retries. */
async function readAncestry(store: ExecutionStore, execution: Execution): Promise<readonly Execution[]> {
  if (execution.retryOf === null) return [execution];
  return [execution, ...(await readAncestry(store, await requireExecution(store, execution.retryOf)))];
}
