import type {
  CreateExecution,
  CreateResult,
  ExecutionStore,
  NewExecution,
} from "../../../store-port/execution-store.js";
import { IN_FAILED_TRANSACTION, sqlStateOf, violatedUnique } from "../client/sql-state.js";
import type { Database } from "../database.js";
import { eventFields } from "./encode-event.js";
import { encodeLines } from "./encode-line.js";
import { decodeExecution, linesAsJson } from "./execution-row.js";
import { findByRequestKey } from "./find-by-request-key.js";
import { heldIds } from "./held-ids.js";
import { historyTerms } from "./history-terms.js";
import { jsonText } from "./json-text.js";
import { timestamp } from "./timestamp.js";

/**
 * Stores an execution, its lines and its event, and marks its predecessor, in one statement.
 *
 * The predecessor is locked first, and all inserts depend on that lock. So the second of two racing retries finds a
 * changed version and inserts nothing. The request key is inserted next. If it is taken, nothing is written either.
 */
export function createExecution(database: Database): ExecutionStore["create"] {
  const { schema, statement } = database;
  const find = findByRequestKey(database);
  const run = statement(
    "create",
    `with clock as (
       select date_trunc('milliseconds', clock_timestamp()) as now
     ), given as (
       select * from jsonb_to_record($1::text::jsonb) as (
              id text, request_key text, content_fingerprint text, lineage_key text, status text, source text,
              plan_id text, plan_step integer, plan_skip text, created_by text, approvals_needed integer, reason text, wake_at timestamptz, expires_in_ms float8,
              retry_of text, retried_version bigint)
     ), predecessor as (
       select e.id from ${schema}.executions e, given
        where e.id = given.retry_of and e.version = given.retried_version and e.successor_id is null
          for update of e
     ), keyed as (
       insert into ${schema}.request_keys (request_key, execution_id)
       select request_key, id from given
        where retry_of is null or exists (select from predecessor)
           on conflict (request_key) do nothing
       returning execution_id
     ), created as (
       insert into ${schema}.executions (
              id, request_key, content_fingerprint, lineage_key, status, source, plan_id, plan_step, plan_skip, created_by, approvals_needed, reason,
              wake_at, expires_at, retry_of, version, fence, created_at, updated_at, status_changed_at,
              last_active_at)
       select id, request_key, content_fingerprint, lineage_key, status, source, plan_id, plan_step, plan_skip, created_by, approvals_needed, reason,
              wake_at, now + expires_in_ms * interval '1 millisecond', retry_of, 1, 0, now, now, now, now
         from keyed, given, clock
       returning *
     ), filled as (
       insert into ${schema}.lines (
              execution_id, line_index, lineage_key, fingerprint, request, need, state, attempt, submitted_at, unproved_since,
              unproved_requests, sent_under, prepared, commitment, needs_label, rejection, doubt, last_error, withdrawn,
              said_absent, price_drift, changed_at)
       select created.id, l.line_index, created.lineage_key, l.fingerprint, l.request, l.need, l.state, l.attempt,
              l.submitted_at, l.unproved_since, l.unproved_requests, l.sent_under, l.prepared, l.commitment, l.needs_label, l.rejection,
              l.doubt, l.last_error, l.withdrawn, l.said_absent, l.price_drift, created.created_at
         from created, jsonb_to_recordset($2::text::jsonb) as l (
              line_index integer, fingerprint text, request jsonb, need jsonb, state text, attempt integer, submitted_at timestamptz,
              unproved_since timestamptz, unproved_requests integer, sent_under jsonb, prepared jsonb, commitment jsonb,
              needs_label boolean, rejection jsonb, doubt jsonb, last_error jsonb, withdrawn jsonb, said_absent jsonb, price_drift jsonb)
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
       select m.id, m.version, m.updated_at, m.status, e.kind, e.actor, e.reason, e.line_index, e.data
         from (select 'created' as change, id, version, updated_at, status from created
                union all
               select 'marked', id, version, updated_at, status from marked) m,
              jsonb_to_recordset($3::text::jsonb) as e (
              change text, kind text, actor text, reason text, line_index integer, data jsonb)
        where e.change = m.change
     )
     select row_to_json(created)::text as execution, ${linesAsJson("select filled from filled")} as lines from created`,
  );

  return async function create(input): Promise<CreateResult> {
    try {
      const [row] = await run(parametersOf(input));
      if (row !== undefined) return { kind: "created", execution: decodeExecution(row) };
      const found = await existing(input);
      if (found !== undefined) return found;
      // Without a predecessor only the request key can have been taken, and its execution was removed in between.
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

/** Ignores the error of a read after a refusal in a caller's transaction, where nothing can be read any more. */
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
  encodeExecution(execution, retryOf),
  encodeLines(execution.lines),
  jsonText([
    { change: "created", ...eventFields(event) },
    ...(retryOf ? [{ change: "marked", ...eventFields(retryOf.predecessorEvent) }] : []),
  ]),
];

/** A new execution as the JSON that `create` unpacks. */
const encodeExecution = (execution: NewExecution, retryOf: CreateExecution["retryOf"]): string | null =>
  jsonText({
    id: execution.id,
    request_key: execution.requestKey,
    content_fingerprint: execution.contentFingerprint,
    lineage_key: execution.lineageKey,
    status: execution.status,
    source: execution.source,
    plan_id: execution.plan?.id,
    plan_step: execution.plan?.step,
    plan_skip: execution.plan?.skipStep,
    created_by: execution.createdBy,
    approvals_needed: execution.approvalsNeeded,
    reason: execution.reason,
    wake_at: timestamp(execution.wakeAt),
    expires_in_ms: execution.expiresInMs,
    retry_of: retryOf?.executionId,
    retried_version: retryOf?.version,
  });
