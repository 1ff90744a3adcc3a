/**
 * graphile-worker: `buy basket.json` submits, approves and enqueues in one transaction, so there is a job if and only if
 * there is an approved basket. `work` buys what the jobs name.
 *
 * graphile-worker runs a job again after an error at once, and after the death of its worker four hours later. The engine
 * makes the repetition harmless: it looks up at the cloud what an earlier request bought before it sends anything. It
 * also makes the four hours harmless: the task `tick` carries on what a dead worker left as soon as its lease is over.
 */
import { readFile } from "node:fs/promises";
import { EC2Client } from "@aws-sdk/client-ec2";
import { createPurchaseEngine, isBuyonceError, mayAcknowledge, type Submission } from "buyonce";
import { ec2ReservedInstances } from "buyonce/aws/ec2-reserved-instances";
import { migrate, postgresStore } from "buyonce/postgres";
import { run, runMigrations } from "graphile-worker";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL }).on("error", console.error);
await migrate(pool);
await runMigrations({ pgPool: pool });

// Unset outside of tests, which shorten the waits for a simulated cloud.
const limits = JSON.parse(process.env.TIME_LIMITS ?? "{}");
const ec2 = new EC2Client({ region: "eu-west-1" });
const engine = createPurchaseEngine({
  store: postgresStore(pool),
  providers: [ec2ReservedInstances({ clientFor: () => ec2, ...limits.provider })],
  ...limits.engine,
});

const [command, file = ""] = process.argv.slice(2);
if (command === "work") await work();
else console.log(await buy(JSON.parse(await readFile(file, "utf8"))));

async function buy(basket: Submission): Promise<string> {
  const tx = await pool.connect();
  try {
    await tx.query("begin");
    const decisions = engine.withStore(postgresStore(tx));
    const { id } = await decisions.submit(basket);
    await decisions.approve(id, { approvedBy: "cfo@example.com" });
    await tx.query("select graphile_worker.add_job('buy', $1)", [{ id }]);
    await tx.query("commit");
    return id;
  } catch (error) {
    await tx.query("rollback");
    throw error;
  } finally {
    tx.release();
    await pool.end();
  }
}

async function work(): Promise<void> {
  const runner = await run({
    pgPool: pool,
    concurrency: 4,
    crontab: "* * * * * tick",
    taskList: {
      async buy(payload, { abortSignal, logger }) {
        const { id } = payload as { readonly id: string };
        const execution = await engine.run(id, abortSignal && { signal: abortSignal }).catch((error: unknown) => {
          // It was canceled, has expired, or is not approved yet: the stored status decides.
          if (isBuyonceError(error, "EXECUTION_NOT_IN_EXPECTED_STATUS")) return engine.get(id);
          throw error;
        });
        logger.info(`${id} is ${execution.status}: ${execution.reason}`);
        // The job is done when this returns. A throw repeats it, after a pause.
        if (!mayAcknowledge(execution)) throw new Error(`${id} may not be bought yet, or was not begun`);
      },
      async tick(_payload, { abortSignal, logger }) {
        const { errors, outcomes } = await engine.tick({ within: 45_000, ...(abortSignal && { signal: abortSignal }) });
        for (const { executionId, error } of errors) logger.error(`${executionId}: ${error}`);
        logger.info("ticked", { ...outcomes });
      },
    },
  });
  console.log("working");
  await runner.promise;
}
