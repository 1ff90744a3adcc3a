import type { Execution } from "../domain/execution.js";
import type { ExecutionStore } from "../store-port/execution-store.js";

/** The number of an execution in its lineage: 1 for the first, one more for each retry by a person. */
export async function lineageAttempt(store: ExecutionStore, { retryOf }: Execution): Promise<number> {
  const previous = retryOf === null ? undefined : await store.get(retryOf);
  return previous === undefined ? 1 : 1 + (await lineageAttempt(store, previous));
}
