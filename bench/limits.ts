/**
 * tsx bench/limits.ts: what spending limits cost an approval, and how many approvals a second go through one counter.
 *
 * All approvals take a need. Those with limits are counted in one cap, whose counter every approval locks, so they come
 * one after the other.
 */
import { pathToFileURL } from "node:url";
import { limitSet } from "../src/guards/limits/limit-set.js";
import type { Limit } from "../src/index.js";
import type { ExecutionStore } from "../src/store-port/execution-store.js";
import { migrate, postgresStore } from "../src/stores/postgres/index.js";
import { newInput, sampleLine, unique } from "../src/testing/store-contract/samples.js";
import { type Finding, medianRatio, print, timed } from "./rounds.js";
import { withPostgres } from "./with-postgres.js";

const IN_A_ROUND = 100;
const RACING = 1_000;
const CALLERS = 16;
const CAP: Limit = { name: "cap", scope: {}, per: "year", max: { amount: "1000000000", currency: "USD" } };

/** Measures approvals with and without limits. */
export function benchLimits(): Promise<readonly Finding[]> {
  return withPostgres(async (pool) => {
    const [free, capped] = [`bench_${process.pid}_free`, `bench_${process.pid}_capped`];
    try {
      const without = await storeIn(free, []);
      const within = await storeIn(capped, [CAP]);
      const ratio = await medianRatio(await approvals(within), await approvals(without));
      const racing = await pending(within, RACING);
      const ms = await timed(() => atOnce(racing, CALLERS, (id) => approve(within, id)));
      return [
        {
          name: "approval within a cap, compared with one without limits",
          value: ratio,
          unit: "x",
          limit: { atMost: 1.6 },
        },
        {
          name: `approvals a second of ${RACING} within one cap, ${CALLERS} at once`,
          value: (RACING * 1_000) / ms,
          unit: "/s",
          limit: { atLeast: 20 },
        },
      ];
    } finally {
      for (const schema of [free, capped]) await pool.query(`drop schema if exists ${schema} cascade`);
    }

    async function storeIn(schema: string, limits: readonly Limit[]): Promise<ExecutionStore> {
      await migrate(pool, { schema });
      const store = postgresStore(pool, { schema });
      await store.changeLimits({ set: limitSet(limits), replaces: null, changedBy: "bench", reason: "to measure" });
      return store;
    }
  });
}

/** One round of approvals after the other, of executions that are made before. */
async function approvals(store: ExecutionStore): Promise<() => Promise<void>> {
  const left = await pending(store, 12 * IN_A_ROUND);
  return async () => {
    for (const id of left.splice(0, IN_A_ROUND)) await approve(store, id);
  };
}

async function approve(store: ExecutionStore, executionId: string): Promise<void> {
  const event = { kind: "approved", actor: "bench" } as const;
  const guard = { status: ["pending"] } as const;
  const { kind } = await store.commit({ executionId, guard, status: "approved", approvedBy: "bench", event });
  if (kind !== "moved") throw new Error("an approval was refused");
}

/** Executions with one line and a need of their own. */
async function pending(store: ExecutionStore, count: number): Promise<string[]> {
  const inputs = Array.from({ length: count }, () => {
    const need = { key: unique("need"), windowMs: 3_600_000, allowOverlap: null };
    return newInput({ status: "pending", lines: [{ ...sampleLine(), need }] });
  });
  await atOnce(inputs, CALLERS, (input) => store.create(input));
  return inputs.map(({ execution }) => execution.id);
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
