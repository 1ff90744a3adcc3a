/**
 * tsx bench/reap.ts [--check]: what reaping 100,000 stuck executions costs, each with its line and its audit event.
 *
 * Three other ways run beside it in turns, on the same server: one bare UPDATE that moves as many rows of the same
 * table; the reaper going row by row, over a sample; and pg-boss expiring as many jobs. The jobs are made and fetched
 * by the calls of pg-boss with its defaults.
 */
import { loadavg } from "node:os";
import { pathToFileURL } from "node:url";
import type pg from "pg";
import PgBoss from "pg-boss";
import { reapStuckExecutions } from "../src/state-machine/reap-stuck-executions.js";
import type { ExecutionStore } from "../src/store-port/execution-store.js";
import { migrate, postgresStore } from "../src/stores/postgres/index.js";
import { fillWithStuck } from "../test/stores/support/stuck-executions.js";
import { type Finding, keeps, median, print, timed } from "./rounds.js";
import { withPostgres } from "./with-postgres.js";

const ROWS = 100_000;
const SAMPLE = 2_000;
const ROUNDS = 10;

/** Measures one sweep over all rows, in rounds. */
export function benchReap(): Promise<readonly Finding[]> {
  return withPostgres(async (pool) => {
    const prefix = `bench_${process.pid}`;
    const ours = await filled(pool, `${prefix}_reap`);
    const bare = await filled(pool, `${prefix}_bare`);
    const boss = await bossWith(pool, `${prefix}_boss`);
    const rounds: Round[] = [];
    try {
      for (let round = 0; round < ROUNDS; round += 1) rounds.push(await playRound(pool, { ours, bare, boss }));
    } finally {
      await boss.stop();
      for (const schema of [ours, bare, `${prefix}_boss`]) await pool.query(`drop schema ${schema} cascade`);
    }
    return findings(rounds);
  });
}

interface Round {
  readonly reapMs: number;
  readonly bareMs: number;
  /** Extrapolated from the sample to all rows. */
  readonly rowByRowMs: number;
  readonly bossMs: number;
}

interface Subjects {
  readonly ours: string;
  readonly bare: string;
  readonly boss: StoppableBoss;
}

async function playRound(pool: pg.Pool, { ours, bare, boss }: Subjects): Promise<Round> {
  const store = postgresStore(pool, { schema: ours });
  await stick(pool, ours);
  const rowByRowMs = (await timed(() => expectReaped(rowByRow(store), SAMPLE))) * (ROWS / SAMPLE);
  await stick(pool, ours);
  const reapMs = await timed(() => expectReaped(store, ROWS));
  await stick(pool, bare);
  const bareMs = await timed(() =>
    pool.query(`update ${bare}.executions set status = 'failed', version = version + 1`),
  );
  await boss.fill();
  const bossMs = await timed(() => boss.expire());
  const [load = 0] = loadavg();
  console.log(
    `load ${load.toFixed(1)}: one sweep ${seconds(reapMs)}, bare UPDATE ${seconds(bareMs)}, row by row ${seconds(rowByRowMs)}, pg-boss ${seconds(bossMs)}`,
  );
  return { reapMs, bareMs, rowByRowMs, bossMs };
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

function rowByRow({ reap: _, ...store }: ExecutionStore): ExecutionStore {
  return store;
}

async function expectReaped(store: ExecutionStore, limit: number): Promise<void> {
  const { reaped } = await reapStuckExecutions(store, { limit });
  if (reaped !== limit) throw new Error(`reaped ${reaped} of ${limit}`);
}

async function filled(pool: pg.Pool, schema: string): Promise<string> {
  await migrate(pool, { schema });
  await fillWithStuck(pool, schema, { count: ROWS });
  return schema;
}

/** Makes every execution stuck again, then runs VACUUM and CHECKPOINT. */
async function stick(pool: pg.Pool, schema: string): Promise<void> {
  await pool.query(`delete from ${schema}.events where version > 1`);
  await pool.query(`update ${schema}.executions set status = 'running', version = 1, reason = null,
                           last_active_at = now() - interval '1 hour' - random() * interval '1 hour'`);
  for (const table of ["executions", "lines", "events"]) await pool.query(`vacuum analyze ${schema}.${table}`);
  await pool.query("checkpoint");
}

interface StoppableBoss {
  fill(): Promise<void>;
  expire(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * pg-boss with as many active jobs whose time is over.
 *
 * `fill` makes the jobs anew. Expired jobs go back to be retried, which is the default of pg-boss.
 */
async function bossWith(pool: pg.Pool, schema: string): Promise<StoppableBoss> {
  const db = { executeSql: (text: string, values: unknown[] = []) => pool.query(text, values) };
  const boss = new PgBoss({ db, schema, supervise: false, schedule: false });
  await boss.start();
  await boss.createQueue("bench");
  return {
    async fill() {
      await pool.query(`delete from ${schema}.job`);
      const job = { name: "bench", data: { service: "custom.bench", account: "a" }, expireInSeconds: 60 };
      for (let made = 0; made < ROWS; made += 10_000) await boss.insert(Array.from({ length: 10_000 }, () => job));
      await boss.fetch("bench", { batchSize: ROWS });
      await pool.query(`update ${schema}.job set started_on = now() - interval '1 hour'`);
      await pool.query(`vacuum analyze ${schema}.job`);
      await pool.query("checkpoint");
    },
    async expire() {
      await boss.expire();
      const { rows } = await pool.query(`select count(*)::int as expired from ${schema}.job where state = 'retry'`);
      if (rows[0].expired !== ROWS) throw new Error(`pg-boss expired ${rows[0].expired} of ${ROWS} jobs`);
    },
    stop: () => boss.stop({ graceful: false }),
  };
}

function findings(rounds: readonly Round[]): readonly Finding[] {
  const ratio = (of: (round: Round) => number) => median(rounds.map(of));
  return [
    {
      name: "reaping 100,000 executions over one bare UPDATE of as many",
      value: ratio(({ reapMs, bareMs }) => reapMs / bareMs),
      unit: "x",
      limit: { atMost: 3.5 },
    },
    {
      name: "reaping row by row over reaping at once",
      value: ratio(({ rowByRowMs, reapMs }) => rowByRowMs / reapMs),
      unit: "x",
      limit: { atLeast: 20 },
    },
    {
      name: "pg-boss expiring 100,000 jobs over reaping as many executions",
      value: ratio(({ bossMs, reapMs }) => bossMs / reapMs),
      unit: "x",
      limit: { atLeast: 1.5 },
    },
  ];
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = await benchReap();
  print(found);
  if (process.argv.includes("--check") && !found.every(keeps)) process.exitCode = 1;
}
