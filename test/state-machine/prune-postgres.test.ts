import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { isBuyonceError } from "../../src/domain/errors.js";
import { silentLogger } from "../../src/domain/logger.js";
import { engineContext } from "../../src/engine/engine-context.js";
import { recordEvidence } from "../../src/engine/line/record-evidence.js";
import { createPurchaseEngine } from "../../src/engine/purchase-engine.js";
import { type PruneOptions, pruneExecutions } from "../../src/state-machine/prune-executions.js";
import type { PruneReport } from "../../src/state-machine/prune-report.js";
import { migrate, postgresStore, type SqlClient } from "../../src/stores/postgres/index.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { type PurchaseFault, simulatedCloud } from "../../src/testing/simulated-cloud.js";
import { lockRow } from "../chaos/support/row-lock.js";
import { roleForTest } from "../stores/support/role-for-test.js";
import { schemaForTest } from "../stores/support/schema-for-test.js";
import { startDatabase, type TestDatabase } from "../stores/support/test-database.js";
import { CONTRACT, simulatedLine } from "../support/purchase-fixture.js";
import { UNGUARDED } from "../support/unguarded.js";
import { DAY, KEEP, NOTHING_KEPT, YEAR } from "./prune-fixture.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

/** A shop in a schema of its own. Its cloud's clock is years behind, so that terms count from the store's times. */
async function openShop() {
  const { pool } = database;
  const schema = schemaForTest(pool);
  await migrate(pool, { schema });
  const store = postgresStore(pool, { schema });
  const cloud = simulatedCloud({ contract: CONTRACT.native, clock: manualClock(Date.now() - 10 * YEAR) });
  const engine = createPurchaseEngine({
    ...UNGUARDED,
    store,
    providers: [cloud.provider],
    logger: silentLogger,
  });
  const submit = (requestKey: string) =>
    engine.submit({ requestKey, createdBy: "ann", lines: [simulatedLine({ offering: { requestKey } })] });
  const run = async (requestKey: string, fault: PurchaseFault) => {
    const { id } = await submit(requestKey);
    await engine.approve(id, { approvedBy: "bob" });
    cloud.strike(fault);
    return engine.run(id);
  };
  return {
    schema,
    store,
    engine,
    submit,
    buy: async (requestKey: string) => (await run(requestKey, { kind: "none" })).id,
    refused: async (requestKey: string) => (await run(requestKey, { kind: "rejected" })).id,
    /** Makes believe that everything so far happened so much earlier. */
    age: (ms: number) => age(schema, ms),
    prune: (options: PruneOptions = {}, sql: SqlClient = pool) =>
      pruneExecutions(postgresStore(sql, { schema }), { keepMs: KEEP, ...options }),
    lateEvidence: (executionId: string) =>
      recordEvidence(engineContext({ store, providers: [cloud.provider] }), {
        executionId,
        lineIndex: 0,
        commitment: { commitmentIds: [`late-${executionId}`], adopted: false },
        needsLabel: false,
      }),
  };
}

type Shop = Awaited<ReturnType<typeof openShop>>;

const AGING = {
  executions: ["created_at", "updated_at", "status_changed_at", "last_active_at"],
  lines: ["submitted_at", "changed_at"],
  events: ["at"],
  history_terms: ["created_at"],
};

async function age(schema: string, ms: number): Promise<void> {
  for (const [table, columns] of Object.entries(AGING)) {
    const older = columns.map((column) => `${column} = ${column} - $1::float8 * interval '1 millisecond'`);
    await database.pool.query(`update ${schema}.${table} set ${older}`, [ms]);
  }
}

