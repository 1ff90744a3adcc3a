import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { systemClock } from "../../../src/domain/clock.js";
import type { CustomRequest } from "../../../src/domain/commitment-request/custom.js";
import type { Execution } from "../../../src/domain/execution.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine, type PurchaseEngine } from "../../../src/engine/purchase-engine.js";
import type { CommitmentProvider, PurchaseContext } from "../../../src/providers/commitment-provider.js";
import type { PurchasePermit } from "../../../src/providers/purchase-permit.js";
import type { ExecutionStore } from "../../../src/store-port/execution-store.js";
import { migrate, postgresStore, type SqlClient } from "../../../src/stores/postgres/index.js";
import { interceptPort } from "../../../src/testing/crashing-store.js";
import { type LedgerEntry, type SimulatedCloud, simulatedCloud } from "../../../src/testing/simulated-cloud.js";
import { randomSchema } from "../../stores/support/test-database.js";
import { simulatedLine } from "../../support/purchase-fixture.js";
import { UNGUARDED } from "../../support/unguarded.js";

/** The two contracts between which everything that a worker does about lost answers differs. */
export const CONTRACT_KINDS = ["none", "native-token"] as const;

type ContractKind = (typeof CONTRACT_KINDS)[number];

/** `patient`: what completes does so in one run. `brisk`: leases and waits are over within a second. */
type Pace = "patient" | "brisk";

const LIMITS_MS = {
  patient: { maxRequestLifetimeMs: 300_000, visibilityLagMs: 60_000, clockSkewMs: 10_000 },
  brisk: { maxRequestLifetimeMs: 800, visibilityLagMs: 50, clockSkewMs: 50 },
} as const;

const WORKER_MS = {
  patient: { leaseMs: 300_000, lineTimeoutMs: 150_000, sendWithinMs: 75_000, retryDelayMs: 20 },
  brisk: { leaseMs: 1_600, retryDelayMs: 20 },
} as const;

/** One request that passed the last check before the wire. */
export interface SentRequest {
  readonly permit: PurchasePermit;
  readonly at: number;
}

/** Baskets in one schema of a server, and the one cloud where they are bought. */
export interface Shop {
  readonly schema: string;
  readonly cloud: SimulatedCloud;
  readonly sent: readonly SentRequest[];
  /** The test's own store, whose connections nobody troubles. */
  readonly store: ExecutionStore;
  /** A worker over connections of its own. */
  worker(sql: SqlClient): PurchaseEngine;
  /** Something that happens once, when a worker comes to this point. */
  once(when: "before" | "after", call: "prepare" | "purchase", happens: () => Promise<unknown>): void;
  /** Submits and approves a basket of so many lines. */
  basket(lines?: number): Promise<string>;
  /** Ticks on sound connections until every basket has come to its end. */
  comeToRest(): Promise<void>;
  /** Throws unless the cloud's ledger and the tables show every line bought once, and nothing was sent unwritten. */
  checkBooks(): Promise<void>;
}

/** Opens a shop in a schema of its own. */
export async function openShop(pool: pg.Pool, kind: ContractKind, pace: Pace = "patient"): Promise<Shop> {
  const schema = randomSchema();
  await migrate(pool, { schema });
  const contract = { kind, windowMs: kind === "none" ? 0 : 3_600_000, ...LIMITS_MS[pace] };
  const cloud = simulatedCloud({ contract, clock: systemClock });
  const sent: SentRequest[] = [];
  const happenings = new Map<string, () => Promise<unknown>>();
  const pass = async (point: string) => {
    const happens = happenings.get(point);
    happenings.delete(point);
    await happens?.();
  };
  const hooks = { before: (call: string) => pass(`before ${call}`), after: (call: string) => pass(`after ${call}`) };
  const provider = interceptPort(noting(cloud.provider, sent), hooks);
  const engineOver = (store: ExecutionStore) =>
    createPurchaseEngine({
      ...UNGUARDED,
      store,
      providers: [provider],
      logger: silentLogger,
      ...WORKER_MS[pace],
    });
  const store = postgresStore(pool, { schema });
  const own = engineOver(store);
  const ids: string[] = [];

  return {
    schema,
    cloud,
    sent,
    store,
    worker: (sql) => engineOver(postgresStore(sql, { schema })),
    once: (when, call, happens) => void happenings.set(`${when} ${call}`, happens),
    async basket(lines = 1) {
      const number = ids.length;
      const { id } = await own.submit({
        requestKey: `basket-${number}`,
        createdBy: "ann",
        // Each line has a lane of its own, so that none waits for another.
        lines: Array.from({ length: lines }, (_, line) => simulatedLine({ region: `r${number}-${line}` })),
      });
      await own.approve(id, { approvedBy: "bob" });
      ids.push(id);
      return id;
    },
    async comeToRest() {
      for (let round = 0; ; round += 1) {
        const open = (await executionsOf(store, ids)).filter(isOpen);
        if (open.length === 0) return;
        assert.ok(round < 400, `never came to rest: ${open.map(({ status, reason }) => `${status}, ${reason}`)}`);
        await own.tick({ limit: 100 });
        await sleep(25);
      }
    },
    async checkBooks() {
      await checkTables(pool, schema);
      const executions = await executionsOf(store, ids);
      for (const { status, reason } of executions) assert.equal(status, "completed", `${status}: ${reason}`);
      checkLedger(await linesOf(pool, schema), cloud.ledger());
      await checkSent(pool, schema, sent);
    },
  };
}

