import type pg from "pg";
import { historyTerms } from "../../../src/stores/postgres/statements/history-terms.js";

/**
 * Fills a migrated schema with executions of one line each, past the store for speed, one created a second.
 *
 * Nearly all have ended, and no open one is due. Of each hundred thousand one is by "rare" for account "rare". Every tenth has an event and a
 * token. Every hundredth has a need and a counter.
 */
export async function fillWithExecutions(pool: pg.Pool, schema: string, count: number): Promise<void> {
  const client = await pool.connect();
  try {
    // Without checks of foreign keys, which takes a superuser.
    await client.query(
      `set search_path = ${schema}; set session_replication_role = replica; set synchronous_commit = off`,
    );
    await client.query(FILL(count));
    await client.query("vacuum analyze");
    await client.query("checkpoint");
  } finally {
    client.release(true);
  }
}

const OPEN = "'{pending, scheduled, paused, approved, running, in_doubt}'::text[]";
const FILL = (count: number) => `
  insert into executions (id, request_key, content_fingerprint, lineage_key, status, version, fence, source, plan_id,
         created_by, created_at, updated_at, status_changed_at, last_active_at, lease_owner, lease_expires_at, wake_at)
  select 'exec-' || n, 'key-' || n, repeat('f', 64), 'lin-' || n, status, 4, 1, case when n % 4 = 0 then 'ticket' end,
         'plan-' || n / 10, case when n % 100000 = 7 then 'rare' else 'creator-' || n % 20 end, at, at, at, at,
         case when status = 'running' then 'worker' end,
         case when status = 'running' then now() + interval '1 day' end,
         case when status in ('scheduled', 'approved', 'in_doubt') then now() + interval '1 day' end
    from (select n, date_trunc('milliseconds', now()) - n * interval '1 second' as at,
                 case when n % (${count} / 60) = 0 then (${OPEN})[1 + n / (${count} / 60) % 6]
                      when n % 50 = 1 then 'failed' when n % 100 = 2 then 'partially_completed'
                      when n % 200 = 3 then 'canceled' when n % 200 = 4 then 'expired' else 'completed' end as status
            from generate_series(1, ${count}) n) as numbered;
  insert into request_keys (request_key, execution_id) select request_key, id from executions;
  insert into lines (execution_id, line_index, lineage_key, fingerprint, request, state, attempt, needs_label, changed_at, need)
  select id, 0, lineage_key, content_fingerprint,
         jsonb_build_object('service', 'aws.ec2', 'region', 'eu-west-1', 'quantity', 1, 'account',
           case when created_by = 'rare' then 'rare' else 'account-' || hashtext(id) % 50 end),
         case when status = 'completed' then 'committed' when status = 'in_doubt' then 'in_doubt' else 'planned' end,
         1, false, updated_at,
         case when id like '%00' then jsonb_build_object('key', md5(id), 'windowMs', 1000, 'allowOverlap', null) end
    from executions;
  insert into commitments (cloud, account, commitment_id, execution_id, line_index)
  select cloud, account, 'ri-' || execution_id, execution_id, 0 from lines where state = 'committed';
  insert into events (execution_id, version, at, status, kind, actor)
  select id, 1, created_at, 'pending', 'submitted', created_by from executions where id like '%0';
  insert into guards (key, content)
  select 'need ' || key, '[]' from (select need_key as key from lines where need_key is not null) as needs;
  insert into limit_counters (count_key, period, used, held, overrun)
  select 'count ' || id, '2026', 0, 0, 0 from executions where id like '%00';
  insert into decision_tokens (hash, execution_id, verb, recipient, content_fingerprint, issued_by, issued_at, expires_at)
  select encode(sha256(id::bytea), 'hex'), id, 'approve', 'bob', content_fingerprint, 'ann', created_at, now()
    from executions where id like '%0';
  insert into history_terms (term, created_at, execution_id)
  ${historyTerms({ executions: "executions", lines: "lines" })}
  order by 1, 2, 3`;
