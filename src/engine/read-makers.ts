import type { Execution } from "../domain/execution.js";
import { makersOf } from "../guards/four-eyes.js";
import { readTrails } from "../state-machine/read-lineage.js";
import { requireExecution } from "../state-machine/require-execution.js";
import type { ExecutionStore } from "../store-port/execution-store.js";

/** Everybody who made a part of an execution, by the creators and the trails of its lineage up to it. */
export async function readMakers(store: ExecutionStore, execution: Execution): Promise<ReadonlySet<string>> {
  const lineage = await readAncestry(store, execution);
  return makersOf(lineage, await readTrails(store, lineage));
}

/** An execution, and before it those that it retries. */
async function readAncestry(store: ExecutionStore, execution: Execution): Promise<readonly Execution[]> {
  if (execution.retryOf === null) return [execution];
  return [execution, ...(await readAncestry(store, await requireExecution(store, execution.retryOf)))];
}
