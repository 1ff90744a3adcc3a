/**
 * tsx bench/history.ts [--check]: what a page of 50 executions costs among a million of them, and among ten thousand.
 *
 * Both tables are on one server and are read in turns: the first page, then the pages after it.
 */
import { pathToFileURL } from "node:url";
import type { ExecutionStore, HistoryQuery } from "../src/store-port/execution-store.js";
import { migrate, postgresStore } from "../src/stores/postgres/index.js";
import { fillWithExecutions } from "../test/stores/support/many-executions.js";
import { type Finding, keeps, median, print, timed } from "./rounds.js";
import { withPostgres } from "./with-postgres.js";

const MANY = 1_000_000;
const FEW = 10_000;
const PAGES = 60;

const QUERIES: readonly (readonly [what: string, query: HistoryQuery])[] = [
  ["of everything", {}],
  ["of one status", { status: ["failed"] }],
  ["of a provider", { provider: "aws" }],
  ["of an account", { account: "account-17" }],
  ["of a creator", { createdBy: "creator-3" }],
  ["of a plan", { planId: "plan-470" }],
  ["of a commitment", { commitmentId: "ri-exec-4710" }],
];

/** Measures pages of every kind. */
export function benchHistory(): Promise<readonly Finding[]> {
  return withPostgres(async (pool) => {
    const store = async (count: number): Promise<ExecutionStore> => {
      const schema = `bench_${process.pid}_${count}`;
      await migrate(pool, { schema });
      await fillWithExecutions(pool, schema, count);
      return postgresStore(pool, { schema });
    };
    const [many, few] = [await store(MANY), await store(FEW)];
    try {
      const findings: Finding[] = [];
      for (const [what, query] of QUERIES) findings.push(await compared(what, query, { many, few }));
      return findings;
    } finally {
      for (const count of [MANY, FEW]) await pool.query(`drop schema bench_${process.pid}_${count} cascade`);
    }
  });
}

async function compared(
  what: string,
  query: HistoryQuery,
  { many, few }: { readonly many: ExecutionStore; readonly few: ExecutionStore },
): Promise<Finding> {
  const [next, nextOfFew] = [pagesOf(many, query), pagesOf(few, query)];
  const [times, timesOfFew]: [number[], number[]] = [[], []];
  for (let page = -5; page < PAGES; page += 1) {
    const [ms, msOfFew] = [await timed(next), await timed(nextOfFew)];
    if (page >= 0) times.push(ms);
    if (page >= 0) timesOfFew.push(msOfFew);
  }
  const value = median(times) / median(timesOfFew);
  return { name: `history, page ${what}: p50 at 1,000,000 over 10,000`, value, unit: "x", limit: { atMost: 2 } };
}

/** Reads one page with each call, and begins again after the last page. */
function pagesOf(store: ExecutionStore, query: HistoryQuery): () => Promise<void> {
  let cursor: string | undefined;
  return async () => {
    const page = await store.history({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    cursor = page.nextCursor;
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = await benchHistory();
  print(found);
  if (process.argv.includes("--check") && !found.every(keeps)) process.exitCode = 1;
}
