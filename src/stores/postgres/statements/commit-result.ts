import { BuyonceError } from "../../../domain/errors.js";
import type { CommitResult } from "../../../store-port/execution-store.js";
import type { SqlRow } from "../client/sql-client.js";
import { violatedUnique } from "../client/sql-state.js";
import { decodeExecution } from "./execution-row.js";

/**
 * What a commit's row means; no row means that a guard did not hold, a row without an execution that a write-ahead came
 * in an open transaction.
 */
export function movedResult([row]: readonly SqlRow[]): CommitResult {
  if (row === undefined) return { kind: "refused", because: "guard" };
  if (row["execution"] === null) throw inTransaction();
  return { kind: "moved", execution: decodeExecution(row) };
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
