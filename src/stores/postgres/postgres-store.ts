import type { ExecutionStore } from "../../store-port/execution-store.js";
import { checkClient } from "./check-client.js";
import { claimDue } from "./claim-due.js";
import { commitChange } from "./commit-change.js";
import { commitmentClaims } from "./commitment-claims.js";
import { createExecution } from "./create-execution.js";
import { checkStoreOptions, database, type PostgresStoreOptions } from "./database.js";
import { dueExecutions } from "./due-executions.js";
import { executionEvents } from "./execution-events.js";
import { executionHistory } from "./execution-history.js";
import { getExecution } from "./get-execution.js";
import { laneHolder } from "./lane-holder.js";
import { moveDue } from "./move-due.js";
import { isPlainTransition, moveStatus } from "./move-status.js";
import { reapStuck } from "./reap-stuck.js";
import { removeExecutions } from "./remove-executions.js";
import type { SqlClient } from "./sql-client.js";
import { stuckExecutions } from "./stuck-executions.js";
import { unlabeledLines } from "./unlabeled-lines.js";

/**
 * A store in a PostgreSQL database (15 or later) whose schema `migrate` has prepared.
 *
 * Any number of processes and machines may use one schema. The server must not run with `synchronous_commit = off` or
 * `fsync = off`: a crash could then forget a write-ahead whose purchase was already sent. `INVALID_SCHEMA` is thrown
 * by the first call if this version may not work on the schema, or if a unique index of it is gone.
 */
export function postgresStore(sql: SqlClient, options: PostgresStoreOptions = {}): ExecutionStore {
  checkClient(sql);
  checkStoreOptions(options);
  const schema = database(sql, options);
  const move = moveStatus(schema);
  const change = commitChange(schema);
  return {
    create: createExecution(schema),
    get: getExecution(schema),
    commit: (wanted) => (isPlainTransition(wanted) ? move(wanted) : change(wanted)),
    due: dueExecutions(schema),
    moveDue: moveDue(schema),
    claimDue: claimDue(schema),
    stuck: stuckExecutions(schema),
    reap: reapStuck(schema),
    unlabeled: unlabeledLines(schema),
    claims: commitmentClaims(schema),
    laneHolder: laneHolder(schema),
    events: executionEvents(schema),
    history: executionHistory(schema),
    remove: removeExecutions(schema),
  };
}
