import { randomUUID } from "node:crypto";
import { DBOS } from "@dbos-inc/dbos-sdk";
import pg from "pg";
import { migrate, postgresStore } from "../src/stores/postgres/index.js";
import { approvedBasket, instantEngine } from "./instant-purchases.js";
import { type Finding, medianRatio } from "./rounds.js";
import { withPostgres } from "./with-postgres.js";

const CALLS = 200;
const ROUNDS = 9;
const WARM_UPS = 1;

/** What `run` adds to the purchase of one line, beside what a DBOS workflow adds to one step, one after the other. */
export function benchDbosWorkflow(): Promise<readonly Finding[]> {
  return withPostgres(async (pool) => {
    const prefix = `bench_${process.pid}`;
    await migrate(pool, { schema: `${prefix}_run` });
    const engine = instantEngine(postgresStore(pool, { schema: `${prefix}_run` }));
    const theirPool = new pg.Pool(pool.options).on("error", () => {});
    const workflow = await launchWorkflow(theirPool, `${prefix}_dbos`);
    try {
      const ids: string[] = [];
      for (let made = 0; made < CALLS * (ROUNDS + WARM_UPS); made += 1) ids.push(await approvedBasket(engine, 1));
      const ours = async () => {
        for (const id of ids.splice(0, CALLS))
          if ((await engine.run(id)).status !== "completed") throw new Error(`${id} did not end`);
      };
      const theirs = async () => {
        for (let call = 0; call < CALLS; call += 1) await workflow(randomUUID());
      };
      const value = await medianRatio(ours, theirs, { rounds: ROUNDS, warmUps: WARM_UPS });
      const name = "run of one line over a DBOS workflow with one step";
      return [{ name, value, unit: "x", limit: { atMost: 0.8 } }];
    } finally {
      await DBOS.shutdown();
      await theirPool.end();
      for (const schema of ["run", "dbos"]) await pool.query(`drop schema "${prefix}_${schema}" cascade`);
    }
  });
}

/** A workflow whose one step costs nothing, on the same server. */
async function launchWorkflow(pool: pg.Pool, schema: string): Promise<(id: string) => Promise<string>> {
  const workflow = DBOS.registerWorkflow((id: string) => DBOS.runStep(async () => id, { name: "buy" }), {
    name: "purchase",
  });
  DBOS.setConfig({
    name: "bench",
    systemDatabasePool: pool,
    systemDatabaseSchemaName: schema,
    logLevel: "error",
  });
  await DBOS.launch();
  return workflow;
}
