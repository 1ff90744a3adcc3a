/**
 * Everything that the migrations make, one object a line, in the format of `formatObjects`.
 *
 * test/stores/sqlite/schema.test.ts writes it (`vitest -u`), and compares it with the objects that the migrations make. It is
 * kept here, because to find it out at run time would take a second database, which only the caller's driver could open.
 */
export const SCHEMA_OBJECTS = `
table buyonce_collections.buyonce_collections: table strict without rowid
column buyonce_collections.scope: text key 1 not null
column buyonce_collections.owner: text
column buyonce_collections.started_at: integer
column buyonce_collections.expires_at: integer
column buyonce_collections.last_collected_at: integer
column buyonce_collections.last_finished_at: integer
constraint buyonce_collections.collections_mark: check ((owner is null) = (started_at is null) and (owner is null) = (expires_at is null))
constraint buyonce_collections.primary key (scope): primary key (scope)
table buyonce_commitments.buyonce_commitments: table strict without rowid
column buyonce_commitments.cloud: text key 1 not null
column buyonce_commitments.account: text key 2 not null
column buyonce_commitments.commitment_id: text key 3 not null
column buyonce_commitments.execution_id: text not null
column buyonce_commitments.line_index: integer not null
column buyonce_commitments.by_person: integer not null
constraint buyonce_commitments.commitments_by_person: check (by_person in (0, 1))
constraint buyonce_commitments.FOREIGN KEY (execution_id, line_index) REFERENCES buyonce_lines(execution_id, line_index): FOREIGN KEY (execution_id, line_index) REFERENCES buyonce_lines(execution_id, line_index)
index buyonce_commitments.buyonce_commitments_of_line: CREATE INDEX buyonce_commitments_of_line on buyonce_commitments (execution_id, line_index)
index buyonce_commitments.buyonce_commitments_id: CREATE INDEX buyonce_commitments_id on buyonce_commitments (commitment_id)
constraint buyonce_commitments.primary key (cloud, account, commitment_id): primary key (cloud, account, commitment_id)
table buyonce_decision_tokens.buyonce_decision_tokens: table strict without rowid
column buyonce_decision_tokens.hash: text key 1 not null
column buyonce_decision_tokens.execution_id: text not null
column buyonce_decision_tokens.verb: text not null
column buyonce_decision_tokens.recipient: text not null
column buyonce_decision_tokens.content_fingerprint: text not null
column buyonce_decision_tokens.issued_by: text not null
column buyonce_decision_tokens.issued_at: integer not null
column buyonce_decision_tokens.expires_at: integer not null
column buyonce_decision_tokens.used_at: integer
column buyonce_decision_tokens.revoked_at: integer
constraint buyonce_decision_tokens.decision_tokens_end: check (used_at is null or revoked_at is null)
constraint buyonce_decision_tokens.FOREIGN KEY (execution_id) REFERENCES buyonce_executions(id): FOREIGN KEY (execution_id) REFERENCES buyonce_executions(id)
index buyonce_decision_tokens.buyonce_decision_tokens_execution: CREATE INDEX buyonce_decision_tokens_execution on buyonce_decision_tokens (execution_id)
constraint buyonce_decision_tokens.primary key (hash): primary key (hash)
table buyonce_events.buyonce_events: table strict
column buyonce_events.position: integer key 1
column buyonce_events.execution_id: text not null
column buyonce_events.version: integer not null
column buyonce_events.at: integer not null
column buyonce_events.status: text not null
column buyonce_events.kind: text not null
column buyonce_events.actor: text not null
column buyonce_events.reason: text
column buyonce_events.line_index: integer
column buyonce_events.data: text
constraint buyonce_events.unique (execution_id, version): unique (execution_id, version)
table buyonce_executions.buyonce_executions: table strict
column buyonce_executions.number: integer key 1
column buyonce_executions.id: text not null
column buyonce_executions.request_key: text not null
column buyonce_executions.content_fingerprint: text not null
column buyonce_executions.lineage_key: text not null
column buyonce_executions.status: text not null
column buyonce_executions.version: integer not null
column buyonce_executions.fence: integer not null
column buyonce_executions.lease_owner: text
column buyonce_executions.lease_expires_at: integer
column buyonce_executions.source: text
column buyonce_executions.plan_id: text
column buyonce_executions.plan_step: integer
column buyonce_executions.plan_skip: text
column buyonce_executions.created_by: text not null
column buyonce_executions.created_at: integer not null
column buyonce_executions.updated_at: integer not null
column buyonce_executions.status_changed_at: integer not null
column buyonce_executions.last_active_at: integer not null
column buyonce_executions.approved_by: text
column buyonce_executions.approved_at: integer
column buyonce_executions.approvals_needed: integer not null
column buyonce_executions.approvers: text not null
column buyonce_executions.expires_at: integer
column buyonce_executions.wake_at: integer
column buyonce_executions.reason: text
column buyonce_executions.retry_of: text
column buyonce_executions.successor_id: text
column buyonce_executions.due_at: integer
constraint buyonce_executions.executions_status: check (status in ( 'pending', 'notified', 'scheduled', 'paused', 'approved', 'running', 'in_doubt', 'completed', 'partially_completed', 'failed', 'canceled', 'expired'))
constraint buyonce_executions.executions_version: check (version > 0)
constraint buyonce_executions.executions_fence: check (fence >= 0)
constraint buyonce_executions.executions_plan_step: check (plan_step >= 0)
constraint buyonce_executions.executions_approvals: check (approvals_needed > 0)
constraint buyonce_executions.executions_lease: check ((lease_owner is null) = (lease_expires_at is null))
constraint buyonce_executions.executions_approval: check ((approved_by is null) = (approved_at is null))
constraint buyonce_executions.executions_plan: check (plan_step is null or plan_id is not null)
constraint buyonce_executions.FOREIGN KEY (successor_id) REFERENCES buyonce_executions(id): FOREIGN KEY (successor_id) REFERENCES buyonce_executions(id)
constraint buyonce_executions.FOREIGN KEY (retry_of) REFERENCES buyonce_executions(id): FOREIGN KEY (retry_of) REFERENCES buyonce_executions(id)
index buyonce_executions.buyonce_executions_plan_step: CREATE INDEX buyonce_executions_plan_step on buyonce_executions (plan_id, plan_step) where plan_step is not null
index buyonce_executions.buyonce_executions_by_status: CREATE INDEX buyonce_executions_by_status on buyonce_executions (status, created_at, id)
index buyonce_executions.buyonce_executions_stuck: CREATE INDEX buyonce_executions_stuck on buyonce_executions (last_active_at) where status in ('approved', 'running')
index buyonce_executions.buyonce_executions_fresh: CREATE INDEX buyonce_executions_fresh on buyonce_executions (due_at) where due_at is not null and wake_at is null
index buyonce_executions.buyonce_executions_due: CREATE INDEX buyonce_executions_due on buyonce_executions (due_at) where due_at is not null
index buyonce_executions.buyonce_executions_lineage: CREATE INDEX buyonce_executions_lineage on buyonce_executions (lineage_key)
index buyonce_executions.buyonce_executions_successor: CREATE INDEX buyonce_executions_successor on buyonce_executions (successor_id) where successor_id is not null
index buyonce_executions.buyonce_executions_retry_of: CREATE UNIQUE INDEX buyonce_executions_retry_of on buyonce_executions (retry_of) where retry_of is not null
index buyonce_executions.buyonce_executions_open_lineage: CREATE UNIQUE INDEX buyonce_executions_open_lineage on buyonce_executions (lineage_key) where status in ('pending', 'notified', 'scheduled', 'paused', 'approved', 'running', 'in_doubt')
constraint buyonce_executions.unique (request_key): unique (request_key)
constraint buyonce_executions.unique (id): unique (id)
table buyonce_feed_cursors.buyonce_feed_cursors: table strict without rowid
column buyonce_feed_cursors.consumer: text key 1 not null
column buyonce_feed_cursors.cursor: text not null
constraint buyonce_feed_cursors.primary key (consumer): primary key (consumer)
table buyonce_freezes.buyonce_freezes: table strict
column buyonce_freezes.number: integer key 1
column buyonce_freezes.id: text not null
column buyonce_freezes.scope: text not null
column buyonce_freezes.frozen_by: text not null
column buyonce_freezes.reason: text not null
column buyonce_freezes.frozen_at: integer not null
column buyonce_freezes.lifted_by: text
column buyonce_freezes.lift_reason: text
column buyonce_freezes.lifted_at: integer
constraint buyonce_freezes.freezes_lifted: check ((lifted_by is null) = (lifted_at is null))
index buyonce_freezes.buyonce_freezes_lifted: CREATE INDEX buyonce_freezes_lifted on buyonce_freezes (lifted_at) where lifted_at is not null
index buyonce_freezes.buyonce_freezes_active: CREATE INDEX buyonce_freezes_active on buyonce_freezes (frozen_at) where lifted_at is null
constraint buyonce_freezes.unique (id): unique (id)
table buyonce_history_terms.buyonce_history_terms: table strict without rowid
column buyonce_history_terms.term: text key 1 not null
column buyonce_history_terms.created_at: integer key 2 not null
column buyonce_history_terms.execution_id: text key 3 not null
constraint buyonce_history_terms.primary key (term, created_at, execution_id): primary key (term, created_at, execution_id)
table buyonce_limit_changes.buyonce_limit_changes: table strict
column buyonce_limit_changes.number: integer key 1
column buyonce_limit_changes.fingerprint: text not null
column buyonce_limit_changes.limits: text not null
column buyonce_limit_changes.changed_by: text not null
column buyonce_limit_changes.reason: text not null
column buyonce_limit_changes.changed_at: integer not null
table buyonce_limit_counters.buyonce_limit_counters: table strict without rowid
column buyonce_limit_counters.key: text key 1 not null
column buyonce_limit_counters.used: text not null
column buyonce_limit_counters.held: text not null
column buyonce_limit_counters.overrun: text not null
constraint buyonce_limit_counters.primary key (key): primary key (key)
table buyonce_lines.buyonce_lines: table strict
column buyonce_lines.number: integer key 1
column buyonce_lines.execution_id: text not null
column buyonce_lines.line_index: integer not null
column buyonce_lines.lineage_key: text not null
column buyonce_lines.fingerprint: text not null
column buyonce_lines.request: text not null
column buyonce_lines.cloud: text not null
column buyonce_lines.service: text not null
column buyonce_lines.account: text not null
column buyonce_lines.need: text
column buyonce_lines.need_key: text
column buyonce_lines.state: text not null
column buyonce_lines.attempt: integer not null
column buyonce_lines.submitted_at: integer
column buyonce_lines.unproved_since: integer
column buyonce_lines.unproved_requests: integer not null
column buyonce_lines.sent_under: text
column buyonce_lines.prepared: text
column buyonce_lines.commitment: text
column buyonce_lines.needs_label: integer not null
column buyonce_lines.rejection: text
column buyonce_lines.doubt: text
column buyonce_lines.last_error: text
column buyonce_lines.withdrawn: text
column buyonce_lines.said_absent: text
column buyonce_lines.price_drift: text
column buyonce_lines.hold: text
column buyonce_lines.lane: text
column buyonce_lines.waits_for: text
column buyonce_lines.waits_since: integer
column buyonce_lines.bought_at: integer
column buyonce_lines.changed_at: integer not null
constraint buyonce_lines.lines_index: check (line_index >= 0)
constraint buyonce_lines.lines_state: check (state in ( 'planned', 'submitting', 'in_doubt', 'committed', 'rejected', 'skipped'))
constraint buyonce_lines.lines_attempt: check (attempt >= 0)
constraint buyonce_lines.lines_unproved_requests: check (unproved_requests >= 0)
constraint buyonce_lines.lines_needs_label: check (needs_label in (0, 1))
constraint buyonce_lines.FOREIGN KEY (execution_id) REFERENCES buyonce_executions(id): FOREIGN KEY (execution_id) REFERENCES buyonce_executions(id)
index buyonce_lines.buyonce_lines_bought: CREATE INDEX buyonce_lines_bought on buyonce_lines (bought_at) where state = 'committed' and need_key is not null
index buyonce_lines.buyonce_lines_need: CREATE INDEX buyonce_lines_need on buyonce_lines (need_key, state, bought_at) where need_key is not null
index buyonce_lines.buyonce_lines_waiting: CREATE INDEX buyonce_lines_waiting on buyonce_lines (waits_for, waits_since) where waits_for is not null
index buyonce_lines.buyonce_lines_in_doubt: CREATE INDEX buyonce_lines_in_doubt on buyonce_lines (cloud, account, submitted_at) where state = 'in_doubt'
index buyonce_lines.buyonce_lines_unlabeled: CREATE INDEX buyonce_lines_unlabeled on buyonce_lines (changed_at, execution_id, line_index) where needs_label = 1 and state = 'committed'
index buyonce_lines.buyonce_lines_lane: CREATE UNIQUE INDEX buyonce_lines_lane on buyonce_lines (lane) where lane is not null
index buyonce_lines.buyonce_lines_lineage: CREATE UNIQUE INDEX buyonce_lines_lineage on buyonce_lines (lineage_key, line_index) where state in ('submitting', 'in_doubt', 'committed')
constraint buyonce_lines.unique (execution_id, line_index): unique (execution_id, line_index)
table buyonce_migrations.buyonce_migrations: table strict
column buyonce_migrations.number: integer key 1
column buyonce_migrations.name: text not null
column buyonce_migrations.checksum: text not null
column buyonce_migrations.compatible_from: integer
column buyonce_migrations.applied_at: integer not null
table buyonce_recommendation_sources.buyonce_recommendation_sources: table strict without rowid
column buyonce_recommendation_sources.scope: text key 1 not null
column buyonce_recommendation_sources.source: text key 2 not null
column buyonce_recommendation_sources.succeeded_at: integer
column buyonce_recommendation_sources.error: text
constraint buyonce_recommendation_sources.FOREIGN KEY (scope) REFERENCES buyonce_collections(scope): FOREIGN KEY (scope) REFERENCES buyonce_collections(scope)
constraint buyonce_recommendation_sources.primary key (scope, source): primary key (scope, source)
table buyonce_recommendations.buyonce_recommendations: table strict
column buyonce_recommendations.scope: text key 1 not null
column buyonce_recommendations.key: text key 2 not null
column buyonce_recommendations.position: text not null
column buyonce_recommendations.source: text not null
column buyonce_recommendations.asked_account: text not null
column buyonce_recommendations.account: text not null
column buyonce_recommendations.service: text not null
column buyonce_recommendations.content: text not null
column buyonce_recommendations.put_by: text not null
column buyonce_recommendations.collected_at: integer not null
constraint buyonce_recommendations.FOREIGN KEY (scope) REFERENCES buyonce_collections(scope): FOREIGN KEY (scope) REFERENCES buyonce_collections(scope)
index buyonce_recommendations.buyonce_recommendations_sweep: CREATE INDEX buyonce_recommendations_sweep on buyonce_recommendations (scope, source, asked_account)
index buyonce_recommendations.buyonce_recommendations_service: CREATE INDEX buyonce_recommendations_service on buyonce_recommendations (scope, service, position)
index buyonce_recommendations.buyonce_recommendations_account: CREATE INDEX buyonce_recommendations_account on buyonce_recommendations (scope, account, position)
index buyonce_recommendations.buyonce_recommendations_position: CREATE INDEX buyonce_recommendations_position on buyonce_recommendations (scope, position)
constraint buyonce_recommendations.primary key (scope, key): primary key (scope, key)
`;
