import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LineState } from "../../../src/domain/line-state.js";
import { reapStuckExecutions } from "../../../src/state-machine/reap-stuck-executions.js";
import type { ExecutionStore, ReapVerdict } from "../../../src/store-port/execution-store.js";
import { migrate, postgresStore } from "../../../src/stores/postgres/index.js";
import { sampleLine } from "../../../src/testing/store-contract/samples.js";
import { created } from "../../../src/testing/store-contract/steps.js";
import { haltAtRows } from "../support/halt-at-rows.js";
import { fillWithStuck } from "../support/stuck-executions.js";
import { randomSchema, startDatabase, type TestDatabase } from "../support/test-database.js";

const MINUTE = 60_000;
const schema = randomSchema();
let database: TestDatabase;
let store: ExecutionStore;

beforeAll(async () => {
  database = await startDatabase();
  await migrate(database.pool, { schema });
  store = postgresStore(database.pool, { schema });
});
afterAll(async () => {
  await database.pool.query(`drop schema ${schema} cascade`);
  await database.close();
});

/** An execution as the reaper may meet it. */
interface Sample {
  readonly status: string;
  readonly idleMs: number;
  readonly leaseMs: number | null;
  readonly wakeMs: number | null;
  readonly lines: readonly LineState[];
}

const lineStates = ["planned", "submitting", "in_doubt", "committed", "rejected", "skipped"] as const;
const samples: fc.Arbitrary<Sample> = fc.record({
  status: fc.constantFrom("approved", "running", "running", "pending", "in_doubt", "failed"),
  idleMs: fc.constantFrom(MINUTE, 9 * MINUTE, 11 * MINUTE, 3_600_000),
  leaseMs: fc.constantFrom(null, -MINUTE, MINUTE),
  wakeMs: fc.constantFrom(null, -11 * MINUTE, -MINUTE, MINUTE),
  lines: fc.array(fc.constantFrom(...lineStates), { minLength: 1, maxLength: 4 }),
});

/** Stores a sample past the law of the store, which would not let time stand still. */
async function stored({ status, idleMs, leaseMs, wakeMs, lines }: Sample): Promise<string> {
  const { id } = await created(store, { lines: lines.map((_, index) => sampleLine(index)) });
  const at = (ms: number | null) => (ms === null ? null : `${ms} ms`);
  await database.pool.query(
    `update ${schema}.executions
        set status = $2, last_active_at = now() - $3::interval, wake_at = now() + $5::interval,
            lease_owner = case when $4::text is null then null else 'worker' end, lease_expires_at = now() + $4::interval
      where id = $1`,
    [id, status, at(idleMs), at(leaseMs), at(wakeMs)],
  );
  for (const [index, state] of lines.entries())
    await database.pool.query(`update ${schema}.lines set state = $3 where execution_id = $1 and line_index = $2`, [
      id,
      index,
      state,
    ]);
  return id;
}

/** The same store without the sweep in one statement: rows are reaped one by one. */
const rowByRow = (): ExecutionStore => {
  const { reap: _, ...rest } = postgresStore(database.pool, { schema });
  return rest;
};

/** A reason without the seconds, because a busy machine takes some between the two ways of reaping. */
const timeless = (reason?: string | null) => reason?.replace(/ for \d+ s; /, " for n s; ");

/** What a sweep left of an execution, times and ids apart. */
async function leftOf(id: string) {
  const execution = await store.get(id);
  const events = await store.events(id);
  const { status, lease, wakeAt, version } = execution ?? {};
  const told = events.map(({ kind, reason, ...event }) => ({
    kind,
    reason: timeless(reason),
    status: event.status,
    version: event.version,
    actor: event.actor,
  }));
  return {
    status,
    reason: timeless(execution?.reason),
    isLeased: lease !== null,
    sleeps: wakeAt !== null,
    version,
    told,
  };
}

const clear = () =>
  database.pool.query(
    `truncate ${schema}.events, ${schema}.commitments, ${schema}.lines, ${schema}.executions, ${schema}.request_keys cascade`,
  );

const FAILED: ReapVerdict = { from: "running", proof: "none_committed", to: "failed", because: "nothing was bought." };