/** The provider, noting what it sends. */
const noting = (
  provider: CommitmentProvider<CustomRequest>,
  sent: SentRequest[],
): CommitmentProvider<CustomRequest> => ({
  ...provider,
  purchase: (permit: PurchasePermit<CustomRequest>, context: PurchaseContext) =>
    provider.purchase(permit, {
      ...context,
      beforeWire() {
        context.beforeWire();
        sent.push({ permit, at: systemClock.now() });
      },
    }),
});

const END: readonly string[] = ["completed", "partially_completed", "failed"];

const isOpen = ({ status, lines }: Execution): boolean =>
  !END.includes(status) || lines.some(({ needsLabel }) => needsLabel);

const executionsOf = async (store: ExecutionStore, ids: readonly string[]): Promise<readonly Execution[]> =>
  (await Promise.all(ids.map((id) => store.get(id)))).filter((one) => one !== undefined);

interface StoredLine {
  readonly execution_id: string;
  readonly line_index: number;
  readonly token: string;
  readonly ids: string;
}

/** The lines as they stand in the table, with their tokens (SHA-256 of the lineage key, a colon and the index). */
async function linesOf(pool: pg.Pool, schema: string): Promise<readonly StoredLine[]> {
  const { rows } = await pool.query<StoredLine>(
    `select execution_id, line_index, encode(sha256(convert_to(lineage_key || ':' || line_index, 'UTF8')), 'hex') as token,
            commitment ->> 'commitmentIds' as ids
       from ${schema}.lines`,
  );
  return rows;
}

/** Every change has its one event, and no version is missing. */
async function checkTables(pool: pg.Pool, schema: string): Promise<void> {
  const { rows } = await pool.query(
    `select e.id, e.version, array_agg(v.version order by v.version) as events
       from ${schema}.executions e
       left join ${schema}.events v on v.execution_id = e.id
      group by e.id
     having array_agg(v.version order by v.version)
            is distinct from (select array_agg(n) from generate_series(1, e.version) as n)`,
  );
  assert.deepEqual(rows, [], "versions have gaps, or not one event each");
}

function checkLedger(lines: readonly StoredLine[], ledger: readonly LedgerEntry[]): void {
  const booked = lines.map(({ token, ids }) => [token, ...JSON.parse(ids)]).sort();
  assert.deepEqual(booked, ledger.map(({ token, commitmentId }) => [token, commitmentId]).sort());
}

/** Each request had a write-ahead of its own in the trail, stored before it was sent. */
async function checkSent(pool: pg.Pool, schema: string, sent: readonly SentRequest[]): Promise<void> {
  const { rows } = await pool.query<{ execution_id: string; line_index: number; attempt: number; at: number }>(
    `select execution_id, line_index, (data ->> 'attempt')::integer as attempt,
            (extract(epoch from at) * 1000)::float8 as at
       from ${schema}.events where kind = 'write_ahead'`,
  );
  const lines = await linesOf(pool, schema);
  const spent = new Set<unknown>();
  for (const { permit, at } of sent) {
    const line = lines.find(({ token }) => token === permit.token);
    const ahead = rows.find(
      (row) =>
        row.execution_id === line?.execution_id && row.line_index === line.line_index && row.attempt === permit.attempt,
    );
    assert.ok(ahead !== undefined && ahead.at <= at, "sent without an earlier write-ahead");
    assert.equal(ahead.at, permit.submittedAt, "sent under another write-ahead's time");
    assert.ok(!spent.has(ahead), "one write-ahead, two requests");
    spent.add(ahead);
  }
}
