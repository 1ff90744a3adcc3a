/**
 * SQL for whether execution `e` has shown no activity for longer than $1 milliseconds. No lease is live, and its
 * `wakeAt` also passed longer ago than that. The first two conditions are a range of an index.
 */
export const IS_STUCK = `e.status in ('approved', 'running')
          and e.last_active_at < statement_timestamp() - $1::float8 * interval '1 millisecond'
          and (e.lease_expires_at is null or e.lease_expires_at <= statement_timestamp())
          and (e.wake_at is null or e.wake_at < statement_timestamp() - $1::float8 * interval '1 millisecond')`;

/** SQL for how many seconds the execution has been stuck. */
export const STUCK_FOR_S = "extract(epoch from statement_timestamp() - greatest(e.last_active_at, e.wake_at))";
