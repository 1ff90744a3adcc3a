import { storableText } from "../../../domain/text.js";
import type { ExecutionStore, LimitSet, LimitsInForce, PastLimits } from "../../../store-port/execution-store.js";
import type { SqlRow } from "../client/sql-client.js";
import type { Database } from "../database.js";
import { counterMade, PERIOD } from "./approval-limits.js";
import { epochMs } from "./epoch-ms.js";
import { jsonText } from "./json-text.js";
import { timestamp } from "./timestamp.js";

/**
 * Stores the limits in force, with who set them, in one statement. The table `limit_changes` keeps every set.
 *
 * The set in force is the content of one row, which every approval within limits locks. So a change waits for the approvals
 * under way, and those that come later are judged by it. A time zone that the server does not know is an error, because no
 * approval could be judged.
 */
export function changeLimits({ schema, statement }: Database): ExecutionStore["changeLimits"] {
  const replace = statement(
    "replace_limits",
    `with stored as materialized (
       select content from ${schema}.guards where key = 'limits' for update
     ), written as (
       update ${schema}.guards g
          set content = $1::text::jsonb || jsonb_build_object(
              'number', coalesce((stored.content ->> 'number')::integer, 0) + 1, 'changedBy', $2::text, 'reason', $3::text,
              'changedAt', ${epochMs("clock_timestamp()")})
         from stored
        where g.key = 'limits' and stored.content ->> 'fingerprint' is not distinct from $4::text
       returning g.content
     ), kept as (
       insert into ${schema}.limit_changes (number, fingerprint, limits, changed_by, reason, changed_at)
       select (content ->> 'number')::integer, content ->> 'fingerprint', content -> 'limits', $2, $3,
              to_timestamp((content ->> 'changedAt')::float8 / 1000)
         from written
     )
     select true as is_stored from written`,
  );
  const check = statement(
    "check_limits",
    `select ${PERIOD} as period from jsonb_to_recordset($1::text::jsonb -> 'limits') as d (per text, "timeZone" text)`,
  );
  const read = statement(
    "stored_limits",
    `select content ->> 'fingerprint' as fingerprint from ${schema}.guards where key = 'limits'`,
  );
  return async ({ set, replaces, changedBy, reason }) => {
    await check([jsonText(set)]);
    if (set.fingerprint !== replaces) {
      const rows = await replace([jsonText(set), storableText(changedBy), storableText(reason), replaces]);
      if (rows.length > 0) return { kind: "stored" };
    }
    const fingerprint = fingerprintIn(await read([]));
    return fingerprint === set.fingerprint ? { kind: "stored" } : { kind: "differs", fingerprint };
  };
}

function fingerprintIn([row]: readonly SqlRow[]): string | null {
  if (row === undefined) throw new Error("the row of the limits is missing; run migrate");
  return row["fingerprint"] === null ? null : String(row["fingerprint"]);
}

interface StoredLimits extends Omit<LimitSet, "fingerprint"> {
  /** Null if none were ever stored. */
  readonly fingerprint: string | null;
  readonly changedBy: string;
  readonly reason: string;
  readonly changedAt: number;
}

interface UseRow {
  readonly count_key: string;
  readonly period: string;
  readonly used: string;
  readonly held: string;
  readonly overrun: string;
  readonly isLost: boolean;
}

/** Reads the limits in force, with what they have counted in the periods of now. */
export function limitsInForce({ schema, statement }: Database): ExecutionStore["limits"] {
  const run = statement(
    "limits",
    `select g.content::text as content, array_to_json(array(
            select json_build_object('count_key', p.count_key, 'period', p.period,
                   'used', trim_scale(coalesce(c.used, 0))::text, 'held', trim_scale(coalesce(c.held, 0))::text,
                   'overrun', trim_scale(coalesce(c.overrun, 0))::text,
                   'isLost', coalesce(c.used = 'NaN', exists (
                     select from ${schema}.guards made where made.key = ${counterMade("p")})))
              from (select d."countKey" as count_key, ${PERIOD} as period
                      from jsonb_to_recordset(g.content -> 'limits') as d ("countKey" text, per text, "timeZone" text)) as p
              left join ${schema}.limit_counters c on (c.count_key, c.period) = (p.count_key, p.period)))::text as uses
       from ${schema}.guards g
      where g.key = 'limits'`,
  );
  return async () => {
    const [row] = await run([]);
    if (row === undefined) throw new Error("the row of the limits is missing; run migrate");
    return decodeLimits(String(row["content"]), String(row["uses"]));
  };
}

function decodeLimits(content: string, uses: string): LimitsInForce | null {
  const { fingerprint, limits, changedBy, reason, changedAt } = JSON.parse(content) as StoredLimits;
  if (fingerprint === null) return null;
  const rows = new Map((JSON.parse(uses) as UseRow[]).map((row) => [row.count_key, row]));
  return {
    fingerprint,
    changedBy,
    reason,
    changedAt,
    uses: limits
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((limit) => {
        const { period, used, held, overrun, isLost } = rows.get(limit.countKey) as UseRow;
        if (isLost)
          throw new Error(`what limit "${limit.name}" counted in ${period} is lost; docs/postgres.md says what to do`);
        return { limit, period, used, held, overrun };
      }),
  };
}

/** Reads the sets of limits that were stored, the latest first. */
export function limitChanges({ schema, statement }: Database): ExecutionStore["limitChanges"] {
  const run = statement(
    "limit_changes",
    `select jsonb_build_object('fingerprint', fingerprint, 'limits', limits, 'changedBy', changed_by, 'reason', reason,
            'changedAt', ${epochMs("changed_at")})::text as change
       from ${schema}.limit_changes
      where number >= (
            select coalesce(max(number), 0) from ${schema}.limit_changes where changed_at < coalesce($2::timestamptz, '-infinity'))
      order by number desc
      limit $1`,
  );
  return async ({ limit, since }) =>
    (await run([limit ?? null, timestamp(since ?? null)])).map(
      (row) => JSON.parse(String(row["change"])) as PastLimits,
    );
}
