/**
 * tsx bench/limits.ts: what spending limits and needs cost, and whether the rows that everybody locks let others through.
 *
 * Executions with limits are counted in one cap, whose counter every approval locks. So those approvals come one after
 * the other. The needs have been taken before, as those of renewals have.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type pg from "pg";
import { PLANNED } from "../src/domain/execution.js";
import { limitSet } from "../src/guards/limits/limit-set.js";
import type { Limit } from "../src/index.js";
import type { ExecutionChange, ExecutionStore } from "../src/store-port/execution-store.js";
import { migrate, postgresStore } from "../src/stores/postgres/index.js";
import { committed, newInput, sampleLine, submitting, unique } from "../src/testing/store-contract/samples.js";
import { type Finding, medianRatio, print, timed } from "./rounds.js";
import { withPostgres } from "./with-postgres.js";

const IN_A_ROUND = 50;
const ROUNDS = 11;
const RACING = 1_000;
const CALLERS = 16;
const BETWEEN_CHANGES_MS = 1_000;
const CAP: Limit = { name: "cap", scope: {}, per: "year", max: { amount: "1000000000", currency: "USD" } };
const EVENT = { kind: "transitioned", actor: "bench" } as const;

/** A schema, and what its executions are guarded by. */
interface Ground {
  readonly pool: pg.Pool;
  readonly schema: string;
  readonly store: ExecutionStore;
  readonly isGuarded: boolean;
}

/** Measures approvals and whole lives of executions with guards and without, and waits for rows that others share. */
export function benchLimits(): Promise<readonly Finding[]> {
  return withPostgres(async (pool) => {
    const [free, guarded] = [`bench_${process.pid}_free`, `bench_${process.pid}_guarded`];
    try {
      const without = await groundIn(pool, free, false);
      const within = await groundIn(pool, guarded, true);
      const lives = await medianRatio(await rounds(within, live), await rounds(without, live), { rounds: ROUNDS });
      const approvals = await medianRatio(await rounds(within, approve), await rounds(without, approve), {
        rounds: ROUNDS,
      });
      const racing = await pending(within, RACING);
      const ms = await timed(() => atOnce(racing, CALLERS, (id) => approve(within, id)));
      return [
        {
          name: "transition with a cap and a need, compared with one without, over a life",
          value: lives,
          unit: "x",
          limit: { atMost: 1.3 },
        },
        {
          name: "approval with a cap and a need, compared with one without",
          value: approvals,
          unit: "x",
          limit: { atMost: 2 },
        },
        {
          name: `approvals a second of ${RACING} within one cap, ${CALLERS} at once`,
          value: (RACING * 1_000) / ms,
          unit: "/s",
          limit: { atLeast: 20 },
        },
        await waitOf("freeze", within, CALLERS * 20, (id) => writeAhead(within, id), freeze),
        await waitOf("changeLimits", within, CALLERS * 20, (id) => approve(within, id), raise),
      ];
    } finally {
      for (const schema of [free, guarded]) await pool.query(`drop schema if exists ${schema} cascade`);
    }
  });
}

async function groundIn(pool: pg.Pool, schema: string, isGuarded: boolean): Promise<Ground> {
  await migrate(pool, { schema });
  const store = postgresStore(pool, { schema });
  const set = limitSet(isGuarded ? [CAP] : []);
  await store.changeLimits({ set, replaces: null, changedBy: "bench", reason: "to measure" });
  return { pool, schema, store, isGuarded };
}

/** Rounds of work on executions that are made before. */
async function rounds(
  ground: Ground,
  work: (ground: Ground, id: string) => Promise<unknown>,
): Promise<() => Promise<void>> {
  const left = await pending(ground, (ROUNDS + 2) * IN_A_ROUND);
  await ground.pool.query(`analyze`);
  return async () => {
    for (const id of left.splice(0, IN_A_ROUND)) await work(ground, id);
  };
}

