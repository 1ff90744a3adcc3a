import { linesAsJson } from "./execution-row.js";

/** Lines that the statement itself changes: where they are, and the array of their indices. */
interface ChangedLines {
  readonly changed: string;
  readonly indices: string;
}

/**
 * SQL that gives, beside a row of `moved`, the lines of its execution, whose id `executionId` gives, as they are at the
 * version that the statement made.
 *
 * Lines come from the statement's snapshot. Where it waited for another change of the same execution they may be older
 * than that change: then the version in the snapshot is not the one before this change. Rows that are locked are read
 * as they are, not as the snapshot has them, and whoever changes lines locks their execution first, which `moved` has
 * done. A second statement would not do: it may see what came after this change as well.
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