/** Throws unless every execution left has its lines, events, terms and request key, and nothing else is left. */
async function checkWhole({ schema }: Shop): Promise<void> {
  const { rows } = await database.pool.query(`
    select id from ${schema}.executions e
     where not exists (select from ${schema}.lines where execution_id = e.id)
        or version <> (select count(*) from ${schema}.events where execution_id = e.id)
        or not exists (select from ${schema}.history_terms where execution_id = e.id and created_at = e.created_at)
        or not exists (select from ${schema}.request_keys where execution_id = e.id and request_key = e.request_key)
     union all
    select execution_id from (
    select execution_id from ${schema}.lines union select execution_id from ${schema}.events
     union select execution_id from ${schema}.history_terms union select execution_id from ${schema}.commitments
     union select execution_id from ${schema}.request_keys
           ) as parts
     where execution_id not in (select id from ${schema}.executions)`);
  expect(rows).toEqual([]);
}

const notFound = (thrown: unknown): "not found" => {
  if (isBuyonceError(thrown, "EXECUTION_NOT_FOUND")) return "not found";
  throw thrown;
};

/** What somebody else does to a lineage that is being removed; "not found" where it was too late. */
const RIVALS: readonly (readonly [string, (shop: Shop, id: string) => Promise<unknown>])[] = [
  ["a retry", ({ engine }, id) => engine.retry(id, { requestedBy: "ann" }).catch(notFound)],
  ["late evidence", ({ lateEvidence }, id) => lateEvidence(id).catch(notFound)],
  ["another pruner", async ({ prune }) => ((await prune()).removed === 1 ? "removed" : "not found")],
];

