import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { migrate, postgresStore } from "../../src/stores/postgres/index.js";
import { type Child, startChild } from "../stores/support/child.js";
import { seededRandom } from "../stores/support/seeded-random.js";
import { type TestDatabase, temporaryFolder } from "../stores/support/test-database.js";
import { endOf, type History } from "./history.js";
import { callsIn } from "./record-calls.js";

/** How many processes play, and how long. */
export interface Play {
  readonly seed: number;
  /** Processes that play to their end. */
  readonly survivors: number;
  /** Processes that are killed in the middle of a call, or between two. */
  readonly victims: number;
  /** How many calls each survivor makes; victims are killed after fewer. */
  readonly calls: number;
  /** The mean time after which the server cuts the connection of one of them. */
  readonly cutEveryMs: number;
}

/** Lets processes, each with a pool of its own, race on one schema, kills some of them, and collects what all did. */
export async function playProcesses(
  { url, pool }: Pick<TestDatabase, "url" | "pool">,
  schema: string,
  { seed, survivors, victims, calls, cutEveryMs }: Play,
): Promise<History> {
  await migrate(pool, { schema });
  const folder = await temporaryFolder();
  const children: Child[] = [];
  const start = (name: string, limit: number) => {
    const file = join(folder.path, name);
    const script = { name, seed: seed + children.length, calls: limit };
    const child = startChild("../../linearizability/client-process.ts", url, schema, file, JSON.stringify(script));
    children.push(child);
    return { child, file };
  };
  const openGate = await shutGate(pool, schema);
  try {
    const surviving = Array.from({ length: survivors }, (_, at) => start(`p${at}`, calls));
    const dying = Array.from({ length: victims }, (_, at) => start(`v${at}`, Number.MAX_SAFE_INTEGER));
    await connected(pool, schema, { count: children.length, of: children });
    await openGate();
    const random = seededRandom(seed);
    const kills = dying.map(async ({ child, file }) => killAfter(child, file, 1 + random.below(calls)));
    const played = new AbortController();
    const cuts = cutConnections(pool, schema, () => sleep(random.below(2 * cutEveryMs)), played.signal);
    const codes = await Promise.all(surviving.map(({ child }) => child.ended()));
    played.abort();
    await cuts;
    if (codes.some((code) => code !== 0)) throw new Error(`clients ended with ${codes.join(", ")}`);
    await Promise.all(kills);
    await connected(pool, schema, { count: 0, of: [] });
    const notes = await Promise.all([...surviving, ...dying].map(({ file }) => readFile(file, "utf8")));
    return { calls: callsIn(notes.join("")), end: await endOf(postgresStore(pool, { schema })) };
  } finally {
    await openGate();
    for (const child of children) child.process.kill("SIGKILL");
    await Promise.all(children.map((child) => child.ended()));
    await folder.remove();
  }
}

/** Takes the lock that all clients wait for. */
async function shutGate(pool: TestDatabase["pool"], schema: string): Promise<() => Promise<void>> {
  const client = await pool.connect();
  await client.query("select pg_advisory_lock(hashtextextended($1, 0))", [schema]);
  let opened: Promise<void> | undefined;
  const open = async () => {
    await client.query("select pg_advisory_unlock_all()");
    client.release();
  };
  return () => (opened ??= open());
}

/** Waits until so many clients are connected; what a killed one left at the server has ended when none is. */
async function connected(
  pool: TestDatabase["pool"],
  schema: string,
  { count, of }: { readonly count: number; readonly of: readonly Child[] },
): Promise<void> {
  const here = "select count(*)::int as here from pg_stat_activity where application_name = $1";
  while ((await pool.query(here, [schema])).rows[0].here !== count) {
    if (of.some(hasEnded)) throw new Error("a client ended before it began");
    await sleep(20);
  }
}

const hasEnded = ({ process: { exitCode, signalCode } }: Child): boolean => exitCode !== null || signalCode !== null;

/** Ends one connection after the other at the server, whatever it is doing. */
async function cutConnections(
  pool: TestDatabase["pool"],
  schema: string,
  pause: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const connections = "select pid from pg_stat_activity where application_name = $1 order by random() limit 1";
  while (!signal.aborted) {
    await pause();
    await pool.query(`select pg_terminate_backend(pid) from (${connections}) cut`, [schema]);
  }
}

/** Kills a process once it has begun so many calls, wherever it is then. */
async function killAfter(child: Child, file: string, calls: number): Promise<void> {
  const begun = async () => (await readFile(file, "utf8").catch(() => "")).split('"invoked"').length - 1;
  while (!hasEnded(child) && (await begun()) < calls) await sleep(5);
  child.process.kill("SIGKILL");
  await child.ended();
}
