import { PGlite } from "@electric-sql/pglite";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Execution } from "../../../src/domain/execution.js";
import { viewOf } from "../../../src/idempotency/execution-view.js";
import {
  createPurchaseEngine,
  deriveIdempotencyToken,
  type ExecutionStore,
  type PurchaseEngine,
  silentLogger,
  systemClock,
} from "../../../src/index.js";
import type { CommitResult, ExecutionChange } from "../../../src/store-port/execution-store.js";
import {
  fromPglite,
  migrate,
  postgresStore,
  type SqlClient,
  verifySchema,
} from "../../../src/stores/postgres/index.js";
import { simulatedCloud } from "../../../src/testing/simulated-cloud.js";
import { committed, submitting, unique } from "../../../src/testing/store-contract/samples.js";
import { changeOf, created, lineChange, moved, read } from "../../../src/testing/store-contract/steps.js";
import { CONTRACT, simulatedLine } from "../../support/purchase-fixture.js";
import { UNGUARDED } from "../../support/unguarded.js";
import { randomSchema, startDatabase, type TestDatabase } from "../support/test-database.js";
import {
  byDrizzleOverPg,
  byDrizzleOverPglite,
  byDrizzleOverPostgresJs,
  byKyselyOverPg,
  byKyselyOverPglite,
  byPg,
  byPglite,
  byPostgresJs,
  type InTransaction,
} from "./transactions-opened-by.js";

const schema = randomSchema();
const ORDERS = "create table orders (execution_id text primary key)";
let database: TestDatabase;
let pglite: PGlite;
let postgresJs: postgres.Sql;
beforeAll(async () => {
  [database, pglite] = await Promise.all([startDatabase(), PGlite.create()]);
  postgresJs = postgres(database.url, { onnotice: () => {} });
  for (const sql of [database.pool, fromPglite(pglite)]) {
    await sql.query({ text: ORDERS, values: [] });
    await migrate(sql, { schema });
  }
});
afterAll(async () => {
  await postgresJs.end();
  await pglite.close();
  await database.close();
});

/** An application that buys over its own connections, beside whatever transactions it opens. */
interface Application {
  readonly inTransaction: InTransaction;
  readonly sql: SqlClient;
  readonly store: ExecutionStore;
  readonly engine: PurchaseEngine;
}

function application(inTransaction: InTransaction, sql: SqlClient = database.pool): Application {
  const store = postgresStore(sql, { schema });
  return { inTransaction, sql, store, engine: engineOver(store) };
}

const cloud = simulatedCloud({ contract: CONTRACT.native, clock: systemClock });

const engineOver = (store: ExecutionStore): PurchaseEngine =>
  createPurchaseEngine({
    ...UNGUARDED,
    store,
    providers: [cloud.provider],
    logger: silentLogger,
  });

/** How many purchases of one execution's line the cloud has been sent. */
async function sentFor(store: ExecutionStore, executionId: string): Promise<number> {
  const { lineageKey } = await read(store, executionId);
  return cloud.requests().filter(({ token }) => token === deriveIdempotencyToken(lineageKey, 0)).length;
}

const basket = (requestKey = unique("key")) => ({
  requestKey,
  createdBy: "ann",
  lines: [simulatedLine({ offering: { size: unique("m") } })],
});

/** Whether the application's own row is there. */
async function isOrdered({ sql }: Application, executionId: string): Promise<boolean> {
  const { rows } = await sql.query({ text: "select from orders where execution_id = $1", values: [executionId] });
  return rows.length > 0;
}

class ChangedMind extends Error {}

const OPENERS: readonly (readonly [name: string, open: () => Application])[] = [
  ["a pg client", () => application(byPg(database.pool))],
  ["sql.begin of postgres.js", () => application(byPostgresJs(postgresJs))],
  ["Kysely", () => application(byKyselyOverPg(database.pool))],
  ["Drizzle over node-postgres", () => application(byDrizzleOverPg(database.pool))],
  ["Drizzle over postgres.js", () => application(byDrizzleOverPostgresJs(postgresJs))],
  ["PGlite", () => application(byPglite(pglite), fromPglite(pglite))],
  ["Kysely over PGlite", () => application(byKyselyOverPglite(pglite), fromPglite(pglite))],
  ["Drizzle over PGlite", () => application(byDrizzleOverPglite(pglite), fromPglite(pglite))],
];

