import type pg from "pg";
import type { Execution, PurchaseLine } from "../../src/domain/execution.js";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import type { LedgerEntry } from "../../src/testing/simulated-cloud.js";
import type { CloudBooks } from "./serve-cloud.js";

/** What the store's books say, beside the cloud's. */
export interface StoreBooks {
  readonly executions: readonly Execution[];
  /** How many events of each kind the trails hold; there are no more requests than write-aheads. */
  readonly events: Readonly<Record<string, number>>;
  /** Executions whose trail is not one event for each version. */
  readonly brokenTrails: readonly string[];
}

/** Reads everything that the store knows. */
export async function readBooks(store: ExecutionStore, pool: pg.Pool, schema: string): Promise<StoreBooks> {
  const executions: Execution[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await store.history({ limit: 200, ...(cursor && { cursor }) });
    executions.push(...page.executions);
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  const kinds = await pool.query(
    `select kind, count(*)::int as count from ${schema}.events group by kind order by kind`,
  );
  const broken = await pool.query(`
    select coalesce(e.id, v.execution_id) as id
      from ${schema}.executions e
      full join (select execution_id, count(*) as events, min(version) as least, max(version) as most
                   from ${schema}.events group by execution_id) v on v.execution_id = e.id
     where (e.version, e.version, 1) is distinct from (v.events, v.most, v.least)`);
  const events = Object.fromEntries(kinds.rows.map(({ kind, count }) => [String(kind), Number(count)]));
  return { executions, events, brokenTrails: broken.rows.map(({ id }) => String(id)) };
}

/** How many lines of all lineages are bought, as the cloud's ledger has them, and everything that is wrong. */
export interface Audit {
  readonly lines: number;
  readonly wrong: readonly string[];
}

/**
 * Compares the books: each line of each lineage is exactly one commitment on the ledger, recorded where it belongs, and
 * nothing else was bought.
 */
export function auditBooks(books: StoreBooks, { ledger, purchaseRequests }: CloudBooks): Audit {
  const bought = new Map<string, LedgerEntry[]>();
  for (const entry of ledger) bought.set(entry.token, [...(bought.get(entry.token) ?? []), entry]);
  const wanted = wantedLines(books.executions);
  const writeAheads = books.events["write_ahead"] ?? 0;
  const wrong = [
    ...[...wanted].flatMap(([token, line]) => lineProblem(line, bought.get(token) ?? [])),
    ...[...bought.keys()]
      .filter((token) => !wanted.has(token))
      .map((token) => `nobody ordered ${token.slice(0, 8)}...`),
    ...books.executions
      .filter(({ status, successorId }) => status !== "completed" && successorId === null)
      .map(unfinished),
    ...books.brokenTrails.map((id) => `the trail of ${id} is not one event for each version`),
    ...(purchaseRequests > writeAheads ? [`${purchaseRequests} requests came of ${writeAheads} write-aheads`] : []),
  ];
  return { lines: wanted.size, wrong };
}

interface WantedLine {
  readonly name: string;
  readonly line: PurchaseLine;
}

/** Every line of every lineage by its token, as the last execution of its lineage that tried it has it. */
function wantedLines(executions: readonly Execution[]): ReadonlyMap<string, WantedLine> {
  const wanted = new Map<string, WantedLine>();
  for (const { id, lineageKey, lines } of [...executions].sort((a, b) => a.createdAt - b.createdAt))
    for (const line of lines) {
      const token = deriveIdempotencyToken(lineageKey, line.index);
      wanted.set(token, { name: `line ${line.index} (${line.request.service}) of ${id}`, line });
    }
  return wanted;
}

function lineProblem({ name, line }: WantedLine, entries: readonly LedgerEntry[]): readonly string[] {
  const requests = new Set(entries.map(({ lane, requestId }) => `${lane} ${requestId}`));
  if (requests.size !== 1) return [`${name} was bought ${requests.size} times; it is ${line.state}`];
  const quantity = entries.reduce((sum, entry) => sum + entry.quantity, 0);
  if (quantity !== line.request.quantity) return [`${name} was bought ${quantity} of ${line.request.quantity}`];
  const ids = entries.map(({ commitmentId }) => commitmentId).sort();
  const recorded = [...(line.commitment?.commitmentIds ?? [])].sort();
  if (line.state !== "committed" || ids.join() !== recorded.join())
    return [`${name} was bought as ${ids}; its books say ${line.state} ${recorded}`];
  return line.needsLabel ? [`${name} has no label yet`] : [];
}

const unfinished = ({ id, status, reason }: Execution): string => `${id} ended ${status}: ${reason}`;
