/**
 * tsx bench/sqlite-transition.ts [--check]: what a status transition costs on SQLite, beside the bare UPDATE in it.
 *
 * Both run on the same file, by the same connection, on the same rows, and are durable when they return. The bare UPDATE is
 * one guarded statement in a transaction. The ratio grows with the speed of the disk: where a COMMIT takes a millisecond, it
 * is about 1.3, and where it takes a sixth of that, about 2.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Database from "better-sqlite3";
import { migrate, sqliteStore } from "../src/stores/sqlite/index.js";
import { type Finding, keeps, print } from "./rounds.js";
import { type Flipped, transitionRatio } from "./transition-ratio.js";

const CALLS = 128;

/** Measures in a folder on the disk of temporary files. */
export async function benchSqliteTransition(): Promise<readonly Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), "buyonce-bench-"));
  const database = new Database(join(folder, "store.db"));
  try {
    await migrate(database);
    const value = await transitionRatio(sqliteStore(database), bareUpdate(database), CALLS);
    const name = "latency of a transition over a bare UPDATE's, SQLite (better-sqlite3)";
    return [{ name, value, unit: "x", limit: { atMost: 1.3 } }];
  } finally {
    database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

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