describe.each(OPENERS)("in a transaction of %s", (_, open) => {
  let app: Application;
  beforeAll(() => {
    app = open();
  });

  test("a submission and its approval commit with the caller's own row, and are then bought", async () => {
    const { id } = await app.inTransaction(async ({ sql, order }) => {
      const decisions = app.engine.withStore(postgresStore(sql, { schema }));
      const submitted = await decisions.submit(basket());
      await order(submitted.id);
      return await decisions.approve(submitted.id, { approvedBy: "bob" });
    });
    expect(await isOrdered(app, id)).toBe(true);
    expect((await app.engine.events(id)).map(({ kind }) => kind)).toEqual(["submitted", "approved"]);
    expect(await app.engine.run(id)).toMatchObject({ status: "completed" });
  });

  test("a submission is gone with the caller's own row after a rollback", async () => {
    const ids: string[] = [];
    const transaction = app.inTransaction(async ({ sql, order }) => {
      const { id } = await app.engine.withStore(postgresStore(sql, { schema })).submit(basket());
      await order(id);
      ids.push(id);
      throw new ChangedMind();
    });
    await expect(transaction).rejects.toThrow(ChangedMind);
    const [id = ""] = ids;
    expect(await app.store.get(id)).toBeUndefined();
    expect(await app.store.events(id)).toEqual([]);
    expect(await isOrdered(app, id)).toBe(false);
  });

  test.each([
    ["approved", "approved"],
    ["scheduled", "scheduled"],
    ["paused", "paused"],
    ["canceled", "canceled"],
  ] as const)("an execution that is %s stays so after a commit, and is pending after a rollback", async (_, status) => {
    const decide = async (id: string, mindChanges: boolean) =>
      app.inTransaction(async ({ sql, order }) => {
        const decisions = app.engine.withStore(postgresStore(sql, { schema }));
        if (status === "approved") await decisions.approve(id, { approvedBy: "bob" });
        if (status === "scheduled") await decisions.schedule(id, { approvedBy: "bob", runAt: Date.now() + 60_000 });
        if (status === "paused") await decisions.pause(id, { pausedBy: "bob" });
        if (status === "canceled") await decisions.cancel(id, { canceledBy: "bob" });
        await order(id);
        expect((await decisions.explain(id)).status).toBe(status);
        if (mindChanges) throw new ChangedMind();
      });
    const execution = await app.engine.submit(basket());
    await expect(decide(execution.id, true)).rejects.toThrow(ChangedMind);
    expect({ ...viewOf(await read(app.store, execution.id)), created: true, overlaps: [] }).toEqual(execution);
    await decide(execution.id, false);
    expect(await app.store.get(execution.id)).toMatchObject({ status, version: 2 });
  });

  test("a request key in use gives its execution, and the transaction goes on", async () => {
    const submission = basket();
    const first = await app.engine.submit(submission);
    const again = await app.inTransaction(async ({ sql, order }) => {
      const existing = await app.engine.withStore(postgresStore(sql, { schema })).submit(submission);
      await order(existing.id);
      return existing;
    });
    expect(again).toEqual({ ...first, created: false });
    expect(await isOrdered(app, first.id)).toBe(true);
  });

  test("an expected refusal is an error that leaves the transaction open", async () => {
    const { id } = await app.engine.submit(basket());
    await app.inTransaction(async ({ sql, order }) => {
      const decisions = app.engine.withStore(postgresStore(sql, { schema }));
      await decisions.cancel(id, { canceledBy: "ann" });
      await expect(decisions.approve(id, { approvedBy: "bob" })).rejects.toMatchObject({
        code: "EXECUTION_NOT_IN_EXPECTED_STATUS",
      });
      await order(id);
    });
    expect(await isOrdered(app, id)).toBe(true);
    expect(await app.store.get(id)).toMatchObject({ status: "canceled" });
  });

  test("nothing can be bought, and the transaction goes on", async () => {
    const execution = await app.engine.submit(basket());
    await app.engine.approve(execution.id, { approvedBy: "bob" });
    await app.inTransaction(async ({ sql, order }) => {
      const inside = engineOver(postgresStore(sql, { schema }));
      await expect(inside.run(execution.id)).rejects.toMatchObject({ code: "STORE_IN_TRANSACTION", moneyMoved: "no" });
      expect(await inside.explain(execution.id)).toMatchObject({ status: "approved", lines: [{ state: "planned" }] });
      await order(execution.id);
    });
    expect(await isOrdered(app, execution.id)).toBe(true);
    expect(await sentFor(app.store, execution.id)).toBe(0);
    expect(await app.engine.run(execution.id)).toMatchObject({ status: "completed" });
    expect(await sentFor(app.store, execution.id)).toBe(1);
  });

  test("the schema can be verified, and the transaction goes on", async () => {
    const id = unique("order");
    await app.inTransaction(async ({ sql, order }) => {
      expect(await verifySchema(sql, { schema })).toMatchObject({ sound: true, differences: [] });
      await order(id);
    });
    expect(await isOrdered(app, id)).toBe(true);
  });

  test("a schema that was never migrated is refused by name", async () => {
    const transaction = app.inTransaction(({ sql }) =>
      app.engine.withStore(postgresStore(sql, { schema: "never_migrated" })).submit(basket()),
    );
    await expect(transaction).rejects.toMatchObject({ code: "INVALID_SCHEMA" });
  });
});

