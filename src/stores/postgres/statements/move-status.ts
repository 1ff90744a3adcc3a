import { isEnd } from "../../../guards/limits/hold.js";
import type { CommitResult, ExecutionChange } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";
import { approval, approversParameter } from "./approval.js";
import { movedResult, refusalOf } from "./commit-result.js";
import { encodeEvent } from "./encode-event.js";
import { linesOf } from "./execution-row.js";
import { countedHolds, freedHolds } from "./holds.js";
import { storableTextOrNull } from "./json-text.js";
import { linesOfMoved } from "./lines-of-moved.js";
import { timeGuards, timeParameters } from "./time-guards.js";
import { timestamp } from "./timestamp.js";

/** Whether a change is a plain transition, which does not touch the lease, the lines, tokens or `wakeAt`. */
export const isPlainTransition = ({ guard, lease, lines, token, wakeAt }: ExecutionChange): boolean =>
  lease === undefined &&
  lines === undefined &&
  token === undefined &&
  wakeAt === undefined &&
  guard.fence === undefined &&
  guard.leaseFree === undefined;

/**
 * Makes a plain transition with its event, in one statement. It does the same as `commitChange`, without the parts that
 * cost time.
 *
 * If the execution ends, its planned lines release what they hold of limits. Other moves run without that part.
 *
 * Times never run backwards within one execution, even if the statement waited for a lock. The first statement moves an
 * execution only if no other call changes it at that moment, so its lines are those of the snapshot. If the first
 * statement moves nothing, the second one decides.
 */
export function moveStatus({ schema, statement }: Database): (change: ExecutionChange) => Promise<CommitResult> {
  const onward = {
    run: statement("move_status", moving(schema, sameAsSeen(schema), linesOf(schema, "$1"))),
    runAfterWait: statement("move_status_after_wait", moving(schema, "", linesOfMoved(schema, "$1"))),
  };
  const freed = { changed: "freed", indices: "array(select line_index from freed)" };
  const toEnd = {
    run: statement("end", moving(schema, sameAsSeen(schema), linesOf(schema, "$1"), freeing(schema))),
    runAfterWait: statement("end_after_wait", moving(schema, "", linesOfMoved(schema, "$1", freed), freeing(schema))),
  };
  return async (change) => {
    const { run, runAfterWait } = isEnd(change.status) ? toEnd : onward;
    try {
      const parameters = parametersOf(change);
      const rows = await run(parameters);
      return movedResult(rows.length > 0 ? rows : await runAfterWait(parameters));
    } catch (error) {
      return refusalOf(error);
    }
  };
}

const sameAsSeen = (schema: string): string =>
  `and e.version = (select version from ${schema}.executions where id = $1)`;

/** The parts that release what planned lines hold of limits, because their execution ends. */
const freeing = (schema: string): string => `${freedHolds(schema, "select id, version from moved")},
     ${countedHolds(schema, "select hold from freed where hold is not null")},`;

const moving = (schema: string, unchanged: string, lines: string, holds = ""): string => `with moved as (
       update ${schema}.executions e
          set status = coalesce($4, e.status),
              version = e.version + 1,
              updated_at = greatest(e.updated_at, clock.now),
              status_changed_at =
                case when $4 <> e.status then greatest(e.updated_at, clock.now) else e.status_changed_at end,
              last_active_at =
                case when $4 <> e.status then greatest(e.updated_at, clock.now) else e.last_active_at end,
              ${approval({ by: "$5", from: "$16", approvers: "$17" })},
              reason = case when $6::boolean then $7 else e.reason end
         from (select date_trunc('milliseconds', statement_timestamp()) as now) as clock
        where e.id = $1 ${unchanged}
          and ($2::text[] is null or e.status = any ($2))
          and ($3::bigint is null or e.version = $3)
          and (not $13::boolean or e.expires_at is null or e.expires_at > clock_timestamp())
          and ${timeGuards({ after: "$14", before: "$15" })}
       returning e.id, e.version, e.updated_at, e.status, row_to_json(e)::text as execution
     ), ${holds} logged as (
       insert into ${schema}.events (execution_id, version, at, status, kind, actor, reason, line_index, data)
       select id, version, updated_at, status, $8, $9, $10, $11::integer, $12::text::jsonb from moved
     )
     select execution, ${lines} as lines from moved`;

const parametersOf = (change: ExecutionChange): readonly unknown[] => [
  change.executionId,
  change.guard.status ?? null,
  change.guard.version ?? null,
  change.status ?? null,
  change.approvedBy ?? null,
  change.reason !== undefined,
  storableTextOrNull(change.reason),
  ...encodeEvent(change.event),
  change.guard.unexpired ?? false,
  ...timeParameters(change.guard),
  timestamp(change.approvedFrom ?? null),
  approversParameter(change),
];
