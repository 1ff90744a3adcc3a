/**
 * DBOS: one workflow takes a basket from its submission to its end. It survives crashes: a process that starts goes on
 * with every workflow that was left, at the first step that has no recorded result.
 *
 * That step runs again, though it may have bought before the crash: DBOS promises that a step runs at least once, and two
 * processes with one executor id may run it at the same time. The engine adds the "at most once": one process at a time
 * holds the execution's lease, and what an earlier run bought is looked up at the cloud before anything is sent again.
 */
import { readFile } from "node:fs/promises";
import { EC2Client } from "@aws-sdk/client-ec2";
import { DBOS } from "@dbos-inc/dbos-sdk";
import { createPurchaseEngine, isBuyonceError, isTerminal, type Submission } from "buyonce";
import { ec2ReservedInstances } from "buyonce/aws/ec2-reserved-instances";
import { migrate, postgresStore } from "buyonce/postgres";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL }).on("error", console.error);
await migrate(pool);

// Unset outside of tests, which shorten the waits for a simulated cloud.
const limits = JSON.parse(process.env.TIME_LIMITS ?? "{}");
const lookAgainAfterMs = Number(process.env.LOOK_AGAIN_AFTER_MS ?? 60_000);
const ec2 = new EC2Client({ region: "eu-west-1" });
const providers = [ec2ReservedInstances({ clientFor: () => ec2, ...limits.provider })];
const engine = createPurchaseEngine({ store: postgresStore(pool), providers, ...limits.engine });

async function purchase(basket: Submission): Promise<string> {
  const id = await DBOS.runStep(() => order(basket), { name: "submit", ...RETRIED });
  for (;;) {
    const status = await DBOS.runStep(() => runOnce(id), { name: "run", ...RETRIED });
    // The workflow may end now. An execution in doubt, or with the lease of a dead process, needs another look.
    if (isTerminal(status)) return `${id} is ${status}`;
    await DBOS.sleep(lookAgainAfterMs);
  }
}

async function order(basket: Submission): Promise<string> {
  const { id } = await engine.submit(basket);
  await engine.approve(id, { approvedBy: "cfo@example.com" });
  return id;
}

async function runOnce(id: string) {
  const { status } = await engine.run(id).catch((error: unknown) => {
    // It was canceled, has expired, or is not approved yet: the stored status decides.
    if (isBuyonceError(error, "EXECUTION_NOT_IN_EXPECTED_STATUS")) return engine.get(id);
    throw error;
  });
  return status;
}

/** Errors that may pass. What is no `BuyonceError` is the driver's: the store was not reached. */
const RETRIED = {
  retriesAllowed: true,
  maxAttempts: 10,
  shouldRetry: (error: unknown) => !isBuyonceError(error) || error.retryable,
};

/** Beside the workflows: labels, expiries, and executions that others submitted. */
async function tick(): Promise<void> {
  const work = async () => (await engine.tick({ within: 45_000 })).errors.map(({ error }) => String(error));
  for (const error of await DBOS.runStep(work, { name: "tick" })) DBOS.logger.error(error);
}

const purchaseWorkflow = DBOS.registerWorkflow(purchase, { name: "purchase" });
const tickWorkflow = DBOS.registerWorkflow(tick, { name: "tick" });

DBOS.setConfig({ name: "purchases", systemDatabasePool: pool, logLevel: "warn" });
await DBOS.launch();
await DBOS.registerQueue("purchases");
await DBOS.applySchedules([{ scheduleName: "tick", workflowFn: tickWorkflow, schedule: "* * * * *" }]);
console.log("launched");

// The same basket again has the same workflow id, and so the same workflow.
const basket: Submission = JSON.parse(await readFile(String(process.argv[2]), "utf8"));
const target = { workflowID: basket.requestKey, queueName: "purchases" };
const handle = await DBOS.startWorkflow(purchaseWorkflow, target)(basket);
console.log(await handle.getResult());
await DBOS.shutdown();
await pool.end();
