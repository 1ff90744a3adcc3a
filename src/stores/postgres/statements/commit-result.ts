import { BuyonceError } from "../../../domain/errors.js";
import type { CommitResult, Freeze } from "../../../store-port/execution-store.js";
import type { SqlRow } from "../client/sql-client.js";
import { violatedUnique } from "../client/sql-state.js";
import { decodeExecution } from "./execution-row.js";

/**
 * The result that a commit's row stands for. No row means that a guard did not hold. A row without an execution means
 * that a write-ahead came in an open transaction, that its scope is frozen, or that a token may not decide.
 */
export function movedResult([row]: readonly SqlRow[]): CommitResult {
  if (row === undefined) return { kind: "refused", because: "guard" };
  if (row["refused"] === "token") return { kind: "refused", because: "token" };
  if (typeof row["frozen"] === "string")
    return { kind: "refused", because: "frozen", freeze: JSON.parse(row["frozen"]) as Freeze };
  if (row["execution"] === null) throw inTransaction();
  return { kind: "moved", execution: decodeExecution(row) };
}

const inTransaction = (): BuyonceError =>
  new BuyonceError(
    "STORE_IN_TRANSACTION",
    "Nothing was sent: the store's client has an open transaction, and its rollback would forget the purchase.",
  );

/** The refusal for a broken uniqueness. Any other error is thrown as it came. */
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
