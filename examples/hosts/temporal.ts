/**
 * Temporal: an activity that carries one execution to its end, and one that ticks for all others.
 *
 * Temporal runs an activity at least once: a worker that dies, or whose heartbeats are late, is replaced by another attempt,
 * and the first may still be running. The engine adds that only one of them buys, and that the later one looks at the
 * cloud for what the earlier one has bought. So the activity may be retried without a limit.
 *
 * The workflow, and a schedule that starts a workflow with `tick` every minute, need a server of Temporal:
 *
 *     const { buy } = proxyActivities<typeof activities>({ startToCloseTimeout: "10 minutes", heartbeatTimeout: "30 seconds" });
 *     export const purchase = (executionId: string) => buy(executionId);
 *
 * Its test servers are downloads. So the test of this file runs the activities in Temporal's `MockActivityEnvironment`,
 * and plays the part of the server itself: it starts the next attempt.
 */
import { EC2Client } from "@aws-sdk/client-ec2";
import { ApplicationFailure, cancellationSignal, heartbeat } from "@temporalio/activity";
import { createPurchaseEngine, isBuyonceError, isTerminal, type PurchaseEngine } from "buyonce";
import { ec2ReservedInstances } from "buyonce/aws/ec2-reserved-instances";
import { postgresStore } from "buyonce/postgres";
import pg from "pg";

// A deployment step calls `migrate`.
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
pool.on("error", console.error);

// Unset outside of tests, which shorten the waits for a simulated cloud.
const limits = JSON.parse(process.env.TIME_LIMITS ?? "{}");
const ec2 = new EC2Client({ region: "eu-west-1" });
const engine = createPurchaseEngine({
  store: postgresStore(pool),
  providers: [ec2ReservedInstances({ clientFor: () => ec2, ...limits.provider })],
  ...limits.engine,
});

const HEARTBEAT_MS = Number(process.env.HEARTBEAT_MS ?? 5_000);

/** Returns the status in which the execution has ended. Until then each attempt fails, and names the time of the next. */
export async function buy(executionId: string): Promise<string> {
  const { status, reason, wakeAt } = await whileHeartbeating(() => runOnce(executionId));
  if (isTerminal(status)) return status;
  cancellationSignal().throwIfAborted(); // Temporal then records a cancellation. `tick` carries the execution on.
  throw ApplicationFailure.create({
    message: `${status}: ${reason}`,
    type: "NotEnded",
    nextRetryDelay: Math.max(10_000, (wakeAt ?? 0) - Date.now()),
  });
}

/** One round of the recovery of all executions. What it does not reach, the next one does. */
export async function tick(): Promise<void> {
  const signal = cancellationSignal();
  const { errors, outcomes } = await whileHeartbeating(() => engine.tick({ within: 45_000, signal }));
  for (const { executionId, error } of errors) console.error(executionId, error);
  console.log("ticked", outcomes);
}

async function runOnce(executionId: string): ReturnType<PurchaseEngine["get"]> {
  try {
    return await engine.run(executionId, { signal: cancellationSignal() });
  } catch (error) {
    // It was canceled, has expired, or is not approved yet: the stored status decides.
    if (isBuyonceError(error, "EXECUTION_NOT_IN_EXPECTED_STATUS")) return await engine.get(executionId);
    // No repetition changes this. Any other error is thrown, and Temporal starts another attempt.
    if (isBuyonceError(error) && !error.retryable) throw ApplicationFailure.nonRetryable(error.message, error.code);
    throw error;
  }
}

/** Without heartbeats Temporal neither notices a dead worker in time nor delivers a cancellation. */
async function whileHeartbeating<Result>(work: () => Promise<Result>): Promise<Result> {
  const timer = setInterval(() => heartbeat(), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
