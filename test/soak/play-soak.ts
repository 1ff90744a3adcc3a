import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import type pg from "pg";
import { isBuyonceError } from "../../src/domain/errors.js";
import type { PurchaseEngine } from "../../src/engine/purchase-engine.js";
import { processIdentity } from "../../src/stores/local/process-identity.js";
import { migrate, postgresStore } from "../../src/stores/postgres/index.js";
import { startChild } from "../stores/support/child.js";
import { type SeededRandom, seededRandom } from "../stores/support/seeded-random.js";
import type { TestDatabase } from "../stores/support/test-database.js";
import { basketOf } from "./baskets.js";
import { auditBooks, readBooks } from "./check-books.js";
import type { CloudBooks } from "./serve-cloud.js";
import { soakEngine } from "./soak-engine.js";
import { startCrew } from "./worker-crew.js";

/** How long and how hard. */
export interface Soak {
  readonly executions: number;
  readonly workers: number;
  /** Draws the baskets, the faults and the kills. */
  readonly seed: number;
  /** The mean time between two kills. */
  readonly killEveryMs: number;
  /** Whether workers send each purchase twice: what must not be done, to see that it is found. */
  readonly hedging?: boolean;
  /** Gives up after this; what is open then is told in `wrong`. */
  readonly withinMs: number;
}

/** What happened. */
export interface SoakReport {
  readonly seed: number;
  readonly executions: number;
  readonly lines: number;
  readonly kills: number;
  readonly ticks: number;
  readonly tickErrors: Readonly<Record<string, number>>;
  /** Events of each kind in the trails. */
  readonly events: Readonly<Record<string, number>>;
  readonly purchaseRequests: number;
  readonly commitments: number;
  readonly faults: Readonly<Record<string, number>>;
  /** Executions that a person had to try again, because the cloud had refused a line. */
  readonly retries: number;
  /** Processes that outlived the soak. */
  readonly orphans: number;
  readonly elapsedMs: number;
  /** Everything that is not as promised; empty where the promise was kept. */
  readonly wrong: readonly string[];
}

/**
 * Buys many baskets from one cloud over one PostgreSQL with workers that are killed all the time, then compares the
 * cloud's ledger with the store's books.
 *
 * Kills and faults go on until nine tenths are settled; what they left must then settle by itself.
 */
export async function playSoak(
  { url, pool }: Pick<TestDatabase, "url" | "pool">,
  schema: string,
  soak: Soak,
): Promise<SoakReport> {
  const startedAt = performance.now();
  const elapsedMs = () => Math.round(performance.now() - startedAt);
  const random = seededRandom(soak.seed);
  await migrate(pool, { schema });
  const cloud = startChild("../../soak/cloud-process.ts", String(soak.seed));
  const { url: cloudUrl } = (await cloud.said()) as { readonly url: string };
  const store = postgresStore(pool, { schema });
  const engine = soakEngine(store, cloudUrl);
  const killer = { random: seededRandom(soak.seed + 1), everyMs: soak.killEveryMs };
  const crew = startCrew(soak.workers, [url, schema, cloudUrl, ...(soak.hedging ? ["hedging"] : [])], killer);
  let processes: readonly number[] = [];
  let played: Omit<SoakReport, "orphans" | "elapsedMs">;
  try {
    await submitAll(engine, random, soak.executions);
    const retries = { count: 0 };
    const rest = (share: number) =>
      untilOpen(pool, schema, engine, { share, retries, late: () => elapsedMs() > soak.withinMs });
    await rest(soak.executions / 10);
    await crew.spare();
    await ask(cloudUrl, "heal");
    await rest(0);
    // Nobody buys while the two books are read, or what is bought in between would look lost.
    processes = await crew.dismiss();
    const books = await readBooks(store, pool, schema);
    const cloudBooks = await ask(cloudUrl, "books");
    const { kills, ticks, errors } = crew.counts();
    played = {
      seed: soak.seed,
      executions: soak.executions,
      kills,
      ticks,
      tickErrors: errors,
      events: books.events,
      purchaseRequests: cloudBooks.purchaseRequests,
      commitments: cloudBooks.ledger.length,
      faults: cloudBooks.faults,
      retries: retries.count,
      ...auditBooks(books, cloudBooks),
    };
  } finally {
    processes = await crew.dismiss();
    cloud.process.kill("SIGKILL");
    await cloud.ended();
  }
  const orphans = [...processes, cloud.pid].filter((pid) => processIdentity(pid) !== undefined).length;
  return { ...played, orphans, elapsedMs: elapsedMs() };
}

const SUBMITTERS = 4;

/** Submits and approves all baskets; some twice, as where a message is delivered again. */
async function submitAll(engine: PurchaseEngine, random: SeededRandom, count: number): Promise<void> {
  const limit = pLimit(SUBMITTERS);
  const baskets = Array.from({ length: count }, (_, at) => ({
    submission: { requestKey: `basket-${at}`, createdBy: "ann", lines: basketOf(random) },
    again: random.chance(0.1),
  }));
  await Promise.all(
    baskets.map(({ submission, again }) =>
      limit(async () => {
        const { id } = await engine.submit(submission);
        await engine.approve(id, { approvedBy: "bob" });
        if (again && (await engine.submit(submission)).id !== id) throw new Error(`${id} was submitted twice`);
      }),
    ),
  );
}

interface Waiting {
  /** How many executions may still be open. */
  readonly share: number;
  readonly retries: { count: number };
  late(): boolean;
}

/** Waits until so many executions are open; a person retries what ends without its commitments. */
async function untilOpen(pool: pg.Pool, schema: string, engine: PurchaseEngine, waiting: Waiting): Promise<void> {
  const open = `
    select (select count(*) from ${schema}.executions where status <> 'completed' and successor_id is null)::int
         + (select count(*) from ${schema}.lines where state = 'committed' and needs_label)::int as open`;
  while (!waiting.late()) {
    const { rows } = await pool.query(open);
    if (rows[0].open <= waiting.share) return;
    const { executions } = await engine.history({ status: ["failed", "partially_completed"], limit: 200 });
    for (const { id } of executions.filter(({ successorId }) => successorId === null)) {
      // It may have moved meanwhile, by late evidence.
      const successor = await engine.retry(id, { requestedBy: "bob" }).catch(whereRefused);
      if (successor === undefined) continue;
      waiting.retries.count += 1;
      await engine.approve(successor.id, { approvedBy: "bob" });
    }
    await sleep(300);
  }
}

function whereRefused(thrown: unknown): undefined {
  if (!isBuyonceError(thrown, "RETRY_REFUSED", "EXECUTION_NOT_IN_EXPECTED_STATUS")) throw thrown;
}

async function ask(cloudUrl: string, what: "heal" | "books"): Promise<CloudBooks> {
  const reply = await fetch(`${cloudUrl}/${what}`, { method: "POST" });
  return (await reply.json()) as CloudBooks;
}