describe("pruneExecutions over PostgreSQL", () => {
  test("keeps what was bought for its term, and forgets it after that", async () => {
    const shop = await openShop();
    const id = await shop.buy("basket");
    await shop.refused("refused");
    await shop.age(KEEP + DAY);
    expect(await shop.prune()).toMatchObject({ removed: 1, kept: { ...NOTHING_KEPT, term: 1 } });
    await shop.age(YEAR - 2 * DAY);
    expect(await shop.prune()).toMatchObject({ removed: 0, kept: { ...NOTHING_KEPT, term: 1 } });
    expect((await shop.submit("basket")).id).toBe(id);
    await shop.age(DAY);
    expect(await shop.prune()).toMatchObject({ removed: 1, kept: NOTHING_KEPT });
    await checkWhole(shop);
    expect((await shop.submit("basket")).id).not.toBe(id);
  });

  test("asks the server's clock, whatever this machine's says", async () => {
    const shop = await openShop();
    const id = await shop.refused("refused");
    await shop.age(KEEP - DAY);
    const report = await shop.prune({ clock: manualClock(Date.now() + 30 * YEAR) });
    expect(report).toMatchObject({ removed: 0, kept: { ...NOTHING_KEPT, store_clock: 1 } });
    expect(await shop.store.get(id)).toMatchObject({ status: "failed" });
  });

  describe.each(RIVALS)("against %s", (_, act) => {
    test.each(["prune", "rival"] as const)(
      "the %s wins that came first, and nothing is left in part",
      async (first) => {
        const shop = await openShop();
        const id = await shop.refused("refused");
        await shop.age(KEEP + DAY);
        const lock = await lockRow(database.pool, shop.schema, id);
        const acts = { prune: () => shop.prune(), rival: () => act(shop, id) };
        const winner = acts[first]();
        await lock.waiters(1);
        const loser = acts[first === "prune" ? "rival" : "prune"]();
        await lock.waiters(2);
        await lock.release();
        const [won, lost] = await Promise.all([winner, loser]);
        if (first === "prune") expect([won, lost]).toMatchObject([{ removed: 1 }, "not found"]);
        else expect(lost).toMatchObject({ removed: 0, kept: { ...NOTHING_KEPT, changed: 1 } });
        expect(won).not.toBe("not found");
        await checkWhole(shop);
      },
    );
  });

  test.each([
    ["commit", { removed: 0, kept: { ...NOTHING_KEPT, changed: 1 } }],
    ["rollback", { removed: 1, kept: NOTHING_KEPT }],
  ])("waits for a retry in somebody's open transaction, up to its %s", async (end, expected) => {
    const shop = await openShop();
    const id = await shop.refused("refused");
    await shop.age(KEEP + DAY);
    const lock = await lockRow(database.pool, shop.schema, id);
    await lock.release();
    const client = await database.pool.connect();
    onTestFinished(() => client.release(true));
    await client.query("begin");
    await shop.engine.withStore(postgresStore(client, { schema: shop.schema })).retry(id, { requestedBy: "ann" });
    const pruned = shop.prune();
    await lock.waiters(1);
    await client.query(end);
    expect(await pruned).toMatchObject(expected);
    await checkWhole(shop);
  });

  test("many pruners, retries, approvals and late news leave each lineage whole or gone", async () => {
    const shop = await openShop();
    const ids: string[] = [];
    for (let number = 0; number < 60; number += 1) ids.push(await shop.refused(`basket-${number}`));
    for (const id of ids.filter((_, number) => number % 4 === 0)) {
      const retry = await shop.engine.retry(id, { requestedBy: "ann" });
      await shop.engine.cancel(retry.id, { canceledBy: "ann" });
    }
    await shop.age(KEEP + DAY);
    const pruners = Array.from({ length: 3 }, (_, number) => pruneByPages(shop, 7 + number));
    const rivals = ids.map((id, number) =>
      number % 2 === 0 ? shop.lateEvidence(id).catch(notFound) : retryAndApprove(shop, id).catch(notFound),
    );
    const reports = await Promise.all(pruners);
    const answers = await Promise.all(rivals);
    const stored = await Promise.all(ids.map(async (id) => (await shop.store.get(id)) !== undefined));
    expect(stored).toEqual(answers.map((answer) => answer !== "not found"));
    const removed = reports.flat().reduce((sum, { removedLineages }) => sum + removedLineages, 0);
    expect(removed).toBe(stored.filter((is) => !is).length);
    expect(reports.flat().every(({ errored }) => errored === 0)).toBe(true);
    await checkWhole(shop);
  });

  test("needs the right to delete, and counts what it may not remove", async () => {
    const shop = await openShop();
    await shop.refused("refused");
    await shop.age(KEEP + DAY);
    const role = await roleForTest(database);
    await database.pool.query(`grant usage on schema ${shop.schema} to ${role.name}`);
    await database.pool.query(`grant delete on ${shop.schema}.commitments to ${role.name}`);
    await database.pool.query(`grant delete on ${shop.schema}.decision_tokens to ${role.name}`);
    await database.pool.query(`grant select, insert, update on all tables in schema ${shop.schema} to ${role.name}`);
    const errors: unknown[] = [];
    const logger = { ...silentLogger, error: (_: string, fields?: unknown) => void errors.push(fields) };
    expect(await shop.prune({ logger }, role.pool)).toMatchObject({ examined: 1, removed: 0, errored: 1 });
    expect(errors).toMatchObject([{ error: expect.stringContaining("permission denied") }]);
    for (const table of ["executions", "lines", "events", "history_terms", "request_keys"])
      await database.pool.query(`grant delete on ${shop.schema}.${table} to ${role.name}`);
    expect(await shop.prune({}, role.pool)).toMatchObject({ removed: 1, errored: 0 });
    await checkWhole(shop);
  });
});

/** Prunes page by page over connections of its own. */
async function pruneByPages(shop: Shop, limit: number): Promise<readonly PruneReport[]> {
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  try {
    const reports: PruneReport[] = [];
    for (let cursor: string | undefined; reports.length === 0 || cursor !== undefined; ) {
      const report: PruneReport = await shop.prune({ limit, cursor }, pool);
      reports.push(report);
      cursor = report.nextCursor;
    }
    return reports;
  } finally {
    await pool.end();
  }
}

async function retryAndApprove({ engine, store }: Shop, id: string): Promise<unknown> {
  const { successorId } = (await store.get(id)) ?? {};
  const retry = await engine.retry(successorId ?? id, { requestedBy: "ann" });
  return engine.approve(retry.id, { approvedBy: "bob" });
}
