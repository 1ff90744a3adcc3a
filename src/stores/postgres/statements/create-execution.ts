import type { CreateExecution, CreateResult, ExecutionStore } from "../../../store-port/execution-store.js";
import { IN_FAILED_TRANSACTION, sqlStateOf, violatedUnique } from "../client/sql-state.js";
import type { Database } from "../database.js";
import { encodeEvent } from "./encode-event.js";
import { encodeLines } from "./encode-line.js";
import { decodeExecution, linesAsJson } from "./execution-row.js";
import { findByRequestKey } from "./find-by-request-key.js";
import { heldIds } from "./held-ids.js";
import { historyTerms } from "./history-terms.js";
import { storableTextOrNull } from "./json-text.js";
import { timestamp } from "./timestamp.js";

/**
 * Stores an execution, its lines and its event, and marks its predecessor, in one statement.
 *
 * The predecessor is locked first and all inserts depend on that lock, so of two racing retries the second finds a
 * changed version and inserts nothing. The request key is next; nothing is written either where it is taken.
 */
export function createExecution(database: Database): ExecutionStore["create"] {
  const { schema, statement } = database;
  const find = findByRequestKey(database);
  const run = statement(
    "create",
    `with clock as (
       select date_trunc('milliseconds', clock_timestamp()) as now
     ), predecessor as (
       select id from ${schema}.executions
        where id = $12 and version = $13::bigint and successor_id is null
          for update
     ), keyed as (
       insert into ${schema}.request_keys (request_key, execution_id)
       select $2, $1
        where $12::text is null or exists (select from predecessor)
           on conflict (request_key) do nothing
       returning execution_id
     ), created as (
       insert into ${schema}.executions (
              id, request_key, content_fingerprint, lineage_key, status, source, created_by, reason, wake_at, expires_at,
              retry_of, plan_id, plan_step, version, fence, created_at, updated_at, status_changed_at,
              last_sign_of_life_at)
       select $1, $2, $3, $4, $5, $6, $7, $8, $9::text::timestamptz, now + $10::float8 * interval '1 millisecond',
              $12, $24, $25::integer, 1, 0, now, now, now, now
         from keyed, clock
       returning *
     ), filled as (
       insert into ${schema}.lines (
              execution_id, line_index, lineage_key, fingerprint, request, state, attempt, submitted_at, unproved_since,
              unproved_requests, sent_under, prepared, commitment, needs_label, rejection, doubt, last_error, withdrawn,
              said_absent, changed_at)
       select created.id, l.line_index, created.lineage_key, l.fingerprint, l.request, l.state, l.attempt, l.submitted_at,
              l.unproved_since, l.unproved_requests, l.sent_under, l.prepared, l.commitment, l.needs_label, l.rejection,
              l.doubt, l.last_error, l.withdrawn, l.said_absent, created.created_at
         from created, jsonb_to_recordset($11::text::jsonb) as l (
              line_index integer, fingerprint text, request jsonb, state text, attempt integer, submitted_at timestamptz,
              unproved_since timestamptz, unproved_requests integer, sent_under jsonb, prepared jsonb, commitment jsonb,
              needs_label boolean, rejection jsonb, doubt jsonb, last_error jsonb, withdrawn jsonb, said_absent jsonb)
       returning *
     ), claimed as (
       insert into ${schema}.commitments (cloud, account, commitment_id, execution_id, line_index)
       select distinct f.cloud, f.account, c.id, f.execution_id, f.line_index
         from filled f, jsonb_array_elements_text(${heldIds("f")}) as c (id)
     ), marked as (
       update ${schema}.executions e
          set successor_id = created.id, version = e.version + 1, updated_at = greatest(e.updated_at, created.created_at)
         from created
        where e.id = created.retry_of
       returning e.*
     ), listed as (
       insert into ${schema}.history_terms (term, created_at, execution_id)
       ${historyTerms({ executions: "created", lines: "filled" })}
     ), logged as (
       insert into ${schema}.events (execution_id, version, at, status, kind, actor, reason, line_index, data)
       select id, version, updated_at, status, $14, $15, $16, $17::integer, $18::text::jsonb from created
        union all
       select id, version, updated_at, status, $19, $20, $21, $22::integer, $23::text::jsonb from marked
     )
     select row_to_json(created)::text as execution, ${linesAsJson("select filled from filled")} as lines from created`,
  );

  return async function create(input): Promise<CreateResult> {
    try {
      const [row] = await run(parametersOf(input));
      if (row !== undefined) return { kind: "created", execution: decodeExecution(row) };
      const found = await existing(input);
      if (found !== undefined) return found;
      // Without a predecessor only a request key stands in the way; its execution was removed in between.
      return input.retryOf === undefined ? await create(input) : { kind: "refused", because: "predecessor" };
    } catch (error) {
      if (violatedUnique(error) === undefined) throw error;
      return (await existing(input).catch(unlessAborted)) ?? refusedBy(error);
    }
  };

  async function existing({ execution }: CreateExecution): Promise<CreateResult | undefined> {
    const found = await find(execution.requestKey);
    return found && { kind: "existing", execution: found };
  }
}

/** In a caller's transaction nothing can be read after a refusal. */
function unlessAborted(thrown: unknown): undefined {
  if (sqlStateOf(thrown) !== IN_FAILED_TRANSACTION) throw thrown;
}

function refusedBy(error: unknown): CreateResult {
  switch (violatedUnique(error)) {
    case "executions_open_lineage":
    case "lines_lineage":
      return { kind: "refused", because: "lineage" };
    case "executions_retry_of":
      return { kind: "refused", because: "predecessor" };
    default:
      throw error;
  }
}

const parametersOf = ({ execution, event, retryOf }: CreateExecution): readonly unknown[] => [
  execution.id,
  execution.requestKey,
  execution.contentFingerprint,
  execution.lineageKey,
  execution.status,
  execution.source,
  execution.createdBy,
  storableTextOrNull(execution.reason),
  timestamp(execution.wakeAt),
  execution.expiresInMs,
  encodeLines(execution.lines),
  retryOf?.executionId ?? null,
  retryOf?.version ?? null,
  ...encodeEvent(event),
  ...encodeEvent(retryOf?.predecessorEvent),
  execution.plan?.id ?? null,
  execution.plan?.step ?? null,
];
