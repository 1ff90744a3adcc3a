/**
 * DBOS: one workflow takes a basket from its submission to its end. It survives crashes: a process that starts goes on
 * with every workflow that was left, at the first step that has no recorded result. That step runs again, though it may
 * have bought before the crash, and two processes with one executor id may run it at the same time. The engine adds the
 * "at most once": one process at a time holds the lease, and what an earlier one bought is looked up before anything is sent.
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
const ec2 = new EC2Client({ region: "eu-west-1" });
const providers = [ec2ReservedInstances({ clientFor: () => ec2, ...limits.provider })];
const engine = createPurchaseEngine({ store: postgresStore(pool), providers, ...limits.engine });

const stop = new AbortController();
const rounds = new Set<Promise<unknown>>();
// Begins no purchase any more, and waits for what has begun. The next process goes on with the workflow.
process.once("SIGTERM", () => Promise.allSettled([stop.abort(), ...rounds]).then(() => process.exit()));

async function purchase(basket: Submission): Promise<string> {
  const approval = { approvedBy: "cfo@example.com" };
  const order = async () => (await engine.approve((await engine.submit(basket)).id, approval)).id;
  const id = await DBOS.runStep(order, { name: "submit", ...RETRIED });
  for (;;) {
    const status = await DBOS.runStep(() => runOnce(id), { name: "run", ...RETRIED });
    // The workflow may end now. An execution in doubt, or with the lease of a dead process, needs another look.
    if (isTerminal(status)) return `${id} is ${status}`;
    await DBOS.sleep(Number(process.env.LOOK_AGAIN_AFTER_MS ?? 60_000));
  }
}

async function runOnce(id: string) {
  const { status } = await kept(engine.run(id, { signal: stop.signal })).catch((error: unknown) => {
    // It was canceled, has expired, or is not approved yet: the stored status decides.
    if (isBuyonceError(error, "EXECUTION_NOT_IN_EXPECTED_STATUS")) return engine.get(id);
    throw error;
  });
  return status;
}

/** Errors that may pass. What is no `BuyonceError` is the driver's: the store was not reached. */
const shouldRetry = (error: unknown) => !isBuyonceError(error) || error.retryable;
const RETRIED = { retriesAllowed: true, maxAttempts: 10, shouldRetry };

/** Beside the workflows: labels, expiries, and executions that others submitted. */
async function tick(): Promise<void> {
  const work = async () => (await kept(engine.tick({ within: 45_000, signal: stop.signal }))).errors;
  const errors = await DBOS.runStep(async () => (await work()).map(({ error }) => String(error)), { name: "tick" });
  for (const error of errors) DBOS.logger.error(error);
}

/** Lets SIGTERM wait for a round. */
const kept = <Result>(round: Promise<Result>): Promise<Result> =>
  rounds.add(round) && round.finally(() => rounds.delete(round));

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
await DBOS.shutdown().then(() => pool.end());
