import { isDecimal } from "./holds.js";

/** The parts of an approval's statement that are about limits. */
export interface LimitParts {
  /** Judges what the approval would hold, before the execution is moved. */
  readonly judged: string;
  /** What must hold for the execution to be moved. */
  readonly fits: string;
  /** Holds it, after the execution is moved. */
  readonly held: string;
  /** Rows of the result that refuse the approval. */
  readonly refusals: string;
}

/**
 * For a schema in which no limits are stored, as far as the statement's snapshot shows. An approval that began before the
 * first limits were stored is not counted. The result `limited` says that the other statement must decide.
 *
 * An approval that knows limits, while none were ever stored, is refused without a lock. The next statement of its
 * transaction may store them, and two transactions that share the lock of the row could not.
 */
export const withoutLimits = (schema: string): LimitParts => ({
  judged: `, unlimited as materialized (
       select exists (
              select from ${schema}.guards
               where key = 'limits' and content -> 'limits' = '[]'
                 and ($20::text is null or content ->> 'fingerprint' = $20)) as is_unlimited
     ), unset as materialized (
       select from ${schema}.guards
        where key = 'limits' and content ->> 'fingerprint' is null
          and $20::text is not null and (select is_approval from asked)
     )`,
  fits: "and (select is_unlimited from unlimited)",
  held: "",
  refusals: `union all
     select 'definitions', null, null, null from unset
      union all
     select 'limited', null, null, null from unlimited where not is_unlimited`,
});

/** SQL for whether a part of the scope of `d` is not stated, or is `found`. */
const inScope = (part: string, found: string): string =>
  `coalesce(d.scope ->> '${part}' = ${found}, d.scope ->> '${part}' is null)`;

/** SQL for the period of definition `d` that the statement falls in. */
export const PERIOD = `case d.per
                when 'day' then to_char(statement_timestamp() at time zone d."timeZone", 'YYYY-MM-DD')
                when 'month' then to_char(statement_timestamp() at time zone d."timeZone", 'YYYY-MM')
                when 'year' then to_char(statement_timestamp() at time zone d."timeZone", 'YYYY')
                else (div(floor(extract(epoch from statement_timestamp()) * 1000), d.per::numeric) * d.per::numeric)::text
                end`;

/**
 * SQL for the key of a row of `guards` that is made with a counter. While that row is there, a counter that is not is lost,
 * and nobody begins to count from 0.
 */
export const counterMade = (counter: string): string =>
  `'counter ' || ${counter}.count_key || ' ' || ${counter}.period`;

/** SQL for a price in a currency plus the tolerance of line `l`, rounded up to cents. Null if it cannot be read. */
export const highestPrice = (price: string, currency: string): string => `case
                when ${price} ->> 'currency' = ${currency}
                 and ${isDecimal(`(${price} ->> 'amount')`)}
                 and coalesce(jsonb_typeof(l.request -> 'priceTolerancePercent'), 'number') = 'number'
                 and coalesce((l.request ->> 'priceTolerancePercent')::numeric, 1) >= 0
                then ceil((${price} ->> 'amount')::numeric
                       * (100 + coalesce((l.request ->> 'priceTolerancePercent')::numeric, 1))) * 0.01
                end`;

/**
 * Judges and holds what the planned lines of an approved execution may spend. Without the row of the limits nothing is
 * approved.
 *
 * The execution is locked first, then the counters in the order of their keys. Statements that settle holds lock them in
 * the same order. While counters are missing, none is locked. The definitions are locked last, and must then be those by which the counters were chosen. Otherwise the
 * statement runs again. So the definitions are never older than the judgement, and an approval that waits for a counter
 * keeps nobody from changing them.
 */
