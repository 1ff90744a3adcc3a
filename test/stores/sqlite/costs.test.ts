import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ExecutionStore, HistoryQuery } from "../../../src/store-port/execution-store.js";
import { sqliteStore } from "../../../src/stores/sqlite/index.js";
import { sampleLine, submitting } from "../../../src/testing/store-contract/samples.js";
import { changeOf, created, lineChange, moved } from "../../../src/testing/store-contract/steps.js";
import { type CountedDatabase, countedDatabase } from "../support/counted-database.js";
import { type SqliteFile, sqliteFile } from "../support/sqlite-file.js";

const ROWS = 100_000;

let file: SqliteFile;
let database: CountedDatabase;
let store: ExecutionStore;
beforeAll(async () => {
  file = await sqliteFile();
  fill(file, ROWS);
  database = countedDatabase(file.database);
  store = sqliteStore(database);
  await store.get("none");
}, 120_000);
afterAll(() => file.remove());

/** Executions of one line, as good as all of them ended; none of the open ones is due. */
function fill({ database: connection }: SqliteFile, count: number): void {
  connection.pragma("synchronous = off");
  connection.exec(`
    begin;
    create temp table numbered as
      with recursive n (n) as (select 1 union all select n + 1 from n where n < ${count})
      select n, 1700000000000 - n * 1000 as at,
             case when n % 2000 = 0 then 'approved' when n % 2000 = 1 then 'running' when n % 2000 = 2 then 'pending'
                  when n % 50 = 3 then 'failed' else 'completed' end as status
        from n;
    insert into buyonce_executions (id, request_key, content_fingerprint, lineage_key, status, version, fence, lease_owner,
           lease_expires_at, source, plan_id, plan_step, created_by, created_at, updated_at, status_changed_at,
           last_active_at, approvals_needed, approvers, wake_at, due_at)
    select 'exec-' || n, 'key-' || n, 'f', 'lin-' || n, status, 3, 1, iif(status = 'running', 'worker', null),
           iif(status = 'running', 9e15, null), 'ticket-' || (n % 20), 'plan-' || (n / 10), n % 10, 'creator-' || (n % 20), at, at,
           at, at, 1, '[]', iif(status = 'approved', 8e15, null),
           case status when 'running' then 9e15 when 'approved' then 8e15 end
      from numbered;
    insert into buyonce_lines (execution_id, line_index, lineage_key, fingerprint, request, cloud, service, account, need,
           need_key, state, attempt, unproved_requests, needs_label, bought_at, changed_at)
    select 'exec-' || n, 0, 'lin-' || n, 'f', '{"service":"aws.ec2","account":"a","region":"r"}', 'aws', 'aws.ec2',
           'account-' || (n % 50), iif(n % 10 = 0, '{"key":"k"}', null), iif(n % 10 = 0, 'need-' || n, null),
           iif(status in ('completed', 'failed'), 'committed', 'planned'), 1, 0, 0, iif(status = 'completed', at, null), at
      from numbered;
    insert into buyonce_commitments select 'aws', 'account-' || (n % 50), 'ri-' || n, 'exec-' || n, 0, 0
      from numbered where status = 'completed';
    insert into buyonce_events (execution_id, version, at, status, kind, actor)
    select 'exec-' || n, v.value, at, status, 'transitioned', 'ann' from numbered, json_each('[1,2,3]') v;
    insert into buyonce_history_terms select t.value, at, 'exec-' || n
      from numbered, json_each(json_array('', 'creator/creator-' || (n % 20), 'account/account-' || (n % 50), 'provider/aws')) t;
    drop table numbered;
    commit`);
}

const claim = (freshFirst: boolean) => (wanted: ExecutionStore) =>
  wanted.claimDue({
    ...{ from: ["approved", "running", "in_doubt"], limit: 4, freshFirst, except: [], owner: "w", durationMs: 1_000 },
    event: { kind: "claimed", actor: "w" },
  });
const sweep = { limit: 100, actor: "tick" };

