import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { PLANNED } from "../../../src/domain/execution.js";
import type { ExecutionStore } from "../../../src/store-port/execution-store.js";
import { migrate, postgresStore, type SqlClient } from "../../../src/stores/postgres/index.js";
import { signal } from "../../../src/testing/signal.js";
import {
  approval,
  approved,
  limitOn,
  pricedLine,
  setLimits,
  setOf,
  usd,
  useOf,
  waiting,
} from "../../../src/testing/store-contract/limit-steps.js";
import { sampleLine, unique } from "../../../src/testing/store-contract/samples.js";
import { changeOf, lineChange, moved } from "../../../src/testing/store-contract/steps.js";
import { randomSchema, startDatabase, type TestDatabase } from "../support/test-database.js";

/*
 * Statements that meet on the same rows. Each test stops them where a wrong order of locks would be a deadlock.
 */

const schema = randomSchema();
let database: TestDatabase;
let store: ExecutionStore;
beforeAll(async () => {
  database = await startDatabase();
  await migrate(database.pool, { schema });
  store = postgresStore(database.pool, { schema });
});
afterAll(() => database.close());

test("an accepted price that waits for a counter keeps nobody from changing the limits", async () => {
  const account = unique("account");
  const limit = limitOn(account);
  const set = await setLimits(store, limit);
  const execution = await approved(store, account, ["40"]);
  const lock = await opened();
  await lock.query(`select from ${schema}.limit_counters where count_key = $1 for update`, [limit.countKey]);
  const accepted = store.commit(
    changeOf(execution, {
      guard: { version: execution.version },
      lines: [
        {
          index: 0,
          progress: { ...PLANNED, priceDrift: { found: usd("60"), acceptedBy: ["bob"], isAccepted: true } },
          acceptsPrice: true,
        },
      ],
    }),
  );
  await untilWaiting(1);
  const lower = setOf({ ...limit, max: usd("50") });
  const change = { set: lower, replaces: set.fingerprint, changedBy: "alice", reason: "less" };
  const changed = await Promise.race([store.changeLimits(change), sleep(1_000, "waits")]);
  await lock.query("commit");
  expect(changed).toEqual({ kind: "stored" });
  expect(await accepted).toMatchObject({ kind: "refused", because: "limit" });
  expect(await useOf(store, limit)).toMatchObject({ held: "40" });
});

test("a line that keeps what it holds does not wait for the counter of its limit", async () => {
  const account = unique("account");
  const limit = limitOn(account);
  await setLimits(store, limit);
  const execution = await approved(store, account, ["40"]);
  const lock = await opened();
  await lock.query(`select from ${schema}.limit_counters where count_key = $1 for update`, [limit.countKey]);
  const failed = { ...PLANNED, lastError: { code: "LOOKUP_FAILED", message: "no answer", since: 1 } };
  const noted = await Promise.race([store.commit(lineChange(execution, failed)), sleep(1_000, "waits")]);
  await lock.query("commit");
  expect(noted).toMatchObject({ kind: "moved" });
});

test("a revocation of links and a removal of their execution do not block each other", async () => {
  const execution = await waiting(store, unique("account"), ["1"]);
  const token = { kind: "issue", hash: "a".repeat(64), verb: "approve", recipient: "bob", validForMs: 60_000 } as const;
  const issued = await moved(store, changeOf(execution, { token }));
  const ended = await moved(store, changeOf(issued, { status: "canceled" }));
  const [lock, removing] = [await opened(), await opened()];
  await lock.query(`select from ${schema}.executions where id = $1 for update`, [ended.id]);
  const removed = postgresStore(removing, { schema })
    .remove({ executions: [{ executionId: ended.id, version: ended.version }], notBefore: 0 })
    .finally(() => removing.query("commit"));
  await untilWaiting(1);
  const revoked = store.commit(changeOf(ended, { guard: { version: ended.version }, token: { kind: "revoke" } }));
  await untilWaiting(2);
  await lock.query("commit");
  const ends = await Promise.allSettled([removed, revoked]);
  expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
});

const RIVALRIES: Readonly<Record<string, () => Promise<readonly [string, string]>>> = {
  "a counter of a new period": async () => {
    const account = unique("account");
    const [old, young] = [limitOn(account, { countKey: unique("b") }), limitOn(account, { countKey: unique("a") })];
    await setLimits(store, old);
    await approved(store, account, ["1"]);
    await setLimits(store, old, young);
    return [(await waiting(store, account, ["1"])).id, (await waiting(store, account, ["1"])).id];
  },
  "a need that nobody had": async () => {
    const [old, young] = [unique("b"), unique("a")];
    const basket = (...keys: readonly string[]) =>
      waiting(store, "", [], {
        lines: keys.map((key, index) => ({
          ...sampleLine(index),
          need: { key, windowMs: 3_600_000, allowOverlap: "both teams" },
        })),
      });
    await moved(store, approval(await basket(old)));
    return [(await basket(young, old)).id, (await basket(young, old)).id];
  },
  "needs and limits of one execution": async () => {
    const account = unique("account");
    await setLimits(store, limitOn(account));
    await approved(store, account, ["1"]);
    const need = { key: unique("need"), windowMs: 3_600_000, allowOverlap: "both teams" };
    const { id } = await waiting(store, account, [], { lines: [{ ...pricedLine(account, "1"), need }] });
    return [id, id];
  },
};

test.each(Object.entries(RIVALRIES))("an approval in a transaction and one outside meet on %s", async (_, meet) => {
  const [first, second] = await meet();
  const [outside, inside] = [await heldBefore(await connected()), await heldBefore(await opened())];
  // Both have seen that rows are missing. Then the one outside makes them and goes on first.
  const late = outside.store.commit(approval({ id: first }));
  await outside.isHeld;
  const transaction = inside.store.commit(approval({ id: second }));
  await inside.isHeld;
  outside.release();
  await Promise.race([late, untilWaiting(1)]);
  inside.release();
  const moves = await Promise.allSettled([late, transaction.finally(() => inside.commit())]);
  expect(moves.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
});

/** A store that stops before it makes the rows that an approval needs. It has seen limits before. */
async function heldBefore(client: pg.PoolClient) {
  const held = signal();
  const gate = signal();
  let isWarm = false;
  const query: SqlClient["query"] = async (statement) => {
    if (!isWarm) return database.pool.query(statement as pg.QueryConfig);
    if (/^\s*insert into \S+\.guards/.test(statement.text)) {
      held.give();
      await gate.given;
    }
    return client.query(statement as pg.QueryConfig);
  };
  const warm = postgresStore({ query }, { schema });
  await moved(warm, approval(await waiting(store, unique("account"), ["1"])));
  isWarm = true;
  return { store: warm, isHeld: held.given, release: gate.give, commit: () => client.query("commit") };
}

async function connected(): Promise<pg.PoolClient> {
  const client = await database.pool.connect();
  onTestFinished(async () => {
    await client.query("rollback");
    client.release();
  });
  return client;
}

/** A client with an open transaction, which fails at once if it is part of a deadlock. */
async function opened(): Promise<pg.PoolClient> {
  const client = await connected();
  await client.query("begin; set local deadlock_timeout = '50ms'");
  return client;
}

async function untilWaiting(sessions: number): Promise<void> {
  for (let waits = 0; waits < sessions; await sleep(10)) {
    const { rows } = await database.pool.query(
      "select count(distinct pid)::int as waits from pg_locks where not granted",
    );
    waits = rows[0].waits;
  }
}
