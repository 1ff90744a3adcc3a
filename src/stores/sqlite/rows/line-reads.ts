import type { CommitmentClaim, CommitmentIds, DoubtQuery, LineRef } from "../../../store-port/execution-store.js";
import type { Connection, Row } from "../database/connection.js";

const lineOf = (row: Row): LineRef => ({
  executionId: String(row["execution_id"]),
  lineIndex: Number(row["line_index"]),
});

/** Reads committed lines without their label. The oldest change comes first. */
export const readUnlabeled = (connection: Connection, limit: number, now: number): readonly LineRef[] =>
  connection
    .all(
      `select l.execution_id, l.line_index
         from buyonce_lines l indexed by buyonce_lines_unlabeled
        cross join buyonce_executions e on e.id = l.execution_id
        where l.needs_label = 1 and l.state = 'committed' and (e.wake_at is null or e.wake_at <= ?)
        order by l.changed_at, l.execution_id, l.line_index
        limit ?`,
      now,
      limit,
    )
    .map(lineOf);

/** Reads which of these commitment ids are recorded. */
export const readClaims = (
  connection: Connection,
  { cloud, account, commitmentIds }: CommitmentIds,
): readonly CommitmentClaim[] =>
  connection
    .all(
      `select c.*
         from (select distinct value as id from json_each(?)) wanted
        cross join buyonce_commitments c on c.cloud = ? and c.account = ? and c.commitment_id = wanted.id`,
      JSON.stringify(commitmentIds),
      cloud,
      account,
    )
    .map((row) => ({
      commitmentId: String(row["commitment_id"]),
      ...lineOf(row),
      byPerson: Number(row["by_person"]) === 1,
    }));

/** Reads the line that holds a lane. */
export function readLaneHolder(connection: Connection, lane: string): LineRef | undefined {
  const row = connection.get("select execution_id, line_index from buyonce_lines where lane = ?", lane);
  return row && lineOf(row);
}

/** Reads for each lane the planned line that has waited longest for it. */
export const readLaneWaiters = (connection: Connection, lanes: readonly string[], now: number): readonly LineRef[] =>
  [...new Set(lanes)].flatMap((lane) =>
    connection
      .all(
        `select l.execution_id, l.line_index
           from buyonce_lines l
          cross join buyonce_executions e on e.id = l.execution_id
          where l.waits_for = ? and e.wake_at > ?
          order by l.waits_since, l.execution_id, l.line_index
          limit 1`,
        lane,
        now,
      )
      .map(lineOf),
  );

/** Reads lines in doubt of one account of a cloud. The last sent comes first. */
export const readDoubts = (
  connection: Connection,
  { cloud, account, sentWithinMs, limit }: DoubtQuery,
  now: number,
): readonly LineRef[] =>
  connection
    .all(
      `select execution_id, line_index
         from buyonce_lines
        where state = 'in_doubt' and cloud = ? and account = ? and submitted_at > ?
        order by submitted_at desc
        limit ?`,
      cloud,
      account,
      now - sentWithinMs,
      limit,
    )
    .map(lineOf);