export const withLimits = (schema: string): LimitParts => ({
  judged: `, seen as materialized (
       select content from ${schema}.guards where key = 'limits'
     ), defined as materialized (
       select d.name, d."countKey" as count_key, d.scope, d.max, ${PERIOD} as period
         from seen
        cross join jsonb_to_recordset(seen.content -> 'limits') as d (
              name text, "countKey" text, scope jsonb, per text, max jsonb, "timeZone" text)
     ), counting as materialized (
       select d.name, d.count_key, d.period, d.max, l.line_index, ${highestPrice("(l.request -> 'expectedPrice')", "d.max ->> 'currency'")} as amount
         from asked a
         join ${schema}.executions e on e.id = a.id
         join ${schema}.lines l on l.execution_id = a.id and l.state = 'planned'
         join defined d on ${inScope("cloud", "l.cloud")} and ${inScope("service", "l.service")}
          and ${inScope("account", "l.account")}
          and ${inScope("createdBy", "e.created_by")} and ${inScope("source", "e.source")}
        where a.is_approval
     ), sums as materialized (
       select count_key, period, name, max, sum(amount) as amount from counting group by count_key, period, name, max
     ), owned as materialized (
       select e.version from ${schema}.executions e
        where e.id = $1 and exists (select from sums) and (select is_ready from ready)
          for update
     ), absent as materialized (
       select s.count_key, s.period
         from sums s
        where not exists (
              select from ${schema}.limit_counters c where (c.count_key, c.period) = (s.count_key, s.period))
     ), counters as materialized (
       select c.*
         from ${schema}.limit_counters c
        where (c.count_key, c.period) in (select s.count_key, s.period from sums s) and (select count(*) from owned) >= 0
          and (select is_ready from ready) and not exists (select from absent)
        order by c.count_key, c.period
          for update
     ), locked_limits as materialized (
       select g.content from ${schema}.guards g where g.key = 'limits' and (select count(*) from counters) >= 0 for share
     ), stated as materialized (
       select l.content from locked_limits l, seen where l.content = seen.content
     ), unready as materialized (
       select s.name, exists (select from ${schema}.guards g where g.key = ${counterMade("s")}) as is_lost
         from sums s left join counters c on (c.count_key, c.period) = (s.count_key, s.period)
        where case when exists (select from absent) then (s.count_key, s.period) in (select count_key, period from absent)
                   else c.count_key is null or c.used = 'NaN' end
     ), undefined as materialized (
       select content ->> 'fingerprint' as fingerprint
         from stated
        where (select is_approval from asked) and $20::text is not null
          and $20 is distinct from content ->> 'fingerprint'
     ), uncounted as materialized (
       select name, line_index from counting
        where (amount is null or name in (select name from unready where is_lost)) and exists (select from stated)
     ), exceeded as materialized (
       select s.name, s.period, s.max, c.used, c.held, s.amount
         from sums s
         join counters c on (c.count_key, c.period) = (s.count_key, s.period)
        where (c.used + c.held + s.amount <= (s.max ->> 'amount')::numeric) is not true
          and (select version from owned) = (select version from asked)
          and exists (select from stated)
     )`,
  fits: `and exists (select from stated)
          and not exists (select from unready)
          and not exists (select from undefined)
          and not exists (select from uncounted)
          and not exists (select from exceeded)`,
  held: `, counted as (
       update ${schema}.limit_counters c
          set held = c.held + s.amount
         from sums s, moved
        where (c.count_key, c.period) = (s.count_key, s.period)
     ), kept as (
       update ${schema}.lines l
          set hold = h.hold
         from moved, (
              select line_index, jsonb_build_object(
                     'state', 'held', 'amount', max(amount), 'currency', max(max ->> 'currency'), 'used', 0, 'overrun', 0,
                     'counters', jsonb_agg(jsonb_build_object(
                       'name', name, 'count_key', count_key, 'period', period) order by name)) as hold
                from counting
               group by line_index) as h
        where l.execution_id = moved.id and l.line_index = h.line_index
     )`,
  refusals: `union all
     select 'unprepared', null, null, null where exists (select from unready where not is_lost)
      union all
     select 'definitions', null, null, to_json(fingerprint)::text from undefined
      union all
     select 'amount', null, null, json_agg(uncounted)::text from uncounted having count(*) > 0
      union all
     select 'limit', null, null, json_agg(json_build_object(
            'limit', name, 'period', period, 'max', max ->> 'amount', 'currency', max ->> 'currency',
            'used', trim_scale(used)::text, 'held', trim_scale(held)::text, 'asked', trim_scale(amount)::text))::text
       from exceeded
     having count(*) > 0`,
});
