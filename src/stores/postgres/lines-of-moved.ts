import { linesAsJson } from "./execution-row.js";

/**
 * SQL that gives, beside a row of `moved`, the lines of execution $1 as they are at the version that the statement
 * made.
 *
 * Lines come from the statement's snapshot. Where it waited for another change of the same execution they may be older
 * than that change: then the version in the snapshot is not the one before this change. Rows that are locked are read
 * as they are, not as the snapshot has them, and whoever changes lines locks their execution first, which `moved` has
 * done. A second statement would not do: it may see what came after this change as well.
 *
 * Lines that the statement itself changes are taken from `changed`, because it cannot lock them; their indices are in
 * the array `indices`.
 */
export function linesOfMoved(schema: string, patch?: { readonly changed: string; readonly indices: string }): string {
  const changed = patch ? `select * from ${patch.changed} union all` : "";
  const others = patch ? `and line_index <> all (${patch.indices})` : "";
  const lines = (lock: string) =>
    linesAsJson(`
         select l
           from (${changed}
                 select * from (select * from ${schema}.lines where execution_id = $1 ${others} ${lock}) kept) l`);
  return `case (select e.version from ${schema}.executions e where e.id = $1)
              when moved.version - 1 then ${lines("")}
              else ${lines("for share")} end`;
}
