/**
 * tsx bench/store-transition.ts [--check]: what a status transition costs, compared with the bare UPDATE it contains.
 *
 * The transition compares and swaps the status, writes the audit event, and returns the whole execution with its line.
 * The bare UPDATE changes only status and version. The transaction writes the same as the transition, in the usual way:
 * BEGIN, UPDATE, INSERT, COMMIT. All three use the same pool and the same rows.
 */
import { randomUUID } from "node:crypto";
import { pathToFileURL } from "node:url";
import type pg from "pg";
import { PLANNED } from "../src/domain/execution.js";
import type { ExecutionStatus } from "../src/domain/execution-status.js";
import type { ExecutionStore, NewExecution } from "../src/store-port/execution-store.js";
import { migrate, postgresStore } from "../src/stores/postgres/index.js";
import { type Finding, keeps, median, print } from "./rounds.js";
import { withPostgres } from "./with-postgres.js";

const ROWS = 512;
const ROUNDS = 9;
const WARM_UPS = 3;
const FLIP = { paused: "pending", pending: "paused" } as const;
type Flipped = keyof typeof FLIP;

/** Moves one row from one status to another. */
type Move = (id: string, from: Flipped, to: Flipped) => Promise<boolean>;
interface Rows {
  readonly ids: readonly string[];
  readonly statuses: Map<string, Flipped>;
}

/** Measures latency with one caller and throughput with 16. */
export function benchStoreTransition(): Promise<readonly Finding[]> {
  return withPostgres(async (pool) => {
    const schema = `bench_${process.pid}_transition`;
    await migrate(pool, { schema });
    try {
      const store = postgresStore(pool, { schema });
      const rows = await fill(store);
      const moves = {
        store: storeMove(store),
        bare: bareMove(pool, schema),
        named: bareMove(pool, schema, "bare"),
        transaction: transactionMove(pool, schema),
      };
      const alone = await rates(moves, rows, { callers: 1, calls: 400 });
      const crowded = await rates(moves, rows, { callers: 16, calls: 2_000 });
      return findings(alone, crowded);
    } finally {
      await pool.query(`drop schema ${schema} cascade`);
    }
  });
}

const storeMove =
  (store: ExecutionStore): Move =>
  async (executionId, from, to) => {
    const event = { kind: "transitioned", actor: "bench" } as const;
    const result = await store.commit({ executionId, guard: { status: [from] }, status: to, event });
    return result.kind === "moved" && result.execution.lines.length === 1;
  };

/** The bare UPDATE: an ordinary statement of pg, or a named statement, which the server parses once per connection. */
const bareMove =
  (pool: pg.Pool, schema: string, name?: string): Move =>
  async (id, from, to) => {
    const text = `update ${schema}.executions set status = $2, version = version + 1 where id = $1 and status = $3`;
    const { rowCount } = await pool.query({ ...(name === undefined ? {} : { name }), text, values: [id, to, from] });
    return rowCount === 1;
  };

/** The usual way with pg: the update of `bareMove` and its event, in a transaction. */
const transactionMove =
  (pool: pg.Pool, schema: string): Move =>
  async (id, from, to) => {
    const client = await pool.connect();
    try {
      await client.query("begin");
      const update = `update ${schema}.executions set status = $2, version = version + 1 where id = $1 and status = $3 returning version`;
      const { rows, rowCount } = await client.query(update, [id, to, from]);
      const insert = `insert into ${schema}.events (execution_id, version, at, status, kind, actor) values ($1, $2, now(), $3, $4, $5)`;
      await client.query(insert, [id, rows[0].version, to, "transitioned", "bench"]);
      await client.query("commit");
      return rowCount === 1;
    } finally {
      client.release();
    }
  };

async function fill(store: ExecutionStore): Promise<Rows> {
  const ids = Array.from({ length: ROWS }, () => `exec_${randomUUID()}`);
  for (const id of ids)
    await store.create({ execution: newExecution(id), event: { kind: "submitted", actor: "bench" } });
  return { ids, statuses: new Map(ids.map((id) => [id, "pending"])) };
}

