import { BuyonceError } from "../../domain/errors.js";
import type { CommitResult } from "../../store-port/execution-store.js";
import type { Database } from "./database.js";
import { decodeExecution } from "./execution-row.js";
import { getExecution } from "./get-execution.js";
import type { SqlRow } from "./sql-client.js";
import { violatedUnique } from "./sql-state.js";

/**
 * What a commit's row means; no row means that a guard did not hold, a row without an execution that a write-ahead came
 * in an open transaction.
 *
 * The execution is always the one the statement wrote. The lines come from the statement's snapshot: where it waited
 * for another change of the same execution and no version was guarded, they may be older than that change. Then the
 * version `seen` in the snapshot is not the one before this change, and the lines are read again.
 */
export function movedResult(database: Database): (rows: readonly SqlRow[]) => Promise<CommitResult> {
  const get = getExecution(database);
  return async ([row]) => {
    if (row === undefined) return { kind: "refused", because: "guard" };
    if (row["execution"] === null) throw inTransaction();
    const execution = decodeExecution(row);
    if (Number(row["seen"]) === execution.version - 1) return { kind: "moved", execution };
    const current = await get(execution.id);
    return { kind: "moved", execution: { ...execution, lines: current?.lines ?? execution.lines } };
  };
}

const inTransaction = (): BuyonceError =>
  new BuyonceError(
    "STORE_IN_TRANSACTION",
    "Nothing was sent: the store's client has a transaction open, and its rollback would forget the purchase.",
  );

/** The refusal that a broken uniqueness means; anything else is thrown as it came. */
export function refusalOf(error: unknown): CommitResult {
  switch (violatedUnique(error)) {
    case "lines_lane":
      return { kind: "refused", because: "lane" };
    case "lines_lineage":
    case "executions_open_lineage":
      return { kind: "refused", because: "lineage" };
    case "commitments_claim":
      return { kind: "refused", because: "commitment" };
    default:
      throw error;
  }
}
