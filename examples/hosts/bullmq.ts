/**
 * BullMQ: `buy basket.json` submits, approves and adds a job. `work` takes the jobs, and ticks every minute.
 *
 * BullMQ runs a job at least once: if a worker dies, its lock expires and another worker runs the job again; if the worker
 * was only frozen, both run it. The engine adds that only one of them buys, and that the second looks at the cloud for
 * what the first has bought. A job may also be lost: BullMQ fails it for good when it stalls a second time, Redis may lose
 * its last writes, and `buy` may die before it adds the job. No purchase is lost by that: ticks find what is approved.
 */
import { readFile } from "node:fs/promises";
import { EC2Client } from "@aws-sdk/client-ec2";
import { type Job, Queue, Worker } from "bullmq";
import { createPurchaseEngine, isBuyonceError, mayAcknowledge, type Submission } from "buyonce";
import { ec2ReservedInstances } from "buyonce/aws/ec2-reserved-instances";
import { migrate, postgresStore } from "buyonce/postgres";
import pg from "pg";

const lockMs = Number(process.env.LOCK_MS ?? 30_000);
const tickEveryMs = Number(process.env.TICK_EVERY_MS ?? 60_000);
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL }).on("error", console.error);
await migrate(pool);

// Unset outside of tests, which shorten the waits for a simulated cloud.
const limits = JSON.parse(process.env.TIME_LIMITS ?? "{}");
const ec2 = new EC2Client({ region: "eu-west-1" });
const engine = createPurchaseEngine({
  store: postgresStore(pool),
  providers: [ec2ReservedInstances({ clientFor: () => ec2, ...limits.provider })],
  ...limits.engine,
});

const connection = { url: String(process.env.REDIS_URL), maxRetriesPerRequest: null };
const backoff = { type: "exponential", delay: 5_000 };
const queue = new Queue("purchases", { connection, defaultJobOptions: { attempts: 5, backoff, removeOnFail: 1_000 } });
queue.on("error", console.error);

const [command, file = ""] = process.argv.slice(2);
if (command === "work") await work();
else console.log(await buy(JSON.parse(await readFile(file, "utf8"))));

async function buy(basket: Submission): Promise<string> {
  const { id } = await engine.submit(basket);
  await engine.approve(id, { approvedBy: "cfo@example.com" });
  await queue.add("buy", { id });
  await Promise.all([queue.close(), pool.end()]);
  return id;
}

async function work(): Promise<void> {
  const worker = new Worker("purchases", handle, {
    ...{ connection, concurrency: 4, lockDuration: lockMs, stalledInterval: lockMs },
    removeOnComplete: { count: 1_000 },
  });
  worker.on("error", console.error);
  worker.on("failed", (job, error) => console.error(job?.name, job?.data, error));
  // BullMQ keeps the time of the next tick when `every` changes; remove the scheduler first to change it at once.
  await queue.upsertJobScheduler("tick", { every: tickEveryMs }, { name: "tick" });
  console.log("working");
  process.once("SIGTERM", async () => {
    worker.cancelAllJobs(); // aborts their signals: they begin no purchase any more, and record what they have begun
    await worker.close().then(() => Promise.all([queue.close(), pool.end()]));
  });
}

/** A job is done when this returns. A throw brings it again, after a pause. */
async function handle({ name, data }: Job, _token?: string, signal?: AbortSignal): Promise<void> {
  const options = signal && { signal };
  if (name === "buy") {
    const execution = await engine.run(data.id, options).catch((error: unknown) => {
      // It was canceled, has expired, or is not approved yet: the stored status decides.
      if (isBuyonceError(error, "EXECUTION_NOT_IN_EXPECTED_STATUS")) return engine.get(data.id);
      throw error;
    });
    console.log(`${data.id} is ${execution.status}: ${execution.reason}`);
    if (!mayAcknowledge(execution)) throw new Error(`${data.id} may not be bought yet, or was not begun`);
  } else {
    const { errors, outcomes } = await engine.tick({ within: 45_000, ...options });
    for (const { executionId, error } of errors) console.error(executionId, error);
    console.log("ticked", outcomes);
  }
}
