import { isEnd } from "../../../guards/limits/hold.js";
import type { CommitResult, ExecutionChange } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";
import { acceptedPrices, acceptedResult, type HoldParts } from "./accepted-prices.js";
import { approval, approversParameter } from "./approval.js";
import { movedResult, refusalOf } from "./commit-result.js";
import { changingTokens, NO_TOKEN, type TokenParts, tokenParameters } from "./decision-tokens.js";
import { encodeEvent } from "./encode-event.js";
import { encodeLineChanges } from "./encode-line.js";
import { linesAsJson } from "./execution-row.js";
import { heldIds } from "./held-ids.js";
import { countedHolds, ENDED, freedHolds, settledHold } from "./holds.js";
import { storableTextOrNull } from "./json-text.js";
import { linesOfMoved } from "./lines-of-moved.js";
import { timeGuards, timeParameters } from "./time-guards.js";
import { timestamp } from "./timestamp.js";
import { wakeParameters } from "./wake-parameters.js";

/**
 * Makes any guarded change of an execution, its lines and its lease, with its event, in one statement.
 *
 * Leases are judged by `clock_timestamp()`, which goes on while the statement waits for a lock. The written times are
 * those of the statement's arrival, but never earlier than the change before. A change that names a line which the
 * execution does not have is refused as a whole.
 *
 * Ids that a line's commitment no longer names are freed before others are claimed, so that an id may go from one line to
 * another in one change.
 *
 * What a line holds of limits is settled from the line as the statement leaves it, in the row that is locked anyway. Changes
 * that cannot settle a hold run without those parts. Changes without a token run without the parts about tokens.
 *
 * A write-ahead judges the freezes in a row that it locks. So a freeze that was acknowledged holds against every later
 * write-ahead, also against one that has waited since before. Without that row nothing is sent. The execution is locked
 * before that row, so that a write-ahead which waits for its execution keeps nobody from freezing.
 *
 * A write-ahead inside a caller's open transaction is refused with `STORE_IN_TRANSACTION`. Such a transaction is
 * recognised by the id that it got when it wrote the claim. The statement reads that id before it writes, and keeps the
 * answer. The conditions below are judged again after a wait, and by then the statement has an id of its own.
 */
export function commitChange({ schema, statement }: Database): (change: ExecutionChange) => Promise<CommitResult> {
  const all = linesOfMoved(schema, "$1", { changed: "patched", indices: "$16" });
  const allAfterEnd = linesOfMoved(schema, "$1", {
    changed: "changed",
    indices: "array(select line_index from changed)",
  });
  const named = linesAsJson("select patched from patched");
  const plain = {
    all: statement("commit_change", changing(schema, all, NO_HOLDS)),
    named: statement("commit_named_lines", changing(schema, named, NO_HOLDS)),
  };
  const settling = {
    all: statement("commit_change_of_holds", changing(schema, allAfterEnd, holdsOf(schema))),
    named: statement("commit_named_lines_of_holds", changing(schema, named, holdsOf(schema))),
  };
  const withToken = statement(
    "commit_with_token",
    changing(schema, allAfterEnd, holdsOf(schema), changingTokens(schema)),
  );
  const accepting = {
    all: statement("accept_prices", changing(schema, all, acceptedPrices(schema))),
    named: statement("accept_prices_named_lines", changing(schema, named, acceptedPrices(schema))),
  };
  return async (change) => {
    if (change.lines?.some(({ acceptsPrice }) => acceptsPrice === true)) {
      const accept = accepting[change.answer === "named_lines" ? "named" : "all"];
      return accept(parametersOf(change)).then(acceptedResult, refusalOf);
    }
    const run = (maySettle(change) ? settling : plain)[change.answer === "named_lines" ? "named" : "all"];
    const parameters = parametersOf(change);
    return (change.token ? withToken([...parameters, ...tokenParameters(change)]) : run(parameters)).then(
      movedResult,
      refusalOf,
    );
  };
}

/** Whether a change may move what a line holds of limits. A write-ahead does not. */
const maySettle = (change: ExecutionChange): boolean =>
  (change.lines !== undefined && !isWriteAhead(change)) || isEnd(change.status);

const NO_HOLDS: HoldParts = { judged: "", fits: "", set: "", after: "", data: "$22::text::jsonb", refusals: "" };