/** All transitions of an execution that buys its line: approval, claim, write-ahead, and record with the end. */
async function live(ground: Ground, executionId: string): Promise<void> {
  await approve(ground, executionId);
  await move(ground, {
    executionId,
    guard: { status: ["approved"], version: 2 },
    status: "running",
    lease: { kind: "take", owner: "bench", durationMs: 60_000 },
    event: EVENT,
  });
  await writeAhead(ground, executionId, 3);
  await move(ground, {
    executionId,
    guard: { version: 4, fence: 1 },
    status: "completed",
    lease: { kind: "release" },
    lines: [{ index: 0, progress: committed(unique("ri")) }],
    event: EVENT,
  });
}

const approve = (ground: Ground, executionId: string) =>
  move(ground, {
    executionId,
    guard: { status: ["pending"] },
    status: "approved",
    approvedBy: "bench",
    event: { kind: "approved", actor: "bench" },
  });

const writeAhead = (ground: Ground, executionId: string, version = 1) =>
  move(ground, {
    executionId,
    guard: { version },
    lines: [{ index: 0, progress: { ...PLANNED, ...submitting() }, stampSubmission: true }],
    event: EVENT,
    answer: "named_lines",
  });

async function move({ store }: Ground, change: ExecutionChange): Promise<void> {
  const result = await store.commit(change);
  if (result.kind !== "moved") throw new Error(`a change was refused: ${JSON.stringify(result)}`);
}

/** Executions with one line. If they are guarded, it has a need of its own, which somebody has taken before. */
async function pending({ store, pool, schema, isGuarded }: Ground, count: number): Promise<string[]> {
  const inputs = Array.from({ length: count }, () => {
    const need = isGuarded ? { key: unique("need"), windowMs: 3_600_000, allowOverlap: null } : null;
    return newInput({ status: "pending", lines: [{ ...sampleLine(), need }] });
  });
  await atOnce(inputs, CALLERS, (input) => store.create(input));
  await pool.query(
    `insert into ${schema}.guards select 'need ' || need_key, '[]' from ${schema}.lines where need_key is not null
         on conflict do nothing`,
  );
  return inputs.map(({ execution }) => execution.id);
}

const freeze = async ({ store }: Ground) => {
  const { id } = await store.freeze({ id: unique("f"), scope: { account: "x" }, frozenBy: "b", reason: "to measure" });
  await store.unfreeze({ id, liftedBy: "bench", reason: "measured" });
};

const raise = async ({ store }: Ground) => {
  const max = { ...CAP.max, amount: `${1_000_000_000 + Math.floor(performance.now())}` };
  const replaces = (await store.limits())?.fingerprint ?? null;
  await store.changeLimits({ set: limitSet([{ ...CAP, max }]), replaces, changedBy: "bench", reason: "to measure" });
};

/** The longest that a change of a row takes while many calls share the row all the time, in milliseconds. */
async function waitOf(
  name: string,
  ground: Ground,
  calls: number,
  share: (id: string) => Promise<unknown>,
  change: (ground: Ground) => Promise<void>,
): Promise<Finding> {
  const ids = await pending(ground, calls);
  const state = { over: false, longestMs: 0 };
  const sharing = atOnce(ids, CALLERS - 1, share).then(() => {
    state.over = true;
  });
  while (!state.over) {
    state.longestMs = Math.max(state.longestMs, await timed(() => change(ground)));
    await sleep(BETWEEN_CHANGES_MS);
  }
  await sharing;
  return {
    name: `longest ${name} while ${CALLERS - 1} callers share its row`,
    value: state.longestMs,
    unit: "ms",
    limit: { atMost: 2_000 },
  };
}

async function atOnce<Item>(
  items: readonly Item[],
  callers: number,
  act: (item: Item) => Promise<unknown>,
): Promise<void> {
  const left = items.values();
  const one = async () => {
    for (const item of left) await act(item);
  };
  await Promise.all(Array.from({ length: callers }, one));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) print(await benchLimits());
