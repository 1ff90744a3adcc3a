import pLimit from "p-limit";
import type { Execution } from "../src/domain/execution.js";
import type { ExecutionStore } from "../src/store-port/execution-store.js";
import { migrate, postgresStore } from "../src/stores/postgres/index.js";
import { approvedBasket, instantEngine } from "./instant-purchases.js";
import { type Finding, median, timed } from "./rounds.js";
import { withPostgres } from "./with-postgres.js";

const EXECUTIONS = 800;
const ROUNDS = 5;
const CONCURRENCY = 16;

/** How many one-line executions a second a tick brings through PostgreSQL, beside the statements alone. */
export function benchTickRate(): Promise<readonly Finding[]> {
  return withPostgres(async (pool) => {
    const schema = `bench_${process.pid}_tick`;
    await migrate(pool, { schema });
    try {
      const store = postgresStore(pool, { schema });
      const rates: number[] = [];
      const shares: number[] = [];
      for (let round = -1; round < ROUNDS; round += 1) {
        const rate = await rateOf(store, () => tickAll(store));
        const alone = await rateOf(store, () => storeAll(store));
        if (round < 0) continue;
        rates.push(rate);
        shares.push(rate / alone);
      }
      console.log(`      tick at concurrency ${CONCURRENCY}: ${median(rates).toFixed(0)} one-line executions a second`);
      const name = `tick at concurrency ${CONCURRENCY} over the store's statements alone, executions a second`;
      return [{ name, value: median(shares), unit: "x", limit: { atLeast: 0.6 } }];
    } finally {
      await pool.query(`drop schema ${schema} cascade`);
    }
  });
}

async function rateOf(store: ExecutionStore, work: () => Promise<void>): Promise<number> {
  const engine = instantEngine(store);
  const limit = pLimit(8);
  await Promise.all(Array.from({ length: EXECUTIONS }, () => limit(() => approvedBasket(engine, 1))));
  return (EXECUTIONS * 1_000) / (await timed(work));
}

async function tickAll(store: ExecutionStore): Promise<void> {
  const { ran, errors } = await instantEngine(store, { concurrency: CONCURRENCY }).tick({ limit: EXECUTIONS });
  if (ran !== EXECUTIONS || errors.length > 0) throw new Error(`${ran} executions ran, ${errors.length} failed`);
}

/** What a tick writes, and nothing of what it decides: claims, write-aheads, commitments. */
async function storeAll(store: ExecutionStore): Promise<void> {
  const limit = pLimit(CONCURRENCY);
  for (let left = EXECUTIONS; left > 0; ) {
    const claimed = await store.claimDue({
      from: ["approved"],
      limit: CONCURRENCY,
      freshFirst: true,
      except: [],
      owner: "bench",
      durationMs: 60_000,
      event: { kind: "claimed", actor: "bench" },
    });
    if (claimed.length === 0) throw new Error("nothing was claimed");
    await Promise.all(claimed.map(({ execution }) => limit(() => writeBoth(store, execution))));
    left -= claimed.length;
  }
}

async function writeBoth(store: ExecutionStore, { id, version, fence, lines: [line] }: Execution): Promise<void> {
  if (line === undefined) throw new Error(`${id} has no line`);
  const prepared = { reference: "offering" };
  const commitment = { commitmentIds: [id], adopted: false };
  const base = { executionId: id, answer: "named_lines" } as const;
  const writeAhead = await store.commit({
    ...base,
    guard: { version, fence },
    lease: { kind: "renew", durationMs: 60_000 },
    lines: [{ index: 0, progress: { ...line, state: "submitting", attempt: 1, prepared }, stampSubmission: true }],
    event: { kind: "write_ahead", actor: "bench", lineIndex: 0 },
  });
  const committed = await store.commit({
    ...base,
    guard: { version: version + 1, fence },
    status: "completed",
    wakeAt: null,
    lease: { kind: "release" },
    lines: [{ index: 0, progress: { ...line, state: "committed", attempt: 1, prepared, commitment } }],
    event: { kind: "committed", actor: "bench", lineIndex: 0 },
  });
  if (writeAhead.kind !== "moved" || committed.kind !== "moved") throw new Error(`${id} was refused`);
}
