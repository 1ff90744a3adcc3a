import type { CommitResult, ExecutionChange } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";
import { approval, approversAfter, approversParameter } from "./approval.js";
import { counterMade, type LimitParts, PERIOD, withLimits, withoutLimits } from "./approval-limits.js";
import { movedResult, refusalOf } from "./commit-result.js";
import { approvingByToken, NO_TOKEN, type TokenParts } from "./decision-tokens.js";
import {
  decodeApprovals,
  decodeCoverings,
  decodeExceeded,
  decodeFingerprint,
  decodeTakenStep,
  decodeUncounted,
} from "./decode-refusals.js";
import { encodeEvent } from "./encode-event.js";
import { epochMs } from "./epoch-ms.js";
import { linesOf } from "./execution-row.js";
import { storableTextOrNull } from "./json-text.js";
import { timeGuards, timeParameters } from "./time-guards.js";
import { timestamp } from "./timestamp.js";
import { wakeParameters } from "./wake-parameters.js";

/** Whether a change may approve an execution, and then has to pass the guards of an approval. */
export const mayApprove = ({ status, guard, lease, lines, token }: ExecutionChange): boolean =>
  (status === "approved" || status === "scheduled") &&
  (token === undefined || token.kind === "use") &&
  lease === undefined &&
  lines === undefined &&
  guard.fence === undefined &&
  guard.leaseFree === undefined;

/** How often an approval looks again at an execution that others change at the same time. */
const MOST_LOOKS = 5;

/**
 * Moves an execution to `approved` or `scheduled`. If nobody has approved it before, takes the needs of its lines and its
 * step of a plan, in the same statement.
 *
 * The rows of the needs and of the plan are locked in their order before the execution is. While rows are missing, nothing is
 * locked, because in a caller's transaction those that are made next would be locked last. What other lines cover is judged by the
 * statement's snapshot. What was approved after that snapshot stands in the locked rows, whose content is never old.
 * An execution that was approved longer ago than a day is in every snapshot. So entries older than that are dropped.
 *
 * What its lines may spend is held in the same statement, see {@link withLimits}. The parts for it are left out until limits
 * are stored.
 *
 * A decision token is locked and judged before all of that, and used in the same statement, see {@link approvingByToken}. Such
 * approvals are rare, so they always run with the parts for limits.
 *
 * The execution is moved only as the snapshot has it. If others changed it in between, the statement runs again.
 */
export function approveExecution({ schema, statement }: Database): (change: ExecutionChange) => Promise<CommitResult> {
  const runWithout = statement("approve", approving(schema, withoutLimits(schema)));
  const runWith = statement("approve_within_limits", approving(schema, withLimits(schema)));
  const runByToken = statement("approve_by_token", approving(schema, withLimits(schema), approvingByToken(schema)));
  let runPlain = runWithout;
  const prepareCounters = statement(
    "prepare_counters",
    `with wanted as (
       select d."countKey" as count_key, ${PERIOD} as period
         from ${schema}.guards g
        cross join jsonb_to_recordset(g.content -> 'limits') as d ("countKey" text, per text, "timeZone" text)
        where g.key = 'limits'
     ), made as (
       insert into ${schema}.guards (key, content)
       select ${counterMade("w")}, '[]'::jsonb from wanted w order by 1
           on conflict (key) do nothing
       returning key
     )
     insert into ${schema}.limit_counters (count_key, period, used, held, overrun)
     select w.count_key, w.period, 0, 0, 0
       from wanted w
      where ${counterMade("w")} in (select key from made)
      order by 1, 2
         on conflict (count_key, period) do nothing`,
  );
  const prepare = statement(
    "take_needs",
    `insert into ${schema}.guards (key, content)
     select key, '[]'::jsonb
       from (select 'need ' || need_key as key from ${schema}.lines where execution_id = $1 and need_key is not null
              union
             select 'plan ' || plan_id from ${schema}.executions where id = $1 and plan_step is not null) as keys
      order by key
         on conflict (key) do nothing`,
  );
  return async (change) => {
    const parameters = parametersOf(change);
    try {
      for (let look = 0; look < MOST_LOOKS; look += 1) {
        const run = change.token === undefined ? runPlain : runByToken;
        const [row] = await run(parameters);
        switch (row?.["result"]) {
          case "moved":
            return movedResult([row]);
          case "approvals":
            return { kind: "refused", because: "approvals", ...decodeApprovals(row["found"]) };
          case "plan":
            return { kind: "refused", because: "plan", taken: decodeTakenStep(row["found"]) };
          case "covered":
            return { kind: "refused", because: "need", covered: decodeCoverings(row["found"]) };
          case "token":
            return { kind: "refused", because: "token" };
          case "refused":
            return { kind: "refused", because: "guard" };
          case "definitions":
            return { kind: "refused", because: "definitions", fingerprint: decodeFingerprint(row["found"]) };
          case "amount":
            return { kind: "refused", because: "amount", uncounted: decodeUncounted(row["found"]) };
          case "limit":
            return { kind: "refused", because: "limit", exceeded: decodeExceeded(row["found"]) };
          case "limited":
            runPlain = runWith;
            break;
          case "unprepared":
            await prepare([change.executionId]);
            if (run !== runWithout) await prepareCounters([]);
        }
      }
      return { kind: "refused", because: "guard" };
    } catch (error) {
      return refusalOf(error);
    }
  };
}

