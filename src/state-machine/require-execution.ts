import { BuyonceError } from "../domain/errors.js";
import type { Execution } from "../domain/execution.js";
import type { ExecutionStore } from "../store-port/execution-store.js";

/** The execution with its lines. Throws `EXECUTION_NOT_FOUND` if the store has no execution with this id. */
export async function requireExecution(store: ExecutionStore, executionId: string): Promise<Execution> {
  const execution = await store.get(executionId);
  if (execution === undefined) throw executionNotFound(executionId);
  return execution;
}

/** The error for an id that no execution has, and for an execution that a reader may not know of. */
export const executionNotFound = (executionId: string): BuyonceError =>
  new BuyonceError("EXECUTION_NOT_FOUND", `No execution has the id "${executionId}".`);
