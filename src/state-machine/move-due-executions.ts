import type { DueMove, ExecutionStore, MovedExecution } from "../store-port/execution-store.js";

/** The moves that the passing of time alone makes. */
export const DUE_MOVES: readonly DueMove[] = [
  { from: "pending", to: "expired", kind: "expired", reason: "Nobody approved in time." },
  { from: "notified", to: "expired", kind: "expired", reason: "Nobody approved in time." },
  { from: "scheduled", to: "approved", kind: "approved", reason: "Its time has come." },
];

/**
 * Expires executions that nobody approved in time, and approves scheduled ones that are due. At most `limit`, in one
 * statement.
 */
export const moveDueExecutions = (
  store: ExecutionStore,
  { actor, limit }: { readonly actor: string; readonly limit: number },
): Promise<readonly MovedExecution[]> => store.moveDue({ moves: DUE_MOVES, actor, limit });
