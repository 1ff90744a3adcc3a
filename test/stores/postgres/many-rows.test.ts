import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { moveDueExecutions } from "../../../src/state-machine/move-due-executions.js";
import { reapStuckExecutions } from "../../../src/state-machine/reap-stuck-executions.js";
import type { ExecutionStore, HistoryQuery } from "../../../src/store-port/execution-store.js";
import type { SqlClient, SqlStatement } from "../../../src/stores/postgres/client/sql-client.js";
import { migrate, postgresStore } from "../../../src/stores/postgres/index.js";
import { committed, submitting } from "../../../src/testing/store-contract/samples.js";
import { changeOf } from "../../../src/testing/store-contract/steps.js";
import { fillWithExecutions } from "../support/many-executions.js";
import { startDatabase, type TestDatabase } from "../support/test-database.js";

const ROWS = 300_000;
const schema = "many";

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
  await migrate(database.pool, { schema });
  await fillWithExecutions(database.pool, schema, ROWS);
  // The server's statistics stay those of events without positions.
  const store = postgresStore(database.pool, { schema });
  for (let more = true, after = "0"; more; ) ({ more, cursor: after } = await store.feed({ after, limit: 1_000 }));
  await database.pool.query(`vacuum ${schema}.events`);
}, 300_000);
afterAll(() => database.close());

/** A node of a plan as the server tells it, after running it. */
interface PlanNode {
  readonly "Node Type": string;
  readonly "Index Name"?: string;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly PlanNode[];
}

/** What a statement touched. */
interface Effort {
  readonly blocks: number;
  readonly nodes: readonly string[];
  readonly indices: readonly string[];
}

const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** Runs a call of the store and tells what its statements touched; a named one with the plan it keeps for all parameters. */
async function effortOf(call: (store: ExecutionStore) => Promise<unknown>): Promise<Effort> {
  const plans: PlanNode[] = [];
  const client = await database.pool.connect();
  const explaining: SqlClient = {
    async query(statement) {
      if (!statement.text.includes(".migrations")) plans.push(await explained(client, statement));
      return await client.query(statement);
    },
  };
  try {
    await call(postgresStore(explaining, { schema }));
  } finally {
    client.release();
  }
  const nodes = plans.flatMap(nodesOf);
  return {
    blocks: plans.reduce((sum, plan) => sum + plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], 0),
    nodes: nodes.map((node) => node["Node Type"]),
    indices: nodes.flatMap((node) => node["Index Name"] ?? []),
  };
}

async function explained(client: pg.PoolClient, { name, text, values }: SqlStatement): Promise<PlanNode> {
  const explain = "explain (analyze, buffers, format json)";
  if (name === undefined) return planIn(await client.query(`${explain} ${text}`, values));
  await client.query("set plan_cache_mode = force_generic_plan");
  await client.query(`prepare explained as ${text}`);
  const parameters = values.length === 0 ? "" : `(${values.map(literal).join(", ")})`;
  const plan = planIn(await client.query(`${explain} execute explained${parameters}`));
  await client.query("deallocate explained; reset plan_cache_mode");
  return plan;
}

const planIn = ({ rows }: pg.QueryResult): PlanNode => rows[0]["QUERY PLAN"][0].Plan;
const literal = (value: unknown): string => {
  if (value === null) return "null";
  return pg.escapeLiteral(
    Array.isArray(value) ? `{${value.map((one) => JSON.stringify(one)).join(",")}}` : String(value),
  );
};

const moveAtMost50 = (store: ExecutionStore) => moveDueExecutions(store, { actor: "a", limit: 50 });

const claimFour =
  ({ freshFirst }: { readonly freshFirst: boolean }) =>
  (store: ExecutionStore) =>
    store.claimDue({
      from: ["approved", "running", "in_doubt"],
      limit: 4,
      freshFirst,
      except: [],
      owner: "worker",
      durationMs: 1_000,
      event: { kind: "claimed", actor: "worker" },
    });

const SWEEPS: readonly (readonly [name: string, index: string, call: (store: ExecutionStore) => Promise<unknown>])[] = [
  ["moveDue", "executions_due", moveAtMost50],
  ["claimDue", "executions_due", claimFour({ freshFirst: false })],
  ["claimDue of what is fresh", "executions_fresh", claimFour({ freshFirst: true })],
  ["stuck", "executions_stuck", (store) => store.stuck({ olderThanMs: 600_000, limit: 100 })],
  ["reap", "executions_stuck", (store) => reapStuckExecutions(store)],
  ["unlabeled", "lines_unlabeled", (store) => store.unlabeled({ limit: 50 })],
  [
    "claims",
    "commitments_claim",
    (store) => store.claims({ cloud: "aws", account: "rare", commitmentIds: ["a", "b"] }),
  ],
  ["withRequestKey", "request_keys_pkey", (store) => store.withRequestKey("none")],
  ["laneHolder", "lines_lane", (store) => store.laneHolder("aws.ec2/rare/eu-west-1")],
  ["needs", "lines_need", (store) => store.needs({ needKeys: ["none"], boughtWithinMs: 1_000, limit: 50 })],
  [
    "doubts",
    "lines_in_doubt",
    (store) => store.doubts({ cloud: "aws", account: "rare", sentWithinMs: 1_000, limit: 50 }),
  ],
  ["decisionToken", "decision_tokens_pkey", (store) => store.decisionToken("none")],
  ["events", "events_pkey", (store) => store.events("exec-10")],
  ["feed", "events_position", (store) => store.feed({ after: "29900", limit: 50 })],
  ["feed of a rare kind", "events_position", (store) => store.feed({ after: "28500", limit: 50, kinds: ["expired"] })],
  [
    "a correction of a commitment",
    "commitments_of_line",
    (store) =>
      store.commit({
        ...changeOf({ id: "exec-1100" }),
        guard: { version: 4 },
        lines: [{ index: 0, progress: committed("ri-corrected", "ri-more") }],
      }),
  ],
  [
    "a write-ahead",
    "commitments_of_line",
    (store) =>
      store.commit({
        ...changeOf({ id: "exec-1200" }),
        guard: { version: 4, before: Number.POSITIVE_INFINITY },
        lines: [{ index: 0, progress: submitting("a lane"), stampSubmission: true }],
      }),
  ],
];

