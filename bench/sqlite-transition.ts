/**
 * tsx bench/sqlite-transition.ts [--check]: what a status transition costs on SQLite, beside the bare UPDATE in it.
 *
 * Both run on the same file, by the same connection, on the same rows, and are durable when they return. The transition
 * compares and swaps the status, writes the audit event, and returns the whole execution with its line. The bare UPDATE is
 * one guarded statement in a transaction.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Database from "better-sqlite3";
import type { ExecutionStore } from "../src/store-port/execution-store.js";
import { migrate, sqliteStore } from "../src/stores/sqlite/index.js";
import { changeOf, created, moved } from "../src/testing/store-contract/steps.js";
import { type Finding, keeps, medianRatio, print } from "./rounds.js";

const ROWS = 512;
const CALLS = 128;

/** Measures in a folder on the disk of temporary files. */
export async function benchSqliteTransition(): Promise<readonly Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), "buyonce-bench-"));
  const database = new Database(join(folder, "store.db"));
  try {
    await migrate(database);
    const store = sqliteStore(database);
    const ids = await filled(store);
    const bare = bareUpdate(database);
    const value = await medianRatio(
      () => eachTwice(ids, (id, from, to) => transition(store, id, from, to)),
      () => eachTwice(ids, async (id, from, to) => bare(id, from, to)),
    );
    const name = "latency of a transition over a bare UPDATE's, SQLite (better-sqlite3)";
    return [{ name, value, unit: "x", limit: { atMost: 1.3 } }];
  } finally {
    database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function filled(store: ExecutionStore): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let row = 0; row < ROWS; row += 1) ids.push((await created(store, { status: "pending" })).id);
  return ids;
}

type Flipped = "pending" | "paused";

/** Moves rows there and back, so that the next round finds them unchanged. */
async function eachTwice(
  ids: readonly string[],
  move: (id: string, from: Flipped, to: Flipped) => Promise<unknown>,
): Promise<void> {
  for (const id of ids.slice(0, CALLS)) {
    await move(id, "pending", "paused");
    await move(id, "paused", "pending");
  }
}

const transition = (store: ExecutionStore, id: string, from: Flipped, to: Flipped) =>
  moved(store, changeOf({ id }, { guard: { status: [from] }, status: to }));

function bareUpdate(database: InstanceType<typeof Database>): (id: string, from: Flipped, to: Flipped) => void {
  const begin = database.prepare("begin immediate");
  const update = database.prepare(
    "update buyonce_executions set status = ?, version = version + 1 where id = ? and status = ?",
  );
  const commit = database.prepare("commit");
  return (id, from, to) => {
    begin.run();
    const { changes } = update.run(to, id, from);
    commit.run();
    if (changes !== 1) throw new Error(`${id} was not ${from}`);
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const found = await benchSqliteTransition();
  print(found);
  if (process.argv.includes("--check") && !found.every(keeps)) process.exitCode = 1;
}
