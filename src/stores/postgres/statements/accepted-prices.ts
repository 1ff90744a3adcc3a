import type { CommitResult } from "../../../store-port/execution-store.js";
import type { SqlRow } from "../client/sql-client.js";
import { highestPrice } from "./approval-limits.js";
import { movedResult } from "./commit-result.js";
import { decodeExceeded, decodeUncounted } from "./decode-refusals.js";
import { countedHolds } from "./holds.js";

/** The parts of a change's statement that are about what lines hold of limits. */
export interface HoldParts {
  /** Judges what the change would hold, before the execution is changed. */
  readonly judged: string;
  /** What must hold for the execution to be changed. */
  readonly fits: string;
  /** Sets the hold of a line of `patched`. */
  readonly set: string;
  /** Frees planned lines of an execution that ends, and counts all moves. */
  readonly after: string;
  /** The data of the event. */
  readonly data: string;
  /** Rows of the result that refuse the change. */
  readonly refusals: string;
}

/**
 * Holds the prices that a change accepts: the difference to what its lines hold already, in the same periods.
 *
 * Rows are locked in the order of every approval: the execution, the counters by their keys, the limits. So a change that
 * waits for a counter keeps nobody from changing the limits. What the lines hold is judged by the snapshot, which has the
 * version that the change is guarded by.
 */
export const acceptedPrices = (schema: string): HoldParts => ({
  judged: `, seen as materialized (
       select e.version from ${schema}.executions e where e.id = $1
     ), accepted as materialized (
       select l.line_index, l.hold, (l.hold ->> 'amount')::numeric as held,
              ${highestPrice("(p.price_drift -> 'found')", "l.hold ->> 'currency'")} as amount
         from jsonb_to_recordset($17::text::jsonb) as p (line_index integer, accepts boolean, price_drift jsonb)
         join ${schema}.lines l on l.execution_id = $1 and l.line_index = p.line_index
        where p.accepts and l.hold ->> 'state' = 'held'
     ), raised as materialized (
       select line_index, hold, greatest(held, amount) as amount, greatest(amount - held, 0) as extra
         from accepted where amount is not null
     ), sums as materialized (
       select c.count_key, c.period, sum(r.extra) as amount
         from raised r
        cross join jsonb_to_recordset(r.hold -> 'counters') as c (count_key text, period text)
        where r.extra > 0
        group by c.count_key, c.period
     ), raising as materialized (
       select e.version from ${schema}.executions e where e.id = $1 and exists (select from sums) for update
     ), counters as materialized (
       select c.*
         from ${schema}.limit_counters c
        where (c.count_key, c.period) in (select s.count_key, s.period from sums s) and (select count(*) from raising) >= 0
        order by c.count_key, c.period
          for update
     ), stated as materialized (
       select g.content from ${schema}.guards g where g.key = 'limits' and (select count(*) from counters) >= 0 for share
     ), defined as materialized (
       select d.name, d."countKey" as count_key, d.max
         from stated
        cross join jsonb_to_recordset(stated.content -> 'limits') as d (name text, "countKey" text, max jsonb)
     ), lost as materialized (
       select s.count_key, s.period
         from sums s left join counters c on (c.count_key, c.period) = (s.count_key, s.period)
        where c.count_key is null
     ), uncounted as materialized (
       select c.name, a.line_index
         from accepted a
        cross join jsonb_to_recordset(a.hold -> 'counters') as c (name text, count_key text, period text)
        where a.amount is null or (c.count_key, c.period) in (select count_key, period from lost)
     ), exceeded as materialized (
       select d.name, s.period, d.max, c.used, c.held, s.amount
         from sums s
         join defined d on d.count_key = s.count_key
         join counters c on (c.count_key, c.period) = (s.count_key, s.period)
        where (c.used + c.held + s.amount <= (d.max ->> 'amount')::numeric) is not true
          and (select version from raising) = $3
     )`,
  fits: `and (select version from seen) = $3
          and exists (select from stated)
          and not exists (select from uncounted)
          and not exists (select from exceeded)`,
  set: `hold = case when l.hold is null then null else l.hold || (
                select jsonb_build_object('amount', coalesce(max(r.amount), (l.hold ->> 'amount')::numeric),
                         'change', jsonb_build_object('used', 0, 'overrun', 0, 'held', coalesce(max(r.extra), 0)))
                  from raised r where r.line_index = l.line_index) end,`,
  after: `${countedHolds(schema, "select hold from patched where hold is not null")},`,
  data: "$22::text::jsonb",
  refusals: `union all
     select null, json_build_object('uncounted', json_agg(uncounted))::text, null, null
       from uncounted, seen where version = $3 having count(*) > 0
      union all
     select null, json_build_object('exceeded', json_agg(json_build_object(
            'limit', name, 'period', period, 'max', max ->> 'amount', 'currency', max ->> 'currency',
            'used', trim_scale(used)::text, 'held', trim_scale(held)::text, 'asked', trim_scale(amount)::text)))::text, null, null
       from exceeded, seen where version = $3
     having count(*) > 0`,
});

/** The result that the row of such a statement stands for. A row without an execution has a refusal in its lines. */
export function acceptedResult(rows: readonly SqlRow[]): CommitResult {
  const [row] = rows;
  if (row === undefined || row["execution"] !== null || row["lines"] === null) return movedResult(rows);
  const { uncounted, exceeded } = JSON.parse(String(row["lines"])) as { uncounted?: unknown; exceeded?: unknown };
  return uncounted === undefined
    ? { kind: "refused", because: "limit", exceeded: decodeExceeded(JSON.stringify(exceeded)) }
    : { kind: "refused", because: "amount", uncounted: decodeUncounted(JSON.stringify(uncounted)) };
}
