import type pg from "pg";

/** Fills a migrated schema with running executions of one line and one event each, past the store for speed. */
export async function fillWithStuck(
  pool: pg.Pool,
  schema: string,
  { count, since = "now()" }: { readonly count: number /** SQL, by the number `n`. */; readonly since?: string },
): Promise<void> {
  await pool.query(`
    insert into ${schema}.executions (id, request_key, content_fingerprint, lineage_key, status, version, fence, created_by,
           created_at, updated_at, status_changed_at, last_active_at)
    select 'exec-' || n, 'key-' || n, repeat('f', 64), 'lin-' || n, 'running', 1, 1, 'bench', now(), now(), now(), ${since}
      from generate_series(1, ${count}) n;
    insert into ${schema}.request_keys (request_key, execution_id) select request_key, id from ${schema}.executions;
    insert into ${schema}.lines (execution_id, line_index, lineage_key, fingerprint, request, state, attempt, needs_label, changed_at)
    select id, 0, lineage_key, content_fingerprint, '{"service": "custom.bench", "account": "a"}', 'planned', 0, false, now()
      from ${schema}.executions;
    insert into ${schema}.events (execution_id, version, at, status, kind, actor)
    select id, 1, now(), 'running', 'submitted', 'bench' from ${schema}.executions`);
}
