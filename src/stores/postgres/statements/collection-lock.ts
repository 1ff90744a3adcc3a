import { storableText } from "../../../domain/text.js";
import type {
  CollectionLock,
  CollectionMark,
  CollectionState,
  StartedCollection,
} from "../../../store-port/collection-lock.js";
import type { SqlRow } from "../client/sql-client.js";
import type { Database } from "../database.js";
import { epochMs } from "./epoch-ms.js";

const inMs = (parameter: string): string => `clock_timestamp() + ${parameter}::float8 * interval '1 millisecond'`;

/** How often a start looks again when the mark that it met is gone by the time it is read. */
const MOST_LOOKS = 20;

/** The mark of a collection. Each change of it compares the owner in its one statement. */
export function collectionLock({ schema, statement }: Database): CollectionLock {
  const start = statement(
    "start_collection",
    `insert into ${schema}.collections as c (scope, owner, started_at, expires_at)
     values ($1, $2, clock_timestamp(), ${inMs("$3")})
     on conflict (scope) do update
        set owner = excluded.owner, started_at = clock_timestamp(), expires_at = ${inMs("$3")}
      where c.owner is null or c.expires_at <= clock_timestamp()
     returning ${epochMs("started_at")}::text as started_at, ${epochMs("last_collected_at")}::text as last_collected_at`,
  );
  const read = statement(
    "collection",
    `select owner, ${epochMs("started_at")}::text as started_at, ${epochMs("expires_at")}::text as expires_at,
            ${epochMs("last_collected_at")}::text as last_collected_at,
            ${epochMs("last_finished_at")}::text as last_finished_at,
            coalesce(expires_at <= clock_timestamp(), true)::text as is_free
       from ${schema}.collections where scope = $1`,
  );
  const renew = statement(
    "renew_collection",
    `update ${schema}.collections set owner = $3, expires_at = ${inMs("$4")} where scope = $1 and owner = $2 returning scope`,
  );
  const finish = statement(
    "finish_collection",
    `update ${schema}.collections
        set owner = null, started_at = null, expires_at = null,
            last_collected_at = case when $3 = 'collected' then clock_timestamp() else last_collected_at end,
            last_finished_at = case when $3 = 'not_started' then last_finished_at else clock_timestamp() end
      where scope = $1 and owner = $2
     returning scope`,
  );
  const changed = (rows: readonly SqlRow[]): boolean => rows.length > 0;
  return {
    async tryStart({ scope, owner, ttlMs }): Promise<StartedCollection> {
      for (let look = 0; look < MOST_LOOKS; look += 1) {
        const [started] = await start([storableText(scope), storableText(owner), ttlMs]);
        if (started !== undefined) return startedOf(started);
        const [row] = await read([storableText(scope)]);
        const mark = row === undefined || row["is_free"] === "true" ? null : markOf(row);
        if (mark !== null) return { kind: "running", ...mark };
      }
      throw new Error(`the mark of collection "${scope}" changed hands ${MOST_LOOKS} times while it was read`);
    },
    renew: async ({ scope, owner, ttlMs }) =>
      changed(await renew([storableText(scope), storableText(owner), storableText(owner), ttlMs])),
    handOver: async ({ scope, owner, to, ttlMs }) =>
      changed(await renew([storableText(scope), storableText(owner), storableText(to), ttlMs])),
    finish: async ({ scope, owner, outcome }) =>
      changed(await finish([storableText(scope), storableText(owner), outcome])),
    async state(scope): Promise<CollectionState> {
      const [row] = await read([storableText(scope)]);
      if (row === undefined) return { running: null, lastCollectedAt: null, lastFinishedAt: null };
      return {
        running: markOf(row),
        lastCollectedAt: timeOrNull(row["last_collected_at"]),
        lastFinishedAt: timeOrNull(row["last_finished_at"]),
      };
    },
  };
}

const startedOf = (row: SqlRow): StartedCollection => ({
  kind: "started",
  startedAt: Number(row["started_at"]),
  lastCollectedAt: timeOrNull(row["last_collected_at"]),
});

const markOf = (row: SqlRow): CollectionMark | null =>
  row["owner"] === null
    ? null
    : {
        owner: String(row["owner"]),
        startedAt: Number(row["started_at"]),
        expiresAt: Number(row["expires_at"]),
      };

const timeOrNull = (value: unknown): number | null => (value === null ? null : Number(value));