describe("reaping in one statement", () => {
  test("does to every execution what reaping row by row does", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(samples, { minLength: 1, maxLength: 12 }), async (basket) => {
        await clear();
        const atOnce: string[] = [];
        for (const sample of basket) atOnce.push(await stored(sample));
        const report = await reapStuckExecutions(store);
        const left = await Promise.all(atOnce.map(leftOf));
        await clear();
        const oneByOne: string[] = [];
        for (const sample of basket) oneByOne.push(await stored(sample));
        expect(report).toEqual(await reapStuckExecutions(rowByRow()));
        expect(left).toEqual(await Promise.all(oneByOne.map(leftOf)));
      }),
      { numRuns: Number(process.env.BUYONCE_REAPS ?? 40) },
    );
  });

  test("takes the oldest first, and no more than asked for", async () => {
    await clear();
    const idle = (idleMs: number): Sample => ({
      status: "approved",
      idleMs,
      leaseMs: null,
      wakeMs: null,
      lines: ["planned"],
    });
    const young = await stored(idle(20 * MINUTE));
    const old = await stored(idle(40 * MINUTE));
    expect(await reapStuckExecutions(store, { limit: 1 })).toEqual({ found: 1, reaped: 1, raceLost: 0, errored: 0 });
    expect((await store.get(old))?.status).toBe("failed");
    expect((await store.get(young))?.status).toBe("approved");
  });

  test("leaves the oldest to a sweep beside it, and takes the next", async () => {
    await clear();
    const idle = (idleMs: number): Sample => ({
      status: "running",
      idleMs,
      leaseMs: -MINUTE,
      wakeMs: null,
      lines: ["planned"],
    });
    const ids: string[] = [];
    for (const idleMinutes of [60, 50, 40, 30]) ids.push(await stored(idle(idleMinutes * MINUTE)));
    const sweep = { olderThanMs: MINUTE, limit: 1, actor: "reaper", verdicts: [FAILED] };
    const statuses = async () => Promise.all(ids.map(async (id) => (await store.get(id))?.status));
    expect(await store.reap?.({ ...sweep, passOver: 2 })).toEqual({ found: 1, reaped: 1 });
    expect(await statuses()).toEqual(["running", "running", "failed", "running"]);
    expect(await store.reap?.({ ...sweep, passOver: 3 })).toEqual({ found: 0, reaped: 0 });
    expect(await store.reap?.({ ...sweep, limit: 4 })).toEqual({ found: 3, reaped: 3 });
  });

  test.each([
    ["a pool", "n % 1000"],
    ["a pool, of executions stuck since the same moment,", "0"],
    ["one connection", "n % 1000"],
  ])("a large sweep over %s reaps as many as it may, and each once", { timeout: 60_000 }, async (over, seconds) => {
    await clear();
    const since = `now() - interval '1 hour' - ${seconds} * interval '1 second'`;
    await fillWithStuck(database.pool, schema, { count: 12_345, since });
    const client = await database.pool.connect();
    try {
      const large = over === "one connection" ? postgresStore(client, { schema }) : store;
      for (const reaped of [12_000, 345])
        expect(await reapStuckExecutions(large, { limit: 12_000 })).toMatchObject({ found: reaped, reaped });
      const { rows } = await database.pool.query(
        `select status, version, count(*)::integer from ${schema}.executions group by 1, 2`,
      );
      expect(rows).toEqual([{ status: "failed", version: "2", count: 12_345 }]);
    } finally {
      client.release();
    }
  });

  test("passes over what somebody else is changing, and does not wait for it", async () => {
    await clear();
    const sample: Sample = { status: "approved", idleMs: 20 * MINUTE, leaseMs: null, wakeMs: null, lines: ["planned"] };
    const [held, free] = [await stored(sample), await stored(sample)];
    const other = await database.pool.connect();
    try {
      await other.query("begin");
      await other.query(`select from ${schema}.executions where id = $1 for update`, [held]);
      expect(await reapStuckExecutions(store)).toEqual({ found: 1, reaped: 1, raceLost: 0, errored: 0 });
      await other.query("commit");
    } finally {
      other.release();
    }
    expect((await store.get(free))?.status).toBe("failed");
    expect((await store.get(held))?.status).toBe("approved");
    expect(await reapStuckExecutions(store)).toMatchObject({ reaped: 1 });
  });

  test("leaves alone what changed after it looked, because its lines are those of before", async () => {
    await clear();
    const sample: Sample = { status: "running", idleMs: 20 * MINUTE, leaseMs: null, wakeMs: null, lines: ["planned"] };
    const id = await stored(sample);
    const halted = await haltAtRows(database, schema);
    const sweep = { olderThanMs: MINUTE, limit: 10, actor: "reaper", verdicts: [FAILED] };
    const reaping = postgresStore(halted.pool, { schema }).reap?.(sweep);
    await halted.reached();
    await database.pool.query(`
      update ${schema}.lines set state = 'submitting' where execution_id = '${id}';
      update ${schema}.executions set version = version + 1 where id = '${id}'`);
    await halted.goOn();
    expect(await reaping).toEqual({ found: 1, reaped: 0 });
    expect(await store.get(id)).toMatchObject({ status: "running", version: 2, lines: [{ state: "submitting" }] });
  });

  test("goes on row by row where the one statement fails", async () => {
    await clear();
    const id = await stored({
      status: "approved",
      idleMs: 20 * MINUTE,
      leaseMs: null,
      wakeMs: null,
      lines: ["planned"],
    });
    const failing: ExecutionStore = { ...store, reap: () => Promise.reject(new Error("statement timeout")) };
    expect(await reapStuckExecutions(failing)).toEqual({ found: 1, reaped: 1, raceLost: 0, errored: 0 });
    expect((await store.get(id))?.status).toBe("failed");
  });

  test("of eight sweeps at once reaps every execution once", async () => {
    await clear();
    const sample: Sample = {
      status: "running",
      idleMs: 20 * MINUTE,
      leaseMs: -MINUTE,
      wakeMs: null,
      lines: ["submitting"],
    };
    const ids: string[] = [];
    for (let count = 0; count < 40; count += 1) ids.push(await stored(sample));
    const reports = await Promise.all(Array.from({ length: 8 }, () => reapStuckExecutions(store, { limit: 100 })));
    expect(reports.reduce((sum, { reaped }) => sum + reaped, 0)).toBe(40);
    for (const id of ids) {
      expect((await store.get(id))?.status).toBe("in_doubt");
      expect((await store.events(id)).filter(({ kind }) => kind === "reaped")).toHaveLength(1);
    }
  });
});