const CALLS: Readonly<Record<string, (wanted: ExecutionStore) => Promise<unknown>>> = {
  get: (wanted) => wanted.get("exec-70000"),
  withRequestKey: (wanted) => wanted.withRequestKey("key-70000"),
  moveDue: (wanted) =>
    wanted.moveDue({ ...sweep, moves: [{ from: "pending", to: "expired", reason: "late", kind: "expired" }] }),
  claimDue: claim(false),
  "claimDue of what is fresh": claim(true),
  stuck: (wanted) => wanted.stuck({ olderThanMs: 8e12, limit: 100 }),
  reap: (wanted) => wanted.reap?.({ ...sweep, olderThanMs: 8e12, verdicts: [] }) ?? Promise.resolve(),
  unlabeled: (wanted) => wanted.unlabeled({ limit: 50 }),
  claims: (wanted) => wanted.claims({ cloud: "aws", account: "account-1", commitmentIds: ["ri-1", "none"] }),
  laneHolder: (wanted) => wanted.laneHolder("a lane"),
  laneWaiters: (wanted) => wanted.laneWaiters(["a lane", "another"]),
  needs: (wanted) => wanted.needs({ needKeys: ["need-10", "none"], boughtWithinMs: 1_000, limit: 50 }),
  neededLines: (wanted) => wanted.neededLines({ boughtWithinMs: 1_000, limit: 1 }),
  doubts: (wanted) => wanted.doubts({ cloud: "aws", account: "account-1", sentWithinMs: 1_000, limit: 50 }),
  freezes: (wanted) => wanted.freezes(),
  decisionToken: (wanted) => wanted.decisionToken("none"),
  events: (wanted) => wanted.events("exec-10"),
  feed: (wanted) => wanted.feed({ after: "150000", limit: 20 }),
  create: (wanted) => created(wanted),
  remove: (wanted) => wanted.remove({ executions: [{ executionId: "exec-40003", version: 3 }], notBefore: 0 }),
  "a write-ahead": async (wanted) => {
    const execution = await created(wanted);
    await moved(wanted, { ...lineChange(execution, submitting("a lane")), answer: "named_lines" });
  },
};

/** How SQLite would run a text. */
const planOf = (sql: string): readonly string[] => {
  const values = Array.from({ length: sql.split("?").length - 1 }, () => null);
  const rows = file.database.prepare<null[]>(`explain query plan ${sql}`).all(...values) as { detail: string }[];
  return rows.map(({ detail }) => detail);
};

/** Indices that hold nothing but what is wanted: to read all of one is no more than to answer. */
const WANTED = /USING (COVERING )?INDEX buyonce_(lines_unlabeled|executions_open_lineage|freezes_active)$/;

/** Scans of tables that grow. Sets of limits are few. */
const scansOf = (texts: Iterable<string>): readonly string[] =>
  [...texts].flatMap((sql) =>
    planOf(sql)
      .filter(
        (step) => /^SCAN (buyonce_|[a-z]\d?\b)/.test(step) && !/buyonce_limit_changes/.test(step) && !WANTED.test(step),
      )
      .filter((step) => !/^SCAN (k|page|wanted)\b/.test(step))
      .map((step) => `${step}: ${sql}`),
  );

describe("over 100,000 executions", () => {
  for (const [name, call] of Object.entries(CALLS))
    test(`${name} scans nothing, and reads few rows`, async () => {
      const { texts, rows } = await database.during(() => call(store));
      expect(scansOf(texts)).toEqual([]);
      expect(rows).toBeLessThan(120);
    });

  const PAGES: readonly HistoryQuery[] = [
    {},
    { status: ["completed"] },
    { status: ["in_doubt", "expired"] },
    { provider: "aws" },
    { provider: "gcp" },
    { account: "account-17" },
    { createdBy: "creator-3", account: "account-3" },
    { createdBy: "creator-3", status: ["failed"] },
    { commitmentId: "ri-4710" },
    { createdBefore: 1_700_000_000_000 - 50_000_000 },
    { createdFrom: 1_700_000_000_000 - 50_000_000 },
  ];
  test("a page of history scans nothing, the first as well as a later one", async () => {
    for (const query of PAGES) {
      const { nextCursor } = await store.history({ ...query, limit: 10 });
      for (const cursor of [undefined, nextCursor]) {
        const page = { ...query, limit: 10, ...(cursor === undefined ? {} : { cursor }) };
        const { texts, rows } = await database.during(() => store.history(page));
        expect(scansOf(texts), JSON.stringify(page)).toEqual([]);
        expect(rows).toBeLessThanOrEqual(21);
      }
    }
  });

  test("a lost index is noticed here", async () => {
    const { texts } = await database.during(() => store.laneHolder("a lane"));
    file.database.exec("drop index buyonce_lines_lane");
    expect(scansOf(texts)).toHaveLength(1);
    file.database.exec("create unique index buyonce_lines_lane on buyonce_lines (lane) where lane is not null");
  });
});

test("a change of one line of 500 reads and writes that line, and no other", async () => {
  const lines = Array.from({ length: 500 }, (_, index) => sampleLine(index));
  const execution = await created(store, { lines });
  const change = { ...lineChange(execution, submitting("its lane"), 250), answer: "named_lines" } as const;
  const { statements, rows } = await database.during(() => moved(store, change));
  expect(rows).toBeLessThan(5);
  expect(statements).toBeLessThan(10);
  const all = await database.during(() => moved(store, changeOf(execution, { reason: "all lines" })));
  expect(all.rows).toBeGreaterThan(500);
});
