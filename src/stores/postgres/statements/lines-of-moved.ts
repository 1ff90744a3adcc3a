import { linesAsJson } from "./execution-row.js";

/**
 * Lines that the statement itself changes: the part of the statement that holds them, and the array of their indices.
 */
interface ChangedLines {
  readonly changed: string;
  readonly indices: string;
}

/**
 * SQL that gives the lines of a row of `moved`, as they are at the version that the statement made. `executionId` is
 * SQL for the id of that execution.
 *
 * Lines come from the statement's snapshot. If the statement waited for another change of the same execution, they may
 * be older than that change. Then the version in the snapshot is not the one before this change, and the lines are read
 * with a lock. Locked rows are read as they are, not as the snapshot has them. No other change can come in between,
 * because every change of lines locks its execution first, which `moved` has done. A second statement would not be
 * enough, because it may also see later changes.
 *
 * Lines that the statement itself changes are taken from `changed`, because it cannot lock them.
 */
export function linesOfMoved(schema: string, executionId: string, patch?: ChangedLines): string {
  const changed = patch ? `select * from ${patch.changed} union all` : "";
  const others = patch ? `and line_index <> all (${patch.indices})` : "";
  const lines = (lock: string) =>
    linesAsJson(`
         select l
           from (${changed}
                 select * from (
                 select * from ${schema}.lines where execution_id = ${executionId} ${others} ${lock}) kept) l`);
  return `case (select e.version from ${schema}.executions e where e.id = ${executionId})
              when moved.version - 1 then ${lines("")}
              else ${lines("for share")} end`;
}
