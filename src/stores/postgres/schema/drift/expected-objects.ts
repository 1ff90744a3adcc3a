/**
 * Everything that the migrations make, one object a line, in the format of `formatObjects`.
 *
 * test/stores/postgres/verify-schema.test.ts writes it (`vitest -u`), and compares it with the objects that the
 * migrations make on every supported server. It is kept here, because to find it out at run time would take a second
 * schema, and a production role need not have the right to create one.
 */
export const SCHEMA_OBJECTS = `
column collections.expires_at: timestamp(3) with time zone
column collections.last_collected_at: timestamp(3) with time zone
column collections.last_finished_at: timestamp(3) with time zone
column collections.owner: text
column collections.scope: text collate "C" not null
column collections.started_at: timestamp(3) with time zone
constraint collections.collections_mark: CHECK ((((owner IS NULL) = (started_at IS NULL)) AND ((owner IS NULL) = (expires_at IS NULL))))
constraint collections.collections_pkey: PRIMARY KEY (scope)
table collections.collections: table
column commitments.account: text collate "C" not null
column commitments.cloud: text collate "C" not null
column commitments.commitment_id: text collate "C" not null
column commitments.execution_id: text collate "C" not null
column commitments.line_index: integer not null
constraint commitments.commitments_claim: PRIMARY KEY (cloud, account, commitment_id)
constraint commitments.commitments_line: FOREIGN KEY (execution_id, line_index) REFERENCES lines(execution_id, line_index)
index commitments.commitments_id: CREATE INDEX commitments_id ON commitments USING btree (commitment_id)
index commitments.commitments_of_line: CREATE INDEX commitments_of_line ON commitments USING btree (execution_id, line_index)
table commitments.commitments: table
column decision_tokens.content_fingerprint: text not null
column decision_tokens.execution_id: text collate "C" not null
column decision_tokens.expires_at: timestamp(3) with time zone not null
column decision_tokens.hash: text collate "C" not null
column decision_tokens.issued_at: timestamp(3) with time zone not null
column decision_tokens.issued_by: text not null
column decision_tokens.recipient: text not null
column decision_tokens.revoked_at: timestamp(3) with time zone
column decision_tokens.used_at: timestamp(3) with time zone
column decision_tokens.verb: text collate "C" not null
constraint decision_tokens.decision_tokens_end: CHECK (((used_at IS NULL) OR (revoked_at IS NULL)))
constraint decision_tokens.decision_tokens_execution_id_fkey: FOREIGN KEY (execution_id) REFERENCES executions(id)
constraint decision_tokens.decision_tokens_hash: CHECK ((hash ~ '^[0-9a-f]{64}$'::text))
constraint decision_tokens.decision_tokens_pkey: PRIMARY KEY (hash)
index decision_tokens.decision_tokens_execution: CREATE INDEX decision_tokens_execution ON decision_tokens USING btree (execution_id)
table decision_tokens.decision_tokens: table
column events.actor: text not null
column events.at: timestamp(3) with time zone not null
column events.data: jsonb
column events.execution_id: text collate "C" not null
column events.kind: text collate "C" not null
column events.line_index: integer
column events.position: bigint
column events.reason: text
column events.status: text collate "C" not null
column events.version: bigint not null
constraint events.events_pkey: PRIMARY KEY (execution_id, version)
index events.events_position: CREATE UNIQUE INDEX events_position ON events USING btree (position) WHERE (position IS NOT NULL)
index events.events_unplaced: CREATE INDEX events_unplaced ON events USING btree (at) WHERE (position IS NULL)
table events.events: table
column executions.approval_from: timestamp(3) with time zone
column executions.approvals_needed: integer default 1 not null
column executions.approved_by: text
column executions.approvers: jsonb default '[]'::jsonb not null
column executions.content_fingerprint: text not null
column executions.created_at: timestamp(3) with time zone not null
column executions.created_by: text collate "C" not null
column executions.due_at: timestamp(3) with time zone generated always as ( CASE WHEN (status = ANY (ARRAY['pending'::text, 'notified'::text])) THEN expires_at WHEN (status = 'scheduled'::text) THEN wake_at WHEN (status = ANY (ARRAY['approved'::text, 'in_doubt'::text])) THEN GREATEST(wake_at, updated_at) WHEN (status = 'running'::text) THEN GREATEST(wake_at, lease_expires_at, updated_at) ELSE NULL::timestamp with time zone END) stored
column executions.expires_at: timestamp(3) with time zone
column executions.fence: bigint not null
column executions.id: text collate "C" not null
column executions.last_active_at: timestamp(3) with time zone not null
column executions.lease_expires_at: timestamp(3) with time zone
column executions.lease_owner: text
column executions.lineage_key: text collate "C" not null
column executions.plan_id: text collate "C"
column executions.plan_skip: text
column executions.plan_step: integer
column executions.reason: text
column executions.request_key: text collate "C" not null
column executions.retry_of: text collate "C"
column executions.source: text collate "C"
column executions.status: text collate "C" not null
column executions.status_changed_at: timestamp(3) with time zone not null
column executions.successor_id: text collate "C"
column executions.updated_at: timestamp(3) with time zone not null
column executions.version: bigint not null
column executions.wake_at: timestamp(3) with time zone
constraint executions.executions_approval: CHECK (((approved_by IS NULL) = (approval_from IS NULL)))
constraint executions.executions_approvals: CHECK ((approvals_needed > 0))
constraint executions.executions_fence: CHECK ((fence >= 0))
constraint executions.executions_lease: CHECK (((lease_owner IS NULL) = (lease_expires_at IS NULL)))
constraint executions.executions_pkey: PRIMARY KEY (id)
constraint executions.executions_plan: CHECK (((plan_step IS NULL) OR (plan_id IS NOT NULL)))
constraint executions.executions_plan_step: CHECK ((plan_step >= 0))
constraint executions.executions_retry_of_fkey: FOREIGN KEY (retry_of) REFERENCES executions(id)
constraint executions.executions_status: CHECK ((status = ANY (ARRAY['pending'::text, 'notified'::text, 'scheduled'::text, 'paused'::text, 'approved'::text, 'running'::text, 'in_doubt'::text, 'completed'::text, 'partially_completed'::text, 'failed'::text, 'canceled'::text, 'expired'::text])))
constraint executions.executions_successor_id_fkey: FOREIGN KEY (successor_id) REFERENCES executions(id)
constraint executions.executions_version: CHECK ((version > 0))
index executions.executions_by_status: CREATE INDEX executions_by_status ON executions USING btree (status, created_at)
index executions.executions_due: CREATE INDEX executions_due ON executions USING btree (due_at) WHERE (due_at IS NOT NULL)
index executions.executions_fresh: CREATE INDEX executions_fresh ON executions USING btree (due_at) WHERE ((wake_at IS NULL) AND (due_at IS NOT NULL))
index executions.executions_open_lineage: CREATE UNIQUE INDEX executions_open_lineage ON executions USING btree (lineage_key) WHERE (status = ANY (ARRAY['pending'::text, 'notified'::text, 'scheduled'::text, 'paused'::text, 'approved'::text, 'running'::text, 'in_doubt'::text]))
index executions.executions_plan_step: CREATE INDEX executions_plan_step ON executions USING btree (plan_id, plan_step) WHERE (plan_step IS NOT NULL)
index executions.executions_retry_of: CREATE UNIQUE INDEX executions_retry_of ON executions USING btree (retry_of) WHERE (retry_of IS NOT NULL)
index executions.executions_stuck: CREATE INDEX executions_stuck ON executions USING btree (last_active_at) WHERE (status = ANY (ARRAY['approved'::text, 'running'::text]))
index executions.executions_successor: CREATE INDEX executions_successor ON executions USING btree (successor_id) WHERE (successor_id IS NOT NULL)
table executions.executions: table
column feed_cursors.consumer: text collate "C" not null
column feed_cursors.moved_at: timestamp(3) with time zone not null
column feed_cursors.position: bigint not null
constraint feed_cursors.feed_cursors_pkey: PRIMARY KEY (consumer)
table feed_cursors.feed_cursors: table
column freezes.frozen_at: timestamp(3) with time zone not null
column freezes.frozen_by: text not null
column freezes.id: text collate "C" not null
column freezes.lift_reason: text
column freezes.lifted_at: timestamp(3) with time zone
column freezes.lifted_by: text
column freezes.reason: text not null
column freezes.scope: jsonb not null
constraint freezes.freezes_lifted: CHECK (((lifted_by IS NULL) = (lifted_at IS NULL)))
constraint freezes.freezes_pkey: PRIMARY KEY (id)
table freezes.freezes: table
column guards.content: jsonb not null
column guards.key: text collate "C" not null
constraint guards.guards_pkey: PRIMARY KEY (key)
table guards.guards: table
column history_terms.created_at: timestamp(3) with time zone not null
column history_terms.execution_id: text collate "C" not null
column history_terms.term: text collate "C" not null
constraint history_terms.history_terms_pkey: PRIMARY KEY (term, created_at, execution_id)
table history_terms.history_terms: table
column limit_changes.changed_at: timestamp(3) with time zone not null
column limit_changes.changed_by: text not null
column limit_changes.fingerprint: text not null
column limit_changes.limits: jsonb not null
column limit_changes.number: integer not null
column limit_changes.reason: text not null
constraint limit_changes.limit_changes_pkey: PRIMARY KEY (number)
table limit_changes.limit_changes: table
column limit_counters.count_key: text collate "C" not null
column limit_counters.held: numeric not null
column limit_counters.overrun: numeric not null
column limit_counters.period: text collate "C" not null
column limit_counters.used: numeric not null
constraint limit_counters.limit_counters_pkey: PRIMARY KEY (count_key, period)
table limit_counters.limit_counters: table
column lines.account: text collate "C" generated always as ((request ->> 'account'::text)) stored not null
column lines.attempt: integer not null
column lines.changed_at: timestamp(3) with time zone not null
column lines.cloud: text collate "C" generated always as ( CASE WHEN ((request ->> 'service'::text) ~~ 'custom.%'::text) THEN (request ->> 'service'::text) ELSE split_part((request ->> 'service'::text), '.'::text, 1) END) stored not null
column lines.commitment: jsonb
column lines.doubt: jsonb
column lines.execution_id: text collate "C" not null
column lines.fingerprint: text not null
column lines.hold: jsonb
column lines.lane: text collate "C" generated always as ((prepared ->> 'lane'::text)) stored
column lines.last_error: jsonb
column lines.line_index: integer not null
column lines.lineage_key: text collate "C" not null
column lines.need: jsonb
column lines.need_key: text collate "C" generated always as ((need ->> 'key'::text)) stored
column lines.needs_label: boolean not null
column lines.prepared: jsonb
column lines.price_drift: jsonb
column lines.rejection: jsonb
column lines.request: jsonb not null
column lines.said_absent: jsonb
column lines.sent_under: jsonb
column lines.service: text collate "C" generated always as ((request ->> 'service'::text)) stored not null
column lines.state: text collate "C" not null
column lines.submitted_at: timestamp(3) with time zone
column lines.unproved_requests: integer default 0 not null
column lines.unproved_since: timestamp(3) with time zone
column lines.withdrawn: jsonb
constraint lines.lines_attempt: CHECK ((attempt >= 0))
constraint lines.lines_execution_id_fkey: FOREIGN KEY (execution_id) REFERENCES executions(id)
constraint lines.lines_index: CHECK ((line_index >= 0))
constraint lines.lines_pkey: PRIMARY KEY (execution_id, line_index)
constraint lines.lines_state: CHECK ((state = ANY (ARRAY['planned'::text, 'submitting'::text, 'in_doubt'::text, 'committed'::text, 'rejected'::text, 'skipped'::text])))
constraint lines.lines_unproved_requests: CHECK ((unproved_requests >= 0))
index lines.lines_bought: CREATE INDEX lines_bought ON lines USING btree (changed_at) WHERE ((state = 'committed'::text) AND (need_key IS NOT NULL))
index lines.lines_in_doubt: CREATE INDEX lines_in_doubt ON lines USING btree (cloud, account, submitted_at) WHERE (state = 'in_doubt'::text)
index lines.lines_lane: CREATE UNIQUE INDEX lines_lane ON lines USING btree (lane) WHERE ((state = ANY (ARRAY['submitting'::text, 'in_doubt'::text])) AND (lane IS NOT NULL))
index lines.lines_lineage: CREATE UNIQUE INDEX lines_lineage ON lines USING btree (lineage_key, line_index) WHERE (state = ANY (ARRAY['submitting'::text, 'in_doubt'::text, 'committed'::text]))
index lines.lines_need: CREATE INDEX lines_need ON lines USING btree (need_key, state, changed_at) WHERE (need_key IS NOT NULL)
index lines.lines_unlabeled: CREATE INDEX lines_unlabeled ON lines USING btree (changed_at) WHERE ((state = 'committed'::text) AND needs_label)
index lines.lines_waiting: CREATE INDEX lines_waiting ON lines USING btree (((last_error ->> 'lane'::text)) COLLATE "C") WHERE ((state = 'planned'::text) AND ((last_error ->> 'lane'::text) IS NOT NULL))
table lines.lines: table
column migrations.applied_at: timestamp(3) with time zone default clock_timestamp() not null
column migrations.checksum: text not null
column migrations.compatible_from: integer
column migrations.name: text not null
column migrations.number: integer not null
constraint migrations.migrations_pkey: PRIMARY KEY (number)
table migrations.migrations: table
column recommendation_sources.error: jsonb
column recommendation_sources.scope: text collate "C" not null
column recommendation_sources.source: text collate "C" not null
column recommendation_sources.succeeded_at: timestamp(3) with time zone
constraint recommendation_sources.recommendation_sources_pkey: PRIMARY KEY (scope, source)
constraint recommendation_sources.recommendation_sources_scope_fkey: FOREIGN KEY (scope) REFERENCES collections(scope)
table recommendation_sources.recommendation_sources: table
column recommendations.account: text collate "C" not null
column recommendations.asked_account: text collate "C" not null
column recommendations.collected_at: timestamp(3) with time zone not null
column recommendations.content: json not null
column recommendations.key: text collate "C" not null
column recommendations.position: text collate "C" not null
column recommendations.put_by: text not null
column recommendations.scope: text collate "C" not null
column recommendations.service: text collate "C" not null
column recommendations.source: text collate "C" not null
constraint recommendations.recommendations_pkey: PRIMARY KEY (scope, key)
constraint recommendations.recommendations_scope_fkey: FOREIGN KEY (scope) REFERENCES collections(scope)
index recommendations.recommendations_account: CREATE INDEX recommendations_account ON recommendations USING btree (scope, account, position)
index recommendations.recommendations_position: CREATE INDEX recommendations_position ON recommendations USING btree (scope, position)
index recommendations.recommendations_service: CREATE INDEX recommendations_service ON recommendations USING btree (scope, service, position)
index recommendations.recommendations_sweep: CREATE INDEX recommendations_sweep ON recommendations USING btree (scope, source, asked_account)
table recommendations.recommendations: table
column request_keys.execution_id: text collate "C" not null
column request_keys.request_key: text collate "C" not null
constraint request_keys.request_keys_pkey: PRIMARY KEY (request_key)
table request_keys.request_keys: table
`;
