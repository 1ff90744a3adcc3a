/**
 * tsx bench/pglite-transition.ts [--check]: what a status transition costs on PGlite, beside the bare UPDATE in it.
 *
 * Both run on the same instance and the same rows. The bare UPDATE is one call of `pglite.query`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { fromPglite, migrate, postgresStore } from "../src/stores/postgres/index.js";
import { type Finding, keeps, print } from "./rounds.js";
import { type Flipped, transitionRatio } from "./transition-ratio.js";

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
    const value = await transitionRatio(postgresStore(sql), (...flip) => bareUpdate(pglite, ...flip), CALLS);
    return { name: `latency of a transition over a bare UPDATE's, PGlite ${where}`, value, unit: "x", limit: LIMIT };
  } finally {
    await pglite.close();
  }
}

async function bareUpdate(pglite: PGlite, id: string, from: Flipped, to: Flipped): Promise<void> {
  const { affectedRows } = await pglite.query(UPDATE, [id, to, from]);
  if (affectedRows !== 1) throw new Error(`${id} was not ${from}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const found = await benchPgliteTransition();
  print(found);
  if (process.argv.includes("--check") && !found.every(keeps)) process.exitCode = 1;
}