describe("a transaction and the engine beside it", () => {
  const inTransaction: InTransaction = (work) => byPg(database.pool)(work);
  let store: ExecutionStore;
  let engine: PurchaseEngine;
  beforeAll(() => {
    store = postgresStore(database.pool, { schema });
    engine = engineOver(store);
  });
  const within = (sql: SqlClient) => engine.withStore(postgresStore(sql, { schema }));

  async function approved(): Promise<Execution> {
    const { id } = await engine.submit(basket());
    await engine.approve(id, { approvedBy: "bob" });
    return await read(store, id);
  }

  test("others see a decision when it commits, not before", async () => {
    const { id } = await engine.submit(basket());
    await inTransaction(async ({ sql }) => {
      await within(sql).approve(id, { approvedBy: "bob" });
      expect(await engine.explain(id)).toMatchObject({ status: "pending" });
    });
    expect(await engine.explain(id)).toMatchObject({ status: "approved" });
  });

  test.each([
    ["a use", "commits", "already_decided"],
    ["a use", "rolls back", "decided"],
    ["a revocation", "commits", "DECISION_TOKEN_INVALID"],
    ["a revocation", "rolls back", "decided"],
  ])("a link waits for %s that %s: %s", async (what, end, outcome) => {
    const { id } = await engine.submit(basket());
    const request = { verb: "approve", recipient: "bob", validForMs: 600_000, issuedBy: "bot" } as const;
    const { token } = await engine.issueDecisionToken(id, request);
    const waiting: Promise<string>[] = [];
    const transaction = inTransaction(async ({ sql }) => {
      if (what === "a use") await within(sql).decideByToken(token);
      else await within(sql).revokeDecisionTokens(id, { revokedBy: "ann" });
      const use = engine.decideByToken(token).then(
        ({ kind }) => kind,
        ({ code }) => code,
      );
      waiting.push(use);
      await untilSomebodyWaits();
      if (end === "rolls back") throw new ChangedMind();
    });
    await transaction.catch((thrown: unknown) => expect(thrown).toBeInstanceOf(ChangedMind));
    expect(await waiting[0]).toBe(outcome);
    const approvals = (await engine.events(id)).filter(({ kind }) => kind === "approved");
    expect(approvals).toHaveLength(outcome === "DECISION_TOKEN_INVALID" ? 0 : 1);
  });

  test("a change by a token waits for another one that has no version either, and is refused", async () => {
    const { id } = await engine.submit(basket());
    const hash = "ab".repeat(32);
    const event = { kind: "transitioned", actor: "bob" } as const;
    const issue = { kind: "issue", hash, verb: "approve", recipient: "bob", validForMs: 600_000 } as const;
    await store.commit({ executionId: id, guard: {}, token: issue, event });
    const use: ExecutionChange = { executionId: id, guard: {}, token: { kind: "use", hash, verb: "approve" }, event };
    const waiting: ReturnType<ExecutionStore["commit"]>[] = [];
    await inTransaction(async ({ sql }) => {
      expect((await postgresStore(sql, { schema }).commit(use)).kind).toBe("moved");
      waiting.push(store.commit(use));
      await untilSomebodyWaits();
    });
    expect(await waiting[0]).toEqual({ kind: "refused", because: "token" });
  });

  test("a worker waits for a cancellation, and buys nothing where it commits", async () => {
    const execution = await approved();
    const running = await inTransaction(async ({ sql, order }) => {
      await order(execution.id);
      await within(sql).cancel(execution.id, { canceledBy: "ann" });
      const waiting = engine.run(execution.id).catch((error: unknown) => error);
      await untilSomebodyWaits();
      return { waiting };
    });
    expect(await running.waiting).toMatchObject({ code: "EXECUTION_NOT_IN_EXPECTED_STATUS" });
    expect(await sentFor(store, execution.id)).toBe(0);
  });

  test("a worker waits for a cancellation, and buys once where it is rolled back", async () => {
    const execution = await approved();
    const waiting: ReturnType<PurchaseEngine["run"]>[] = [];
    const transaction = inTransaction(async ({ sql }) => {
      await within(sql).cancel(execution.id, { canceledBy: "ann" });
      waiting.push(engine.run(execution.id));
      await untilSomebodyWaits();
      throw new ChangedMind();
    });
    await expect(transaction).rejects.toThrow(ChangedMind);
    expect(await waiting[0]).toMatchObject({ status: "completed" });
    expect(await sentFor(store, execution.id)).toBe(1);
  });

  test.each([
    ["after", false],
    ["before", true],
  ])("of many that decide the same %s writing their own row, one wins and none deadlocks", async (_, orderFirst) => {
    const { id } = await engine.submit(basket());
    await database.pool.query("insert into orders values ($1)", [`budget of ${id}`]);
    const spend = (sql: SqlClient) =>
      sql.query({
        text: "update orders set execution_id = execution_id where execution_id = $1",
        values: [`budget of ${id}`],
      });
    const decide = (_: unknown, person: number) =>
      inTransaction(async ({ sql }) => {
        if (orderFirst) await spend(sql);
        await within(sql).approve(id, { approvedBy: `person-${person}` });
        if (!orderFirst) await spend(sql);
      });
    const ends = await Promise.allSettled(Array.from({ length: 6 }, decide));
    const losses = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
    expect(losses).toHaveLength(5);
    for (const loss of losses) expect(loss).toMatchObject({ code: "EXECUTION_NOT_IN_EXPECTED_STATUS" });
  });

  test("the second of two submissions of one key waits, and gets the execution of the first", async () => {
    const submission = basket();
    const first = await inTransaction(async ({ sql }) => {
      const { id } = await within(sql).submit(submission);
      const waiting = inTransaction((other) => within(other.sql).submit(submission));
      await untilSomebodyWaits();
      return { id, waiting };
    });
    expect(await first.waiting).toMatchObject({ id: first.id });
  });

  test("the second of two submissions of one key takes the key where the first is rolled back", async () => {
    const submission = basket();
    const waiting: ReturnType<PurchaseEngine["submit"]>[] = [];
    const transaction = inTransaction(async ({ sql }) => {
      await within(sql).submit(submission);
      waiting.push(inTransaction((other) => within(other.sql).submit(submission)));
      await untilSomebodyWaits();
      throw new ChangedMind();
    });
    await expect(transaction).rejects.toThrow(ChangedMind);
    const second = await waiting[0];
    expect(await engine.explain(second?.id ?? "")).toMatchObject({ status: "pending" });
  });

  test("a retry commits with its transaction or not at all", async () => {
    const execution = await approved();
    cloud.strike({ kind: "rejected" });
    expect(await engine.run(execution.id)).toMatchObject({ status: "failed" });
    const retry = (mindChanges: boolean) =>
      inTransaction(async ({ sql }) => {
        const successor = await within(sql).retry(execution.id, { requestedBy: "ann", force: true });
        if (mindChanges) throw new ChangedMind();
        return successor;
      });
    await expect(retry(true)).rejects.toThrow(ChangedMind);
    const successor = await retry(false);
    expect(successor).toMatchObject({
      status: "pending",
      retryOf: execution.id,
      lineageId: viewOf(execution).lineageId,
    });
    await expect(retry(false)).rejects.toMatchObject({ code: "RETRY_REFUSED", details: { successorId: successor.id } });
  });

  test("under repeatable read, a decision about what changed after the snapshot is a serialization failure", async () => {
    const { id } = await engine.submit(basket());
    const transaction = inTransaction(async ({ sql }) => {
      await sql.query({ text: "set transaction isolation level repeatable read", values: [] });
      await within(sql).explain(id);
      await engine.approve(id, { approvedBy: "bob" });
      await within(sql).cancel(id, { canceledBy: "ann" });
    });
    await expect(transaction).rejects.toMatchObject({ code: "STORE_WRITE_FAILED", cause: { code: "40001" } });
    expect(await engine.explain(id)).toMatchObject({ status: "approved" });
  });

  test("what a unique index refuses aborts the transaction, up to a savepoint", async () => {
    const [holder, other] = [await approved(), await approved()];
    const id = unique("ri");
    await moved(store, lineChange(holder, committed(id)));
    await inTransaction(async ({ sql, order }) => {
      await sql.query({ text: "savepoint before", values: [] });
      const refused = { kind: "refused", because: "commitment" };
      expect(await postgresStore(sql, { schema }).commit(lineChange(other, committed(id)))).toEqual(refused);
      await expect(order(other.id)).rejects.toMatchObject({ code: "25P02" });
      await sql.query({ text: "rollback to savepoint before", values: [] });
      await order(other.id);
    });
    expect(await store.get(other.id)).toEqual(other);
  });

  test("tick over a client in a transaction buys nothing and says why", async () => {
    const execution = await approved();
    await inTransaction(async ({ sql }) => {
      const { errors } = await engineOver(postgresStore(sql, { schema })).tick({ limit: 200 });
      const refused = errors.filter(({ executionId }) => executionId === execution.id);
      expect(refused).toMatchObject([{ error: { code: "STORE_IN_TRANSACTION" } }]);
    });
    expect(await sentFor(store, execution.id)).toBe(0);
  });
});

