import type { ExecutionStore } from "../../store-port/execution-store.js";
import { checkClient } from "./client/check-client.js";
import type { SqlClient } from "./client/sql-client.js";
import { checkStoreOptions, database, type PostgresStoreOptions } from "./database.js";
import { approveExecution, mayApprove } from "./statements/approve-execution.js";
import { claimDue } from "./statements/claim-due.js";
import { commitChange } from "./statements/commit-change.js";
import { commitmentClaims } from "./statements/commitment-claims.js";
import { createExecution } from "./statements/create-execution.js";
import { readDecisionToken } from "./statements/decision-tokens.js";
import { doubtfulLines } from "./statements/doubtful-lines.js";
import { executionEvents } from "./statements/execution-events.js";
import { executionHistory } from "./statements/execution-history.js";
import { moveFeedCursor, readFeedCursor } from "./statements/feed-cursors.js";
import { findByRequestKey } from "./statements/find-by-request-key.js";
import { activeFreezes, freezeScope, liftedFreezes, unfreezeScope } from "./statements/freezes.js";
import { getExecution } from "./statements/get-execution.js";
import { laneHolder } from "./statements/lane-holder.js";
import { laneWaiters } from "./statements/lane-waiters.js";
import { changeLimits, limitChanges, limitsInForce } from "./statements/limits.js";
import { moveDue } from "./statements/move-due.js";
import { isPlainTransition, moveStatus } from "./statements/move-status.js";
import { needUses } from "./statements/need-uses.js";
import { neededLines } from "./statements/needed-lines.js";
import { readFeed } from "./statements/read-feed.js";
import { reapStuck } from "./statements/reap-stuck.js";
import { removeExecutions } from "./statements/remove-executions.js";
import { stuckExecutions } from "./statements/stuck-executions.js";
import { unlabeledLines } from "./statements/unlabeled-lines.js";

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
  const approve = approveExecution(schema);
  const move = moveStatus(schema);
  const change = commitChange(schema);
  return {
    create: createExecution(schema),
    get: getExecution(schema),
    withRequestKey: findByRequestKey(schema),
    commit: (wanted) =>
      mayApprove(wanted) ? approve(wanted) : isPlainTransition(wanted) ? move(wanted) : change(wanted),
    moveDue: moveDue(schema),
    claimDue: claimDue(schema),
    stuck: stuckExecutions(schema),
    reap: reapStuck(schema),
    unlabeled: unlabeledLines(schema),
    claims: commitmentClaims(schema),
    laneHolder: laneHolder(schema),
    laneWaiters: laneWaiters(schema),
    needs: needUses(schema),
    neededLines: neededLines(schema),
    doubts: doubtfulLines(schema),
    freeze: freezeScope(schema),
    unfreeze: unfreezeScope(schema),
    freezes: activeFreezes(schema),
    liftedFreezes: liftedFreezes(schema),
    changeLimits: changeLimits(schema),
    limits: limitsInForce(schema),
    limitChanges: limitChanges(schema),
    decisionToken: readDecisionToken(schema),
    events: executionEvents(schema),
    feed: readFeed(schema),
    feedCursor: readFeedCursor(schema),
    moveFeedCursor: moveFeedCursor(schema),
    history: executionHistory(schema),
    remove: removeExecutions(schema),
  };
}
