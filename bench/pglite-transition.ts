/**
 * tsx bench/pglite-transition.ts [--check]: what a status transition costs on PGlite, beside the bare UPDATE in it.
 *
 * Both run on the same instance and the same rows. The transition compares and swaps the status, writes the audit
 * event, and returns the whole execution with its line. The bare UPDATE is one call of `pglite.query`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import type { ExecutionStore } from "../src/store-port/execution-store.js";
import { fromPglite, migrate, postgresStore } from "../src/stores/postgres/index.js";
import { changeOf, created, moved } from "../src/testing/store-contract/steps.js";
import { type Finding, keeps, medianRatio, print } from "./rounds.js";

const ROWS = 512;
const CALLS = 256;
const LIMIT = { atMost: 1.3 };
const UPDATE = "update buyonce.executions set status = $2, version = version + 1 where id = $1 and status = $3";

/** Measures in memory and in a folder. */
export async function benchPgliteTransition(): Promise<readonly Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), "buyonce-bench-"));
  try {
    return [
      await finding("in memory", await PGlite.create()),
      await finding("in a folder", await PGlite.create(folder)),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function finding(where: string, pglite: PGlite): Promise<Finding> {
  try {
    const sql = fromPglite(pglite);
    await migrate(sql);
    const store = postgresStore(sql);
    const ids = await filled(store);
    const value = await medianRatio(
      () => eachTwice(ids, (id, from, to) => transition(store, id, from, to)),
      () => eachTwice(ids, (id, from, to) => bareUpdate(pglite, id, from, to)),
    );
    return { name: `latency of a transition over a bare UPDATE's, PGlite ${where}`, value, unit: "x", limit: LIMIT };
  } finally {
    await pglite.close();
  }
}

async function filled(store: ExecutionStore): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let row = 0; row < ROWS; row += 1) ids.push((await created(store, { status: "pending" })).id);
  return ids;
}

type Flipped = "pending" | "paused";

/** Moves every row there and back, so that the next round finds the rows unchanged. */
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

async function bareUpdate(pglite: PGlite, id: string, from: Flipped, to: Flipped): Promise<void> {
  const { affectedRows } = await pglite.query(UPDATE, [id, to, from]);
  if (affectedRows !== 1) throw new Error(`${id} was not ${from}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const found = await benchPgliteTransition();
  print(found);
  if (process.argv.includes("--check") && !found.every(keeps)) process.exitCode = 1;
}