const newExecution = (id: string): NewExecution => ({
  id,
  requestKey: id,
  contentFingerprint: "f".repeat(64),
  lineageKey: `lin_${randomUUID()}`,
  status: "pending" satisfies ExecutionStatus,
  source: "bench",
  plan: null,
  approvalsNeeded: 1,
  createdBy: "bench",
  reason: null,
  wakeAt: null,
  expiresInMs: null,
  lines: [
    {
      ...PLANNED,
      index: 0,
      fingerprint: "f".repeat(64),
      need: null,
      request: {
        service: "aws.ec2",
        account: "123456789012",
        region: "eu-west-1",
        quantity: 2,
        term: "1yr",
        payment: "no_upfront",
        expectedPrice: { amount: "1234.50", currency: "USD" },
        instanceType: "m5.large",
        platform: "Linux/UNIX",
        tenancy: "default",
        offeringClass: "standard",
        scope: "region",
      },
    },
  ],
});

/** Calls per second of each kind, one number per round. The kinds take turns, so that noise disturbs all alike. */
async function rates<Kind extends string>(
  moves: Readonly<Record<Kind, Move>>,
  rows: Rows,
  load: { readonly callers: number; readonly calls: number },
): Promise<Readonly<Record<Kind, readonly number[]>>> {
  const kinds = Object.keys(moves) as Kind[];
  const measured = Object.fromEntries(kinds.map((kind) => [kind, [] as number[]])) as Record<Kind, number[]>;
  for (let round = -WARM_UPS; round < ROUNDS; round += 1)
    for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) {
      const rate = await rateOf(moves[kind], rows, load);
      if (round >= 0) measured[kind].push(rate);
    }
  return measured;
}

async function rateOf(
  move: Move,
  { ids, statuses }: Rows,
  { callers, calls }: { readonly callers: number; readonly calls: number },
): Promise<number> {
  const startedAt = performance.now();
  const caller = async (first: number) => {
    for (let call = first; call < calls; call += callers) {
      const id = ids[call % ids.length] ?? "";
      const from = statuses.get(id) ?? "pending";
      statuses.set(id, FLIP[from]);
      if (!(await move(id, from, FLIP[from]))) throw new Error(`${id} was not ${from}`);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, first) => caller(first)));
  return (calls * 1_000) / (performance.now() - startedAt);
}

type Rates = Readonly<Record<"store" | "bare" | "named" | "transaction", readonly number[]>>;

function findings(alone: Rates, crowded: Rates): readonly Finding[] {
  printRates("1 caller", alone);
  printRates("16 callers", crowded);
  const limits = { latency: { atMost: 1.35 }, throughput: { atLeast: 0.85 } };
  return [
    {
      name: "latency of a transition over a prepared bare UPDATE's, 1 caller",
      value: ratio(alone.named, alone.store),
      unit: "x",
      limit: limits.latency,
    },
    {
      name: "latency of BEGIN, UPDATE, INSERT, COMMIT over a transition's, 1 caller",
      value: ratio(alone.store, alone.transaction),
      unit: "x",
      limit: { atLeast: 1.6 },
    },
    {
      name: "throughput of transitions over bare UPDATEs', 16 connections",
      value: ratio(crowded.store, crowded.bare),
      unit: "x",
      limit: limits.throughput,
    },
  ];
}

const ratio = (ours: readonly number[], reference: readonly number[]): number =>
  median(ours.map((rate, round) => rate / (reference[round] ?? Number.NaN)));

function printRates(load: string, rates: Rates): void {
  const line = (name: string, kind: keyof Rates) =>
    console.log(
      `      ${`${name}, ${load}`.padEnd(50)} ${(1_000 / median(rates[kind])).toFixed(3)} ms apart, ${median(rates[kind]).toFixed(0).padStart(6)} /s, ours ${ratio(rates.store, rates[kind]).toFixed(2)} x as many`,
    );
  line("transition with event, execution and line", "store");
  line("bare UPDATE", "bare");
  line("bare UPDATE as a prepared statement", "named");
  line("BEGIN, UPDATE, INSERT, COMMIT", "transaction");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const found = await benchStoreTransition();
  print(found);
  if (process.argv.includes("--check") && !found.every(keeps)) process.exitCode = 1;
}
