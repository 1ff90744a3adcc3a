import type { Execution, PurchaseLine } from "../../../domain/execution.js";
import { isUnsettled } from "../../../domain/line-state.js";
import { isEnd } from "../../../guards/limits/hold.js";
import type { ExecutionChange } from "../../../store-port/execution-store.js";
import type { Records } from "../../law/changes.js";
import { isApproval, type PlanRows } from "../../law/purchase-guards.js";
import type { LineHold, StoredRecord } from "../../law/stored-record.js";
import { brokenUniqueness, type HoldingMove, holdingMove, type Uniqueness } from "../../law/uniqueness.js";
import type { Connection, Row } from "../database/connection.js";
import { addEvent, removeEvents } from "./event-rows.js";
import { changingColumns, decodeExecution, newColumns } from "./execution-row.js";
import { claimCommitments, freeCommitments, isHeld } from "./held-things.js";
import { historyTerms } from "./history-terms.js";
import { changingLineColumns, decodeHold, decodeLine, fixedLineColumns, LINE_COLUMNS } from "./line-row.js";
import { insertRow, updateRow } from "./write-row.js";

const EXECUTION = "select * from buyonce_executions where id = ?";
const LINES = `select ${LINE_COLUMNS} from buyonce_lines where execution_id = ?`;

/** Finds and keeps executions in the tables. */
export function sqliteRecords(connection: Connection): Records<StoredRecord> & PlanRows {
  const broken = (move: HoldingMove): Uniqueness | undefined =>
    brokenUniqueness(move, ({ thing }) => isHeld(connection, thing));

  return {
    forChange(change) {
      const row = connection.get(EXECUTION, change.executionId);
      return row && recordOf(row, linesFor(connection, row, change));
    },
    predecessor(executionId) {
      const row = connection.get(EXECUTION, executionId);
      return row && recordOf(row, []);
    },
    withRequestKey: (requestKey) => readByRequestKey(connection, requestKey),
    *withStep(planId) {
      const rows = connection.all(
        "select * from buyonce_executions where plan_id = ? and plan_step is not null",
        planId,
      );
      for (const row of rows) yield withLines(connection, row);
    },
    placeOf(executionId) {
      const row = connection.get("select lineage_key, version from buyonce_executions where id = ?", executionId);
      return row && { lineageKey: String(row["lineage_key"]), version: Number(row["version"]) };
    },
    countOfLineage(lineageKey) {
      const row = connection.get("select count(*) as size from buyonce_executions where lineage_key = ?", lineageKey);
      return Number(row?.["size"]);
    },
    add(record, event) {
      const move = holdingMove(undefined, record.execution);
      const uniqueness = broken(move);
      if (uniqueness !== undefined) return uniqueness;
      insertExecution(connection, record);
      claimCommitments(connection, move);
      addEvent(connection, record.execution, event);
      return undefined;
    },
    save(before, next, event) {
      const move = holdingMove(before.execution, next.execution);
      const uniqueness = broken(move);
      if (uniqueness !== undefined) return uniqueness;
      const { id, version } = before.execution;
      const columns = { before: changingColumns(before), next: changingColumns(next) };
      updateRow(connection, "buyonce_executions", { ...columns, where: { id, version } });
      freeCommitments(connection, move);
      saveLines(connection, before, next);
      claimCommitments(connection, move);
      addEvent(connection, next.execution, event);
      return undefined;
    },
    remove(executionIds) {
      const executions = executionIds.flatMap((id) => readExecution(connection, id) ?? []);
      removeEvents(connection, executionIds);
      for (const execution of executions) removeParts(connection, execution);
      for (const { id } of executions) connection.run("delete from buyonce_executions where id = ?", id);
    },
  };
}

/** An execution with its lines. */
export function readExecution(connection: Connection, executionId: string): Execution | undefined {
  const row = connection.get(EXECUTION, executionId);
  return row && withLines(connection, row);
}

/** The execution that was created under a request key, with its lines. */
export function readByRequestKey(connection: Connection, requestKey: string): Execution | undefined {
  const row = connection.get("select * from buyonce_executions where request_key = ?", requestKey);
  return row && withLines(connection, row);
}

/** The execution of a row, with its lines. */
export const withLines = (connection: Connection, row: Row): Execution =>
  decodeExecution(row, connection.all(`${LINES} order by line_index`, String(row["id"])).map(decodeLine));

const recordOf = (row: Row, lines: readonly Row[]): StoredRecord => ({
  execution: decodeExecution(row, lines.map(decodeLine)),
  lastActiveAt: Number(row["last_active_at"]),
  holds: lines.flatMap((line) => decodeHold(line) ?? []),
});

/**
 * The lines that a change can be decided by, or can change. To read and write all of 500 lines would cost more than a
 * change of one.
 */
function linesFor(connection: Connection, row: Row, change: ExecutionChange): readonly Row[] {
  const { executionId, answer, status, lines = [] } = change;
  const needsAll = answer !== "named_lines" || isApproval({ status: row["status"] as Execution["status"] }, change);
  if (needsAll) return connection.all(`${LINES} order by line_index`, executionId);
  const named = JSON.stringify(lines.map(({ index }) => index));
  const isNamed = "line_index in (select value from json_each(?))";
  // What planned lines hold is released when their execution ends.
  const wanted = isEnd(status) ? `(hold is not null or ${isNamed})` : isNamed;
  return connection.all(`${LINES} and ${wanted} order by line_index`, executionId, named);
}

function insertExecution(connection: Connection, record: StoredRecord): void {
  const { execution, holds } = record;
  insertRow(connection, "buyonce_executions", newColumns(record));
  for (const line of execution.lines)
    insertRow(connection, "buyonce_lines", {
      ...fixedLineColumns(execution, line),
      ...changingLineColumns(line, holdOf(holds, line), execution.createdAt),
    });
  for (const term of historyTerms(execution))
    insertRow(connection, "buyonce_history_terms", {
      ...{ term, created_at: execution.createdAt, execution_id: execution.id },
    });
}

function saveLines(connection: Connection, before: StoredRecord, next: StoredRecord): void {
  const { id, updatedAt } = next.execution;
  const changes = next.execution.lines.flatMap((line, at) => {
    const old = before.execution.lines[at] as PurchaseLine;
    const holds = { old: holdOf(before.holds, old), now: holdOf(next.holds, line) };
    return old === line && holds.old === holds.now ? [] : [{ old, line, holds }];
  });
  // A line that gives its lane up comes first, because another one may take it in the same change.
  const inOrder = changes.toSorted((a, b) => Number(isUnsettled(a.line.state)) - Number(isUnsettled(b.line.state)));
  for (const { old, line, holds } of inOrder)
    updateRow(connection, "buyonce_lines", {
      // No time is as old, so that the times are always written.
      before: changingLineColumns(old, holds.old, -1),
      next: changingLineColumns(line, holds.now, updatedAt),
      where: { execution_id: id, line_index: line.index },
    });
}

const holdOf = (holds: readonly LineHold[], { index }: PurchaseLine): LineHold | undefined =>
  holds.find(({ lineIndex }) => lineIndex === index);

function removeParts(connection: Connection, execution: Execution): void {
  const { id, createdAt } = execution;
  for (const term of historyTerms(execution))
    connection.run(
      "delete from buyonce_history_terms where term = ? and created_at = ? and execution_id = ?",
      term,
      createdAt,
      id,
    );
  for (const table of ["decision_tokens", "commitments", "lines"])
    connection.run(`delete from buyonce_${table} where execution_id = ?`, id);
}
