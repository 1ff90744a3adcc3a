import type { LineProof, ReapedCounts, ReapSweep, StuckExecution } from "../../../store-port/execution-store.js";
import type { StoreChanges } from "../../law/changes.js";
import { stuckSince } from "../../law/due.js";
import type { Connection, Row } from "../database/connection.js";
import { numberOrNull } from "./json-column.js";
import { withLines } from "./sqlite-records.js";

/** Which stuck executions are wanted, and at what time. */
interface StuckQuery {
  readonly olderThanMs: number;
  readonly limit: number;
  readonly now: number;
}

/** Reads the executions that show no activity. */
export const readStuck = (connection: Connection, query: StuckQuery): readonly StuckExecution[] =>
  stuckRows(connection, query).map((row) => ({
    execution: withLines(connection, row),
    stuckForMs: query.now - sinceOf(row),
  }));

const stuckRows = (connection: Connection, { olderThanMs, limit, now }: StuckQuery): readonly Row[] =>
  connection.all(
    `select *
       from buyonce_executions indexed by buyonce_executions_stuck
      where status in ('approved', 'running') and last_active_at < ?
        and (lease_expires_at is null or lease_expires_at <= ?)
        and (wake_at is null or wake_at < ?)
      order by last_active_at, number
      limit ?`,
    now - olderThanMs,
    now,
    now - olderThanMs,
    limit,
  );

const sinceOf = (row: Row): number =>
  stuckSince({ execution: { wakeAt: numberOrNull(row["wake_at"]) }, lastActiveAt: Number(row["last_active_at"]) });

/** Moves the executions that show no activity, all in one transaction. */
export function reapStuck(
  connection: Connection,
  commit: StoreChanges["commit"],
  { verdicts, actor, ...sweep }: ReapSweep & { readonly now: number },
): ReapedCounts {
  const rows = stuckRows(connection, sweep);
  let reaped = 0;
  for (const row of rows) {
    const [executionId, from] = [String(row["id"]), String(row["status"])];
    const proof = proofOf(connection, executionId);
    const verdict = verdicts.find((one) => one.from === from && one.proof === proof);
    if (verdict === undefined) continue;
    const reason = `Stuck in ${from} for ${Math.round((sweep.now - sinceOf(row)) / 1_000)} s; ${verdict.because}`;
    const { kind } = commit({
      ...{ executionId, guard: { version: Number(row["version"]) }, status: verdict.to, lease: { kind: "release" } },
      ...{ wakeAt: null, reason, event: { kind: "reaped", actor, reason }, answer: "named_lines" },
    });
    if (kind === "moved") reaped += 1;
  }
  return { found: rows.length, reaped };
}

/** What the lines of an execution prove. */
const proofOf = (connection: Connection, executionId: string): LineProof =>
  connection.get(
    `select case when sum(state in ('submitting', 'in_doubt')) > 0 then 'unsettled'
                 when sum(state = 'skipped') = count(*) then 'all_skipped'
                 when sum(state = 'committed') = 0 then 'none_committed'
                 when sum(state in ('committed', 'skipped')) = count(*) then 'all_committed'
                 else 'some_committed' end as proof
       from buyonce_lines
      where execution_id = ?`,
    executionId,
  )?.["proof"] as LineProof;
