/**
 * pg-boss: `buy basket.json` submits, approves and enqueues in one transaction, so there is a job if and only if there is
 * an approved basket. `work` buys what the jobs name.
 *
 * pg-boss delivers a job again if its worker died or took too long. Then two workers may run it at the same time. The engine
 * makes that harmless: one worker at a time holds the lease, and looks up at the cloud what a dead worker has bought.
 */
import { readFile } from "node:fs/promises";
import { EC2Client } from "@aws-sdk/client-ec2";
import { createPurchaseEngine, isBuyonceError, mayAcknowledge, type Submission } from "buyonce";
import { ec2ReservedInstances } from "buyonce/aws/ec2-reserved-instances";
import { migrate, postgresStore } from "buyonce/postgres";
import pg from "pg";
import PgBoss from "pg-boss";

const connectionString = String(process.env.DATABASE_URL);
const redeliverAfter = Number(process.env.REDELIVER_AFTER_SECONDS ?? 120);
const pool = new pg.Pool({ connectionString }).on("error", console.error);
await migrate(pool);

// Unset outside of tests, which shorten the waits for a simulated cloud.
const limits = JSON.parse(process.env.TIME_LIMITS ?? "{}");
const ec2 = new EC2Client({ region: "eu-west-1" });
const providers = [ec2ReservedInstances({ clientFor: () => ec2, ...limits.provider })];
const engine = createPurchaseEngine({ store: postgresStore(pool), providers, ...limits.engine });

const boss = new PgBoss({ connectionString, maintenanceIntervalSeconds: redeliverAfter });
await boss.on("error", console.error).start();
await boss.createQueue("buy", { name: "buy", expireInSeconds: redeliverAfter, retryLimit: 100, retryBackoff: true });
await boss.createQueue("tick");

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
    await boss.send("buy", { id }, { db: { executeSql: (text, values) => tx.query(text, values) } });
    await tx.query("commit");
    return id;
  } catch (error) {
    await tx.query("rollback");
    throw error;
  } finally {
    tx.release();
    await Promise.all([boss.stop(), pool.end()]);
  }
}

async function work(): Promise<void> {
  const stop = new AbortController();
  await boss.work<{ id: string }>("buy", (jobs) => Promise.all(jobs.map(({ data }) => deliver(data.id, stop.signal))));
  await boss.work("tick", async () => {
    const { errors, outcomes } = await engine.tick({ within: 45_000, signal: stop.signal });
    for (const { executionId, error } of errors) console.error(executionId, error);
    console.log("ticked", outcomes);
  });
  await boss.schedule("tick", "* * * * *");
  process.once("SIGTERM", () => {
    stop.abort();
    return boss.stop({ timeout: 90_000 }).then(() => pool.end()); // It waits for the jobs that have begun.
  });
  console.log("working");
}

/** The job is done when this returns. A throw brings it again, after a pause. */
async function deliver(id: string, signal: AbortSignal): Promise<void> {
  const execution = await engine.run(id, { signal }).catch((error: unknown) => {
    // It was canceled, has expired, or is not approved yet: the stored status decides.
    if (isBuyonceError(error, "EXECUTION_NOT_IN_EXPECTED_STATUS")) return engine.get(id);
    throw error;
  });
  console.log(`${id} is ${execution.status}: ${execution.reason}`);
  if (!mayAcknowledge(execution)) throw new Error(`${id} may not be bought yet, or was not begun`);
}