const holdsOf = (schema: string): HoldParts => ({
  ...NO_HOLDS,
  set: `hold = ${settledHold({ hold: "l.hold", state: "p.state", ended: `moved.status in ${ENDED}`, prepared: "p.prepared" })},`,
  after: `${freedHolds(schema, `select id, version from moved where status in ${ENDED}`, "and l.line_index <> all ($16)")},
     changed as (
       select * from patched union all select * from freed
     ), ${countedHolds(schema, "select hold from changed where hold is not null")},
     overrun as (
       select jsonb_agg(jsonb_build_object(
                'lineIndex', p.line_index,
                'limits', (select jsonb_agg(c.name order by c.name)
                             from jsonb_to_recordset(p.hold -> 'counters') as c (name text)),
                'currency', p.hold -> 'currency',
                'held', trim_scale((p.hold ->> 'amount')::numeric)::text,
                'used', trim_scale((p.hold ->> 'used')::numeric)::text,
                'overrun', trim_scale((p.hold ->> 'overrun')::numeric)::text) order by p.line_index) as overruns
         from patched p
        where (p.hold #>> '{change,overrun}')::numeric > 0
     ),`,
  data: `(select case when overruns is null then $22::text::jsonb
                    else coalesce($22::text::jsonb, '{}') || jsonb_build_object('overruns', overruns) end
                from overrun)`,
});

const changing = (
  schema: string,
  lines: string,
  holds: HoldParts,
  token: TokenParts = NO_TOKEN,
): string => `with ${token.judged}enclosing as materialized (
       select $24::boolean and pg_current_xact_id_if_assigned() is not null as open
     ), owned as materialized (
       select from ${schema}.executions where $24::boolean and not (select open from enclosing) and id = $1 for update
     ), gate as materialized (
       select content
         from ${schema}.guards
        where $24::boolean and key = 'freezes' and (select count(*) from owned) >= 0
          for share
     ), frozen as materialized (
       select f.id, f.scope, f."frozenBy", f.reason, f."frozenAt"
         from gate
        cross join jsonb_to_recordset(gate.content) as f (
              id text, scope jsonb, "frozenBy" text, reason text, "frozenAt" float8)
         join ${schema}.lines l on l.execution_id = $1 and l.line_index = any ($16)
          and coalesce(f.scope ->> 'cloud', l.cloud) = l.cloud
          and coalesce(f.scope ->> 'service', l.service) = l.service
          and coalesce(f.scope ->> 'account', l.account) = l.account
        limit 1
     )${holds.judged}, moved as (
       update ${schema}.executions e
          set status = coalesce($6, e.status),
              version = e.version + 1,
              fence = e.fence + case when $7 = 'take' then 1 else 0 end,
              lease_owner = case $7::text when 'take' then $8 when 'release' then null else e.lease_owner end,
              lease_expires_at = case
                when $7 = 'take' or ($7 = 'renew' and e.lease_owner is not null)
                  then greatest(e.updated_at, clock.now) + $9::float8 * interval '1 millisecond'
                when $7 = 'release' then null
                else e.lease_expires_at end,
              updated_at = greatest(e.updated_at, clock.now),
              status_changed_at =
                case when $6 <> e.status then greatest(e.updated_at, clock.now) else e.status_changed_at end,
              last_active_at =
                case when $6 <> e.status or $7 in ('take', 'renew')
                  then greatest(e.updated_at, clock.now) else e.last_active_at end,
              ${approval({ by: "$10", from: "$27", approvers: "$28" })},
              reason = case when $11::boolean then $12 else e.reason end,
              wake_at = case $13::text
                when 'at' then $14::text::timestamptz
                when 'in' then greatest(e.updated_at, clock.now) + $15::float8 * interval '1 millisecond'
                else e.wake_at end
         from (select date_trunc('milliseconds', statement_timestamp()) as now) as clock
        where e.id = $1
          and not (select open from enclosing)
          and (not $24::boolean or exists (select from gate))
          and not exists (select from frozen)
          ${holds.fits}
          and not (e.status in ('pending', 'notified') and coalesce($6, '') in ('approved', 'scheduled'))
          and not (e.status = 'scheduled' and coalesce($6, '') = 'approved' and $10::text is not null)
          and ($2::text[] is null or e.status = any ($2))
          and ($3::bigint is null or e.version = $3)
          and ($4::bigint is null
            or (e.fence = $4 and e.status = 'running' and e.lease_expires_at > clock_timestamp()))
          and (not $5::boolean or e.lease_expires_at is null or e.lease_expires_at <= clock_timestamp())
          and (not $23::boolean or e.expires_at is null or e.expires_at > clock_timestamp())
          and ${timeGuards({ after: "$25", before: "$26" })}
          ${token.fits}
          and cardinality($16::integer[]) = (
            select count(*) from ${schema}.lines l where l.execution_id = $1 and l.line_index = any ($16))
       returning e.id, e.version, e.updated_at, e.status, row_to_json(e)::text as execution
     ), patched as (
       update ${schema}.lines l
          set state = p.state,
              attempt = p.attempt,
              submitted_at = case when p.stamp then moved.updated_at else p.submitted_at end,
              unproved_since =
                case when p.stamp then coalesce(p.unproved_since, moved.updated_at) else p.unproved_since end,
              unproved_requests = p.unproved_requests,
              sent_under = p.sent_under,
              prepared = p.prepared,
              commitment = p.commitment,
              needs_label = p.needs_label,
              rejection = p.rejection,
              doubt = p.doubt,
              last_error = p.last_error,
              withdrawn = p.withdrawn,
              said_absent = p.said_absent,
              price_drift = p.price_drift,
              ${holds.set}
              changed_at = moved.updated_at
         from moved, jsonb_to_recordset($17::text::jsonb) as p (
              line_index integer, stamp boolean, state text, attempt integer, submitted_at timestamptz,
              unproved_since timestamptz, unproved_requests integer, sent_under jsonb, prepared jsonb, commitment jsonb,
              needs_label boolean, rejection jsonb, doubt jsonb, last_error jsonb, withdrawn jsonb, said_absent jsonb,
              price_drift jsonb)
        where l.execution_id = moved.id and l.line_index = p.line_index
       returning l.*
     ), released as (
       delete from ${schema}.commitments c
        using patched p
        where c.execution_id = p.execution_id and c.line_index = p.line_index
          and not ${heldIds("p")} @> to_jsonb(c.commitment_id)
       returning c.commitment_id
     ), claimed as (
       insert into ${schema}.commitments (cloud, account, commitment_id, execution_id, line_index)
       select distinct p.cloud, p.account, c.id, p.execution_id, p.line_index
         from patched p, jsonb_array_elements_text(${heldIds("p")}) as c (id)
        where (select count(*) from released) >= 0 and not exists (
              select from ${schema}.commitments own
               where (own.cloud, own.account, own.commitment_id) = (p.cloud, p.account, c.id)
                 and (own.execution_id, own.line_index) = (p.execution_id, p.line_index))
     ), ${holds.after} ${token.after} logged as (
       insert into ${schema}.events (execution_id, version, at, status, kind, actor, reason, line_index, data)
       select id, version, updated_at, status, $18, $19, $20, $21::integer, ${holds.data} from moved
     )
     select execution, ${lines} as lines, null as frozen, null as refused from moved
      union all
     select null, null, null, null from enclosing where open
      union all
     select null, null, to_json(frozen)::text, null from frozen, enclosing where not open
      union all
     select null, null, null, 'token' from enclosing where not open and ${token.isRefused}
     ${holds.refusals}`;

