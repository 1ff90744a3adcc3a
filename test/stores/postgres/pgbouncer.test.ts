import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Execution } from "../../../src/domain/execution.js";
import { migrate, postgresStore, verifySchema } from "../../../src/stores/postgres/index.js";
import {
  limitOn,
  pricedLine,
  setLimits,
  usd,
  useOf,
  waiting,
} from "../../../src/testing/store-contract/limit-steps.js";
import { unique } from "../../../src/testing/store-contract/samples.js";
import { changeOf, moved } from "../../../src/testing/store-contract/steps.js";
import { type Child, startChild } from "../support/child.js";
import { noPgBouncer, type PgBouncer, startPgBouncer } from "../support/pgbouncer.js";
import { schemaForTest } from "../support/schema-for-test.js";
import { seededRandom } from "../support/seeded-random.js";
import { startDatabase, type TestDatabase } from "../support/test-database.js";

const NEEDS = 8;
const BASKETS = 32;
const KILLS = 6;

describe.skipIf(noPgBouncer !== undefined)(`behind PgBouncer in transaction mode ${noPgBouncer ?? ""}`, () => {
  const random = seededRandom(Number(process.env.BUYONCE_SEED));
  let database: TestDatabase;
  let bouncer: PgBouncer;
  let pooled: pg.Pool;
  beforeAll(async () => {
    database = await startDatabase();
    bouncer = await startPgBouncer(database.url);
    pooled = new pg.Pool({ connectionString: bouncer.url, max: 8 });
  });
  afterAll(async () => {
    await pooled.end();
    await bouncer.close();
    await database.close();
  });

  test("processes that migrate and are killed leave what the next migrate completes, and no lock", async () => {
    const schema = schemaForTest(database.pool);
    const children = Array.from({ length: 3 }, () => startChild("migrate-process.ts", bouncer.url, schema));
    for (const child of children) onTestFinished(() => void child.process.kill("SIGKILL"));
    for (const child of children.slice(1)) {
      await sleep(random.below(400));
      child.process.kill("SIGKILL");
    }
    expect(await children[0]?.ended()).toBe(0);
    await Promise.all([migrate(pooled, { schema }), migrate(pooled, { schema })]);
    expect(await verifySchema(pooled, { schema })).toMatchObject({ sound: true });
    await expectNothingLeft();
  });

  test("processes that approve and are killed exceed no cap, approve no need twice and leave no lock", async () => {
    const schema = schemaForTest(database.pool);
    await migrate(pooled, { schema });
    const store = postgresStore(pooled, { schema, preparedStatements: false });
    const account = unique("account");
    const limit = limitOn(account, { max: usd("30") });
    await setLimits(store, limit);
    const needs = Array.from({ length: NEEDS }, () => unique("need"));
    const ids: string[] = [];
    for (let basket = 0; basket < BASKETS; basket += 1) {
      const need = { key: needs[basket % NEEDS] ?? "", windowMs: 3_600_000, allowOverlap: null };
      const lines = [{ ...pricedLine(account, String(4 + (basket % 3))), need }];
      ids.push((await waiting(store, account, [], { lines })).id);
    }
    const begin = () => startChild("approving-crew-process.ts", bouncer.url, schema, String(random.below(1e9)), ...ids);
    const crew: Child[] = [begin(), begin(), begin()];
    onTestFinished(() => {
      for (const child of crew) child.process.kill("SIGKILL");
    });
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = crew.at(-1);
      await child?.said();
      await sleep(random.below(60));
      child?.process.kill("SIGKILL");
      crew.unshift(begin());
      crew.splice(crew.length - 1, 1);
    }
    expect(await Promise.all(crew.map((child) => child.ended()))).toEqual([0, 0, 0]);
    await expectNothingLeft();
    const executions = await Promise.all(ids.map(async (id) => (await store.get(id)) as Execution));
    const approved = executions.filter(({ status }) => status === "approved");
    const taken = approved.map(({ lines }) => lines[0]?.need?.key);
    expect(approved.length).toBeGreaterThan(0);
    expect(new Set(taken).size).toBe(taken.length);
    const held = approved.reduce((sum, { lines }) => sum + Number(lines[0]?.request.expectedPrice.amount), 0);
    expect(held).toBeLessThanOrEqual(30);
    expect(await useOf(store, limit)).toMatchObject({ held: String(held), used: "0" });
    for (const execution of approved) await moved(store, changeOf(execution, { status: "canceled" }));
    expect(await useOf(store, limit)).toMatchObject({ held: "0", used: "0" });
  });

  /** No transaction, no lock and no setting outlives its client. */
  async function expectNothingLeft(): Promise<void> {
    const left = async () => {
      const { rows } = await database.pool.query(`
        select (select count(*) from pg_locks where locktype = 'advisory' or not granted)::int as locks,
               (select count(*) from pg_stat_activity where state like 'idle in transaction%')::int as transactions`);
      return rows[0];
    };
    await expect.poll(left, { timeout: 20_000 }).toEqual({ locks: 0, transactions: 0 });
    const paths = await Promise.all(Array.from({ length: 8 }, () => pooled.query("show search_path")));
    expect(new Set(paths.map(({ rows }) => rows[0].search_path))).toEqual(new Set(['"$user", public']));
  }
});
