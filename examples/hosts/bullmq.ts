/**
 * BullMQ: a worker that takes jobs `run` with `{ executionId }`, and a job scheduler that adds `tick` every minute.
 *
 * BullMQ runs a job at least once: if a worker dies, its lock expires and another worker runs the job again; if the worker
 * was only frozen, both run it. The engine adds that only one of them buys, and that the second looks at the cloud for
 * what the first has bought. BullMQ fails a job for good when it stalls a second time, and Redis may lose the last jobs
 * with its power. Neither loses a purchase: `tick` finds every approved execution in the store.
 *
 * After the commit of an approval: `queue.add("run", { executionId })`.
 */
import { EC2Client } from "@aws-sdk/client-ec2";
import { type Job, Queue, Worker } from "bullmq";
import { createPurchaseEngine } from "buyonce";
import { ec2ReservedInstances } from "buyonce/aws/ec2-reserved-instances";
import { migrate, postgresStore } from "buyonce/postgres";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
pool.on("error", console.error);
await migrate(pool);

const lockMs = Number(process.env.LOCK_MS ?? 30_000);
const tickEveryMs = Number(process.env.TICK_EVERY_MS ?? 60_000);

// Unset outside of tests, which shorten the waits for a simulated cloud.
const limits = JSON.parse(process.env.TIME_LIMITS ?? "{}");
const ec2 = new EC2Client({ region: "eu-west-1" });
const engine = createPurchaseEngine({
  store: postgresStore(pool),
  providers: [ec2ReservedInstances({ clientFor: () => ec2, ...limits.provider })],
  ...limits.engine,
});

const connection = { url: process.env.REDIS_URL ?? "redis://127.0.0.1:6379", maxRetriesPerRequest: null };
const queue = new Queue("purchases", {
  connection,
  defaultJobOptions: {
    attempts: 5,
    backoff: { type: "exponential", delay: 5_000 },
    removeOnComplete: true,
    removeOnFail: 1_000,
  },
});
queue.on("error", console.error);

/** A job is done when this returns, and is tried again when it throws. */
async function work({ name, data }: Job, _token?: string, signal?: AbortSignal): Promise<void> {
  const options = signal && { signal };
  if (name === "run") await engine.run(data.executionId, options); // Afterwards it has ended, or `tick` carries it on.
  if (name === "tick") {
    const { errors } = await engine.tick({ deadline: Date.now() + 45_000, ...options });
    for (const { executionId, error } of errors) console.error(executionId, error);
  }
}

const worker = new Worker("purchases", work, { connection, concurrency: 4, lockDuration: lockMs, stalledInterval: lockMs });
worker.on("error", console.error);
worker.on("failed", (job, error) => console.error(job?.name, job?.data, error));
worker.on("completed", ({ name, id }) => console.log(`done: ${name} ${id}`));

await queue.upsertJobScheduler("tick", { every: tickEveryMs }, { name: "tick" });
await worker.waitUntilReady();
console.log("working");

process.once("SIGTERM", async () => {
  await worker.close(); // Lets the jobs that have begun finish.
  await queue.close();
  await pool.end();
});
