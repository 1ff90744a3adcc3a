import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate, postgresStore, type SqlClient } from "../../../src/stores/postgres/index.js";
import { committed, newInput, sampleLine, submitting, unique } from "../../../src/testing/store-contract/samples.js";
import { changeOf, created, lineChange, moved } from "../../../src/testing/store-contract/steps.js";
import { haltAtRows } from "../support/halt-at-rows.js";
import { schemaForTest } from "../support/schema-for-test.js";
import { randomSchema, startDatabase, type TestDatabase } from "../support/test-database.js";

const schema = randomSchema();
let database: TestDatabase;
let store: ReturnType<typeof postgresStore>;
beforeAll(async () => {
  database = await startDatabase();
  await migrate(database.pool, { schema });
  store = postgresStore(database.pool, { schema });
});
afterAll(() => database.close());

const asCursor = (position: string): string => Buffer.from(position).toString("base64url");

/** Runs something while another transaction has changed an execution and not committed yet. */
async function whileLocked<Result>(
  change: (other: ReturnType<typeof postgresStore>) => Promise<unknown>,
  waiting: () => Promise<Result>,
  holdMs = 0,
): Promise<Result> {
  const client = await database.pool.connect();
  try {
    await client.query("begin");
    await change(postgresStore(client, { schema }));
    const result = waiting();
    await untilSomebodyWaits();
    await sleep(holdMs);
    await client.query("commit");
    return await result;
  } finally {
    client.release();
  }
}

/** Until a statement waits for a lock, as the server tells. */
async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await database.pool.query("select from pg_locks where not granted");
    if (rows.length > 0) return;
  }
}