/** For how long an approval stands in the rows of its needs. No statement's snapshot is that old. */
const REMEMBERED_MS = 86_400_000;

/** SQL for the executions of other lineages that have a step of the plan of `a`. */
const stepsOf = (schema: string, which: string): string => `
         select o.id as execution_id, o.plan_step
           from ${schema}.executions o
          where o.plan_id = a.plan_id and o.plan_step is not null and a.plan_step is not null and a.is_approval
            and o.lineage_key <> a.lineage_key
            and (o.status in ('scheduled', 'approved', 'running', 'in_doubt') or exists (
                select from ${schema}.lines l
                 where l.execution_id = o.id and l.state in ('submitting', 'in_doubt', 'committed')))
            and ${which}`;

const approving = (
  schema: string,
  limits: LimitParts,
  token: TokenParts = NO_TOKEN,
): string => `with ${token.judged}asked as materialized (
       select e.id, e.version, e.lineage_key, e.plan_id, e.plan_step, e.plan_skip,
              e.status in ('pending', 'notified') as is_approval,
              e.status in ('pending', 'notified') or (e.status = 'scheduled' and $5::text is not null) as is_decision,
              jsonb_array_length(${approversAfter("$21")}) as have,
              greatest(e.approvals_needed, $22::integer) as needed
         from ${schema}.executions e
        where e.id = $1
          and ($2::text[] is null or e.status = any ($2))
          and ($3::bigint is null or e.version = $3)
          and (not $13::boolean or e.expires_at is null or e.expires_at > clock_timestamp())
          and ${timeGuards({ after: "$14", before: "$15" })}
     ), short as materialized (
       select have, needed from asked where is_decision and needed > 1 and have < needed
     ), wanted as materialized (
       select l.line_index, l.need_key, a.lineage_key, l.need ->> 'allowOverlap' is null as is_exclusive,
              (l.need ->> 'windowMs')::float8 * interval '1 millisecond' as bought_within
         from asked a
         join ${schema}.lines l on l.execution_id = a.id
        where a.is_approval and l.need_key is not null and l.state = 'planned'
     ), keys as materialized (
       select 'need ' || need_key as key from wanted
        union
       select 'plan ' || plan_id from asked where is_approval and plan_step is not null
     ), known as materialized (
       select (select count(*) from ${schema}.guards where key in (select key from keys))
            = (select count(*) from keys) as is_complete
     ), locked as materialized (
       select g.key, g.content
         from ${schema}.guards g
        where g.key in (select key from keys) and (select is_complete from known) ${token.first}
        order by g.key
          for update
     ), recent as materialized (
       select k.key, h.*
         from locked k
        cross join jsonb_to_recordset(k.content) as h (
              execution_id text, lineage_key text, plan_step integer, at_ms float8)
         left join ${schema}.executions o on o.id = h.execution_id
        where h.at_ms > ${epochMs("statement_timestamp()")} - ${REMEMBERED_MS}
          and (o.id is null or o.status in ('pending', 'notified', 'paused'))
     ), ready as materialized (
       select (select count(*) from locked) = (select count(*) from keys) as is_ready
     ), covered as materialized (
       select w.line_index, o.id as execution_id, o.status,
              case l.state when 'committed' then coalesce(l.submitted_at, l.changed_at) + w.bought_within end as until
         from wanted w
         join ${schema}.lines l on l.need_key = w.need_key
          and (l.state in ('planned', 'submitting', 'in_doubt')
            or (l.state = 'committed' and l.changed_at > statement_timestamp() - w.bought_within))
         join ${schema}.executions o on o.id = l.execution_id
        where w.is_exclusive and o.lineage_key <> w.lineage_key
          and case l.state
                when 'planned' then o.status in ('scheduled', 'approved', 'running', 'in_doubt')
                when 'committed' then coalesce(l.submitted_at, l.changed_at) > statement_timestamp() - w.bought_within
                else true end
        union
       select w.line_index, r.execution_id, 'approved', null
         from wanted w
         join recent r on r.key = 'need ' || w.need_key
        where w.is_exclusive and r.lineage_key <> w.lineage_key
     ), steps as materialized (
       select same.* from asked a cross join lateral (${stepsOf(schema, "o.plan_step = a.plan_step limit 1")}) as same
        union
       select last.* from asked a cross join lateral (${stepsOf(schema, "true order by o.plan_step desc limit 1")}) as last
        union
       select r.execution_id, r.plan_step
         from asked a
         join recent r on r.key = 'plan ' || a.plan_id
        where r.lineage_key <> a.lineage_key
     ), latest as materialized (
       select * from steps order by plan_step desc limit 1
     ), planned as materialized (
       select * from (
         select 1 as rank, 'taken' as why, s.execution_id, s.plan_step from steps s, asked a where s.plan_step = a.plan_step
          union all
         select 2, 'back', l.execution_id, l.plan_step from latest l, asked a where l.plan_step > a.plan_step
          union all
         select 3, 'skipped', l.execution_id, l.plan_step from latest l, asked a
          where l.plan_step + 1 < a.plan_step and a.plan_skip is null) as against
        order by rank
        limit 1
     )${limits.judged}, moved as (
       update ${schema}.executions e
          set status = $4,
              version = e.version + 1,
              updated_at = greatest(e.updated_at, clock.now),
              status_changed_at =
                case when $4 <> e.status then greatest(e.updated_at, clock.now) else e.status_changed_at end,
              last_active_at =
                case when $4 <> e.status then greatest(e.updated_at, clock.now) else e.last_active_at end,
              ${approval({ by: "$5", from: "$16", approvers: "$21" })},
              reason = case when $6::boolean then $7 else e.reason end,
              wake_at = case $17::text
                when 'at' then $18::text::timestamptz
                when 'in' then greatest(e.updated_at, clock.now) + $19::float8 * interval '1 millisecond'
                else e.wake_at end
         from (select date_trunc('milliseconds', statement_timestamp()) as now) as clock
        where e.id = $1
          and not exists (select from short)
          and (select is_ready from ready)
          and not exists (select from covered)
          and not exists (select from planned)
          ${limits.fits}
          ${token.fits}
          and e.version = (select version from asked)
          and (not $13::boolean or e.expires_at is null or e.expires_at > clock_timestamp())
          and ${timeGuards({ after: "$14", before: "$15" })}
       returning e.id, e.version, e.updated_at, e.status, row_to_json(e)::text as execution
     ), noted as (
       update ${schema}.guards g
          set content = jsonb_path_query_array(locked.content, '$[*] ? (@.at_ms > $since)',
                jsonb_build_object('since', ${epochMs("moved.updated_at")} - ${REMEMBERED_MS}))
              || jsonb_build_object(
                'execution_id', moved.id, 'lineage_key', asked.lineage_key, 'plan_step', asked.plan_step, 'at_ms', ${epochMs("moved.updated_at")})
         from locked, moved, asked
        where g.key = locked.key
     )${limits.held}${token.after}, logged as (
       insert into ${schema}.events (execution_id, version, at, status, kind, actor, reason, line_index, data)
       select id, version, updated_at, status, $8, $9, $10, $11::integer, $12::text::jsonb from moved
     )
     select 'moved' as result, execution, ${linesOf(schema, "$1")} as lines, null as found from moved
      union all
     select 'refused', null, null, null where not exists (select from asked)
      union all
     select 'token', null, null, null where ${token.isRefused}
      union all
     select 'approvals', null, null, to_json(short)::text from short
      union all
     select 'unprepared', null, null, null from ready where not is_ready
      union all
     select 'plan', null, null, to_json(planned)::text from planned, ready where is_ready
      union all
     select 'covered', null, null, json_agg(covered)::text from covered, ready where is_ready having count(*) > 0
     ${limits.refusals}`;

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
  ...wakeParameters(change.wakeAt),
  change.limits ?? null,
  approversParameter(change),
  change.approvalsNeeded ?? 1,
  ...(change.token?.kind === "use" ? [change.token.hash, change.token.verb] : []),
];