const isWriteAhead = ({ lines = [] }: ExecutionChange): boolean => lines.some((line) => line.stampSubmission === true);

function parametersOf(change: ExecutionChange): readonly unknown[] {
  const { executionId, guard, status, approvedBy, reason, event } = change;
  return [
    executionId,
    guard.status ?? null,
    guard.version ?? null,
    guard.fence ?? null,
    guard.leaseFree ?? false,
    status ?? null,
    ...leaseParameters(change.lease),
    approvedBy ?? null,
    reason !== undefined,
    storableTextOrNull(reason),
    ...wakeParameters(change.wakeAt),
    ...lineParameters(change),
    ...encodeEvent(event),
    guard.unexpired ?? false,
    isWriteAhead(change),
    ...timeParameters(guard),
    timestamp(change.approvedFrom ?? null),
    approversParameter(change),
  ];
}

const leaseParameters = (lease: ExecutionChange["lease"]): readonly unknown[] => [
  lease?.kind ?? null,
  lease?.kind === "take" ? lease.owner : null,
  lease === undefined || lease.kind === "release" ? null : lease.durationMs,
];

function lineParameters({ guard, lines = [], token }: ExecutionChange): readonly unknown[] {
  const indices = lines.map(({ index }) => index);
  if (lines.length > 0 && guard.version === undefined) throw new TypeError("a change of lines needs guard.version");
  if (token?.kind === "revoke" && guard.version === undefined)
    throw new TypeError("a change that revokes tokens needs guard.version");
  if (token !== undefined && lines.some(({ acceptsPrice }) => acceptsPrice))
    throw new TypeError("a change that accepts prices has no token");
  if (new Set(indices).size < indices.length) throw new TypeError("a change names one line twice");
  return [indices, encodeLineChanges(lines)];
}