describe("a change that waits for another one", () => {
  test("is judged by what the other one left", async () => {
    const execution = await created(store);
    const guarded = changeOf(execution, { guard: { status: ["approved"] }, status: "running" });
    const result = await whileLocked(
      (other) => moved(other, changeOf(execution, { status: "canceled" })),
      () => store.commit(guarded),
    );
    expect(result).toEqual({ kind: "refused", because: "guard" });
  });

  for (const [variant, part] of [
    ["plain", {}],
    ["full", { wakeAt: null }],
  ] as const)
    test(`returns the lines that the other one left (${variant})`, async () => {
      const execution = await created(store);
      const result = await whileLocked(
        (other) => moved(other, lineChange(execution, submitting())),
        () => moved(store, changeOf(execution, { reason: "at the same time", ...part })),
      );
      expect(result.version).toBe(3);
      expect(result.lines[0]?.state).toBe("submitting");
      expect(result).toEqual(await store.get(execution.id));
    });

  test("does not get through with a lease that ran out while it waited", async () => {
    const execution = await created(store);
    const lease = { kind: "take", owner: "worker", durationMs: 300 } as const;
    const running = await moved(store, changeOf(execution, { status: "running", lease }));
    const result = await whileLocked(
      (other) => moved(other, changeOf(running, { reason: "holds the lock" })),
      () => store.commit(changeOf(running, { guard: { fence: running.fence }, reason: "too late" })),
      2 * lease.durationMs,
    );
    expect(result).toEqual({ kind: "refused", because: "guard" });
  });

  for (const [variant, part] of [
    ["plain", {}],
    ["full", { wakeAt: null }],
  ] as const)
    test(`does not get through where it had to come before a time that passed while it waited (${variant})`, async () => {
      const execution = await created(store);
      const { updatedAt } = await moved(store, changeOf(execution, { approvedBy: "bob" }));
      const result = await whileLocked(
        (other) => moved(other, changeOf(execution, { reason: "holds the lock" })),
        () => store.commit(changeOf(execution, { guard: { before: updatedAt + 500 }, reason: "too late", ...part })),
        1_000,
      );
      expect(result).toEqual({ kind: "refused", because: "guard" });
    });

  test("is never stamped earlier than the other one", async () => {
    const execution = await created(store);
    await whileLocked(
      async (other) => {
        await sleep(20);
        await moved(other, changeOf(execution, { reason: "first" }));
      },
      () => moved(store, changeOf(execution, { reason: "second" })),
    );
    const times = (await store.events(execution.id)).map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

test("a batch of claims hands out what changed after it looked as it is now, lines included", async () => {
  const schema = schemaForTest(database.pool);
  await migrate(database.pool, { schema });
  const store = postgresStore(database.pool, { schema });
  const execution = await created(store, { status: "approved" });
  const halted = await haltAtRows(database, schema);
  const batch = {
    from: ["approved"],
    freshFirst: false,
    except: [],
    limit: 10,
    owner: "worker",
    durationMs: 60_000,
  } as const;
  const event = { kind: "claimed", actor: "worker" } as const;
  const client = await database.pool.connect();
  await client.query("begin");
  await moved(postgresStore(client, { schema }), {
    ...lineChange(execution, committed(unique("ri"))),
    guard: { version: 1 },
  });
  const claiming = postgresStore(halted.pool, { schema }).claimDue({ ...batch, event });
  await halted.reached();
  await client.query("commit");
  client.release();
  await halted.goOn();
  const claimed = { version: 3, status: "running", lines: [{ state: "committed" }] };
  expect(await claiming).toMatchObject([{ execution: claimed, from: "approved" }]);
});

describe("statements", () => {
  test("create and commit are one statement each", async () => {
    let statements = 0;
    const counting: SqlClient = {
      query(statement) {
        statements += 1;
        return database.pool.query(statement);
      },
    };
    const counted = postgresStore(counting, { schema });
    await counted.get("verifies the schema");
    statements = 0;
    const execution = await created(counted);
    await moved(counted, changeOf(execution, { status: "pending" }));
    await moved(counted, { ...lineChange(execution, committed(unique("ri"))), guard: { version: 2 } });
    expect(statements).toBe(3);
  });

  test("that correct, free and claim commitment ids are one statement too", async () => {
    const texts: string[] = [];
    const listening: SqlClient = {
      query(statement) {
        texts.push(statement.text);
        return database.pool.query(statement);
      },
    };
    const counted = postgresStore(listening, { schema });
    const [wrong, right] = [unique("ri"), unique("ri")];
    const bought = await moved(counted, lineChange(await created(counted), committed(wrong)));
    texts.length = 0;
    await moved(counted, lineChange(bought, committed(right)));
    expect(texts).toHaveLength(1);
    const query = { cloud: "custom.contract", account: "account-1", commitmentIds: [wrong, right] };
    expect(await store.claims(query)).toMatchObject([{ commitmentId: right }]);
  });

  test("join a transaction of the caller's", async () => {
    const client = await database.pool.connect();
    await client.query("begin");
    const inside = await created(postgresStore(client, { schema }));
    expect(await store.get(inside.id)).toBeUndefined();
    await client.query("rollback");
    client.release();
    expect(await store.get(inside.id)).toBeUndefined();
  });

  test("mean the same whatever the session's settings and the driver's parsers are", async () => {
    const session = {
      options:
        "-c timezone=Asia/Kathmandu -c datestyle=German -c intervalstyle=sql_standard -c default_transaction_isolation=serializable",
    };
    const types = { getTypeParser: () => (text: string) => ({ parsedOddly: text, toString: () => text }) };
    const pool = new pg.Pool({ connectionString: database.url, ...session, types: types as never, max: 1 });
    const odd = postgresStore(pool, { schema });
    const execution = await created(odd, { expiresInMs: 60_000, wakeAt: 1_790_000_000_123 });
    const change = {
      ...lineChange(execution, { ...submitting(), unprovedSince: 1_780_000_000_456 }),
      wakeAt: { inMs: 1 },
    };
    const changed = await moved(odd, change);
    expect(await store.get(execution.id)).toEqual(changed);
    expect(changed.lines[0]?.unprovedSince).toBe(1_780_000_000_456);
    expect(await odd.events(execution.id)).toEqual(await store.events(execution.id));
    await pool.end();
  });

  test("of two schemas share a connection", async () => {
    const second = randomSchema();
    await migrate(database.pool, { schema: second });
    const client = await database.pool.connect();
    const stores = [schema, second].map((name) => postgresStore(client, { schema: name }));
    const input = newInput();
    for (const one of stores) await expect(one.create(input)).resolves.toMatchObject({ kind: "created" });
    client.release();
    await database.pool.query(`drop schema ${second} cascade`);
  });
});

describe("what cannot be", () => {
  test("a change that names a line the execution does not have is refused whole", async () => {
    const execution = await created(store);
    const lines = [0, 7].map((index) => ({ index, progress: submitting() }));
    const change = changeOf(execution, { guard: { version: 1 }, lines });
    expect(await store.commit(change)).toEqual({ kind: "refused", because: "guard" });
    expect(await store.get(execution.id)).toEqual(execution);
  });

  test("a change that names a line twice is a TypeError", async () => {
    const execution = await created(store);
    const lines = [0, 0].map((index) => ({ index, progress: submitting() }));
    await expect(store.commit(changeOf(execution, { guard: { version: 1 }, lines }))).rejects.toThrow(TypeError);
  });

  test("a status that does not exist is thrown as the driver throws it", async () => {
    const execution = await created(store);
    await expect(store.commit(changeOf(execution, { status: "bought" as never }))).rejects.toMatchObject({
      code: "23514",
      constraint: "executions_status",
    });
  });

  test.each(["page 2", ...["99999999999999999999 x", "8640000000000000 x", "1 a\0"].map(asCursor)])(
    "a foreign cursor (%s) is refused",
    async (cursor) => {
      await expect(store.history({ cursor })).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    },
  );

  test("a status that is named twice finds each execution once", async () => {
    const createdBy = unique("creator");
    const { id } = await created(store, { status: "canceled", createdBy });
    const { executions } = await store.history({ createdBy, status: ["canceled", "canceled"] });
    expect(executions.map((execution) => execution.id)).toEqual([id]);
  });

  test("an id that no execution can have is unknown", async () => {
    expect(await store.get("exec-\0")).toBeUndefined();
  });

  test("nobody holds a lane that no line can have", async () => {
    expect(await store.laneHolder("lane\0")).toBeUndefined();
  });

  test("an approval has a time, and a time an approval, whoever writes to the tables", async () => {
    const { id } = await created(store);
    for (const half of ["approved_by = 'bob'", "approval_from = now()"])
      await expect(
        database.pool.query(`update ${schema}.executions set ${half} where id = $1`, [id]),
      ).rejects.toMatchObject({ code: "23514", constraint: "executions_approval" });
  });

  test("a creation that is refused in a transaction of the caller's says so", async () => {
    const execution = await created(store);
    const input = newInput({ lineageKey: execution.lineageKey });
    const client = await database.pool.connect();
    try {
      await client.query("begin");
      expect(await postgresStore(client, { schema }).create(input)).toEqual({ kind: "refused", because: "lineage" });
      await client.query("rollback");
    } finally {
      client.release();
    }
  });

  test("the tables themselves hold one event per version and one claim per id", async () => {
    const execution = await created(store, { lines: [sampleLine(0), sampleLine(1)] });
    await moved(store, lineChange(execution, committed(unique("ri"))));
    for (const table of ["events", "commitments"]) {
      const copy = `insert into ${schema}.${table} select * from ${schema}.${table} limit 1`;
      await expect(database.pool.query(copy)).rejects.toMatchObject({ code: "23505" });
    }
  });
});