describe("a write-ahead on a connection of its own", () => {
  const stamped = (execution: Execution): ExecutionChange =>
    changeOf(execution, {
      guard: { version: execution.version },
      lines: [{ index: 0, progress: submitting(), stampSubmission: true }],
    });

  test.each([
    ["refused as outdated where the other change commits", true],
    ["won where the other change is rolled back", false],
  ])("that had to wait for another change is not taken for one in a transaction: %s", async (_, commits) => {
    const store = postgresStore(database.pool, { schema });
    const execution = await created(store);
    const waiting: Promise<CommitResult>[] = [];
    await byPg(database.pool)(async ({ sql }) => {
      await moved(postgresStore(sql, { schema }), changeOf(execution, { reason: "first" }));
      waiting.push(store.commit(stamped(execution)));
      await untilSomebodyWaits();
      if (!commits) throw new ChangedMind();
    }).catch((error: unknown) => expect(error).toBeInstanceOf(ChangedMind));
    expect(await waiting[0]).toMatchObject(commits ? { kind: "refused", because: "guard" } : { kind: "moved" });
  });

  test("that a transaction precedes is refused, without a trace and without aborting the transaction", async () => {
    const store = postgresStore(database.pool, { schema });
    const execution = await created(store);
    await byPg(database.pool)(async ({ sql }) => {
      const inside = postgresStore(sql, { schema });
      const claimed = await moved(inside, changeOf(execution, { reason: "claimed" }));
      await expect(inside.commit(stamped(claimed))).rejects.toMatchObject({ code: "STORE_IN_TRANSACTION" });
      expect(await inside.get(execution.id)).toEqual(claimed);
    });
    expect(await store.get(execution.id)).toMatchObject({ version: 2, lines: [{ state: "planned" }] });
  });
});

/** Until a statement waits for a lock, as the server tells. */
async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await database.pool.query("select from pg_locks where not granted");
    if (rows.length > 0) return;
  }
}
