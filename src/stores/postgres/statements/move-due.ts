import type { DueSweep, ExecutionStore, MovedExecution } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";
import { epochMs } from "./epoch-ms.js";
import { countedHolds, ENDED, freedHolds } from "./holds.js";
import { jsonText } from "./json-text.js";

/**
 * Moves a batch of due executions with their events, in one statement. Rows that another call has locked are passed
 * over. None is approved here, because an approval has to pass the guards. What waits for approval holds nothing of limits.
 */
export function moveDue({ schema, statement }: Database): ExecutionStore["moveDue"] {
  const run = statement(
    "move_due",
    `with picked as (
       select id, status as moved_from, $1::text::jsonb -> status as move
         from ${schema}.executions
        where due_at <= statement_timestamp() and status = any ($2::text[])
          and not (status in ('pending', 'notified') and $1::text::jsonb #>> array[status, 'to'] in ('approved', 'scheduled'))
        order by due_at, id
        limit $3
          for update skip locked
     ), moved as (
       update ${schema}.executions e
          set status = p.move ->> 'to',
              version = e.version + 1,
              updated_at = greatest(e.updated_at, clock.now),
              status_changed_at = greatest(e.updated_at, clock.now),
              last_active_at = greatest(e.updated_at, clock.now),
              wake_at = null,
              reason = p.move ->> 'reason'
         from picked p, (select date_trunc('milliseconds', statement_timestamp()) as now) as clock
        where e.id = p.id
       returning e.id, e.version, e.updated_at, e.status, e.reason, p.moved_from, p.move
     ), ${freedHolds(schema, `select id, version from moved where moved_from not in ('pending', 'notified') and status in ${ENDED}`)},
     ${countedHolds(schema, "select hold from freed where hold is not null")},
     logged as (
       insert into ${schema}.events (execution_id, version, at, status, kind, actor, reason)
       select id, version, updated_at, status, move ->> 'kind', $4, reason from moved
     )
     select id, moved_from, status, version, ${epochMs("updated_at")} as at from moved`,
  );
  return async ({ moves, actor, limit }) =>
    (await run([encodeMoves(moves), moves.map(({ from }) => from), limit, actor])).map((row) => ({
      executionId: String(row["id"]),
      from: String(row["moved_from"]) as MovedExecution["from"],
      to: String(row["status"]) as MovedExecution["to"],
      version: Number(row["version"]),
      at: Number(row["at"]),
    }));
}

/** The moves by the status that they start from. */
const encodeMoves = (moves: DueSweep["moves"]): string | null =>
  jsonText(Object.fromEntries(moves.map(({ from, ...move }) => [from, move])));