describe("over 300,000 executions, a sweep that finds nothing, or what belongs to one execution,", () => {
  for (const [name, index, call] of SWEEPS)
    test(`${name} costs as much as a probe of an index`, async () => {
      const { blocks, nodes, indices } = await effortOf(call);
      expect(indices).toContain(index);
      expect(nodes).not.toContain("Seq Scan");
      expect(blocks).toBeLessThan(100);
    });

  test("what is taken now costs as much as the open executions and the purchases of late", async () => {
    const { nodes, indices, blocks } = await effortOf((store) =>
      store.neededLines({ boughtWithinMs: 1_000, limit: 50 }),
    );
    expect(nodes).not.toContain("Seq Scan");
    expect(indices).toContain("lines_bought");
    expect(indices.filter((index) => /^executions_(open_lineage|by_status)$/.test(index))).not.toEqual([]);
    expect(blocks).toBeLessThan(1_000);
  });

  test("a removal scans no table, nor do its foreign keys", async () => {
    const client = await database.pool.connect();
    try {
      await client.query("begin");
      const removal = { executions: [{ executionId: "exec-100", version: 4 }], notBefore: 0 };
      expect(await postgresStore(client, { schema }).remove(removal)).toBe(true);
      const scans = "select relname from pg_stat_xact_user_tables where schemaname = $1 and seq_scan > 0";
      const { rows } = await client.query(scans, [schema]);
      expect(rows).toEqual([{ relname: "migrations" }]);
      await client.query("rollback");
    } finally {
      client.release();
    }
  });

  test("is found out where it scans", async () => {
    const { nodes, blocks } = await effortOf((store) => store.history({ limit: 200 }));
    expect(nodes).not.toContain("Seq Scan");
    expect(blocks).toBeGreaterThan(100);
    await database.pool.query(`drop index ${schema}.executions_due`);
    expect((await effortOf(moveAtMost50)).nodes).toContain("Seq Scan");
    await migrate(database.pool, { schema });
  });
});

const PAGES: readonly (readonly [what: string, query: HistoryQuery])[] = [
  ["of everything", {}],
  ["of a status that most have", { status: ["completed"] }],
  ["of a status that few have", { status: ["expired", "canceled"] }],
  ["of a status that hardly any has", { status: ["in_doubt", "running"] }],
  ["of a status that none has", { status: ["notified"] }],
  ["of a provider", { provider: "aws" }],
  ["of a service", { provider: "aws.ec2" }],
  ["of a provider that nothing was bought from", { provider: "gcp" }],
  ["of an account", { account: "account-17" }],
  ["of an account that few use", { account: "rare" }],
  ["of a creator", { createdBy: "creator-3" }],
  ["of a creator who made few", { createdBy: "rare" }],
  ["of a source", { source: "ticket" }],
  ["of a plan", { planId: "plan-4711" }],
  ["of a commitment", { commitmentId: "ri-exec-4710" }],
  ["of a time long ago", { createdBefore: Date.now() - 250_000_000 }],
  ["of an account and a creator", { account: "account-17", createdBy: "creator-3" }],
  ["of failed ones of a creator", { status: ["failed"], createdBy: "creator-1" }],
];

describe("over 300,000 executions, a page of history", () => {
  for (const [what, query] of PAGES)
    test(`${what} reads little more than its rows, the first as well as a later one`, async () => {
      const store = postgresStore(database.pool, { schema });
      const { nextCursor } = await store.history({ ...query, limit: 50 });
      for (const cursor of [undefined, nextCursor]) {
        const page = { ...query, limit: 50, ...(cursor === undefined ? {} : { cursor }) };
        const { nodes, blocks } = await effortOf((explaining) => explaining.history(page));
        expect(nodes).not.toContain("Seq Scan");
        // Two filters read the rows of one and pass over those without the other.
        expect(blocks).toBeLessThan(Object.keys(query).length > 1 ? 25_000 : 2_500);
      }
    });

  test("of every filter has what the filter says, newest first, without a gap to the next", async () => {
    const store = postgresStore(database.pool, { schema });
    for (const [, query] of PAGES) {
      const first = await store.history({ ...query, limit: 7 });
      const second = first.nextCursor
        ? await store.history({ ...query, limit: 7, cursor: first.nextCursor })
        : undefined;
      const both = [...first.executions, ...(second?.executions ?? [])];
      const { executions } = await store.history({ ...query, limit: 14 });
      expect(both).toEqual(executions);
      expect(executions).toEqual(executions.toSorted((a, b) => b.createdAt - a.createdAt));
    }
  });
});
