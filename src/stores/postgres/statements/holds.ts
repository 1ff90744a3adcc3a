/**
 * SQL of what lines hold of limits. A hold is the JSON of column `hold`: `state`, `amount`, `currency`, `used`, `overrun`
 * and `counters` as src/guards/limits/hold.ts says, and `change`, by how much the last change of the line moved each.
 *
 * Every statement locks executions before counters, and counters in the order of their keys.
 */

/** SQL for the statuses in which a planned line is not bought any more. */
export const ENDED = "('completed', 'partially_completed', 'failed', 'canceled', 'expired')";

/** SQL for whether a text is a decimal that `numeric` takes. */
export const isDecimal = (text: string): string => `${text} ~ '^(0|[1-9][0-9]{0,17})(\\.[0-9]{1,12})?$'`;

/** SQL for a part of a hold, and for what its line is like after the change. */
interface SettledLine {
  readonly hold: string;
  readonly state: string;
  /** Whether the execution has ended. */
  readonly ended: string;
  readonly prepared: string;
}

/** SQL for the hold of a line after a change, with the move in `change`. Null for a line that holds nothing. */
export const settledHold = ({
  hold,
  state,
  ended,
  prepared,
}: SettledLine): string => `case when ${hold} is null then null else (
                select to_jsonb(h) || jsonb_build_object('state', n.state, 'used', n.used, 'overrun', n.overrun, 'change',
                       jsonb_build_object(
                         'held', case n.state when 'held' then h.amount else 0 end
                               - case h.state when 'held' then h.amount else 0 end,
                         'used', n.used - h.used,
                         'overrun', n.overrun - h.overrun))
                  from jsonb_to_record(${hold}) as h (
                       state text, amount numeric, currency text, used numeric, overrun numeric, counters jsonb)
                 cross join lateral (select case
                         when ${state} = 'committed' then 'used'
                         when ${state} in ('submitting', 'in_doubt') then 'held'
                         when ${state} <> 'planned' or ${ended} then 'released'
                         when h.state = 'used' then 'held'
                         else h.state end as state,
                       case when ${prepared} #>> '{price,currency}' = h.currency
                             and ${isDecimal(`(${prepared} #>> '{price,amount}')`)}
                            then (${prepared} #>> '{price,amount}')::numeric else h.amount end as price) as m
                 cross join lateral (select m.state,
                       case when m.state <> 'used' then 0 when h.state = 'used' then h.used else m.price end as used,
                       case when m.state <> 'used' then 0
                            when h.state = 'used' then h.overrun
                            when h.state = 'released' then m.price
                            else greatest(m.price - h.amount, 0) end as overrun) as n) end`;

/**
 * SQL of a part `freed`: planned lines of executions that the statement ends hold nothing any more. `ended` is SQL for the
 * `id` and the new `version` of those executions, `besides` a condition for lines that the statement changes anyway.
 *
 * Lines are chosen by the statement's snapshot. If an execution has changed since, all of its lines are written, because the
 * snapshot may not have their holds yet. Rows that are written are read as they are.
 */
export const freedHolds = (schema: string, ended: string, besides = ""): string => `freed as (
       update ${schema}.lines l
          set hold = ${settledHold({ hold: "l.hold", state: "l.state", ended: "true", prepared: "l.prepared" })}
         from (select m.id, m.version - 1 = (select e.version from ${schema}.executions e where e.id = m.id) as is_seen
                 from (${ended}) as m) as ended
        where l.execution_id = ended.id ${besides}
          and (ended.is_seen is not true or (l.hold is not null and l.state = 'planned'))
       returning l.*
     )`;

/**
 * SQL of the parts that count how the holds of the rows of `changed` have moved. A counter that stays as it is is not locked.
 *
 * The counters are written as an upsert, because it also reaches rows that the statement's snapshot does not have yet. It
 * locks them in the order of their keys. A row that the upsert makes was lost, so what it would have counted is not known.
 */
export const countedHolds = (schema: string, changed: string): string => `moves as materialized (
       select c.count_key, c.period, sum((h.hold #>> '{change,used}')::numeric) as used,
              sum((h.hold #>> '{change,held}')::numeric) as held,
              sum((h.hold #>> '{change,overrun}')::numeric) as overrun
         from (${changed}) as h
        cross join jsonb_to_recordset(h.hold -> 'counters') as c (count_key text, period text)
        group by c.count_key, c.period
       having bool_or((h.hold -> 'change') <> '{"used": 0, "held": 0, "overrun": 0}')
     ), counted as (
       insert into ${schema}.limit_counters as c (count_key, period, used, held, overrun)
       select count_key, period, 'NaN', 'NaN', 'NaN' from moves order by count_key, period
           on conflict (count_key, period) do update
          set (used, held, overrun) = (
              select c.used + m.used, c.held + m.held, c.overrun + m.overrun
                from moves m
               where (m.count_key, m.period) = (c.count_key, c.period))
     )`;
