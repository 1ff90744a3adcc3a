/**
 * AWS Lambda: EventBridge calls `tick` every few minutes, and SQS delivers `{ "executionId": "..." }` to `run`.
 *
 * SQS delivers a message at least once, and Lambda ends a function in the middle of anything. The engine adds that neither
 * buys twice: a second delivery finds the execution claimed or ended and sends nothing, and what an ended function left
 * behind, `tick` looks up at the cloud before anything is sent again. So a message is done once the execution has ended
 * or `tick` brings it on.
 *
 * Set the event source's `FunctionResponseTypes` to `ReportBatchItemFailures`, the functions' timeout to some minutes, the
 * queue's visibility timeout to six times that, and its `maxReceiveCount` so high that an outage of the database passes first.
 */
import { EC2Client } from "@aws-sdk/client-ec2";
import type { Context, ScheduledEvent, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { createPurchaseEngine, isBuyonceError, mayAcknowledge } from "buyonce";
import { ec2ReservedInstances } from "buyonce/aws/ec2-reserved-instances";
import { postgresStore } from "buyonce/postgres";
import pg from "pg";

// Made once for each execution environment. A deployment step calls `migrate`.
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 4 });
pool.on("error", console.error);

// Unset outside of tests, which shorten the waits for a simulated cloud.
const limits = JSON.parse(process.env.TIME_LIMITS ?? "{}");
const ec2 = new EC2Client({ region: "eu-west-1" });
const engine = createPurchaseEngine({
  store: postgresStore(pool),
  providers: [ec2ReservedInstances({ clientFor: () => ec2, ...limits.provider })],
  ...limits.engine,
});

/** What a line that has begun may still need: its time limit, and the writes after it. */
const RESERVE_MS = 70_000;

type Remaining = Pick<Context, "getRemainingTimeInMillis">;

/** How long work may still be begun before Lambda ends the function. */
const remainingMs = (context: Remaining): number => context.getRemainingTimeInMillis() - RESERVE_MS;

/** The handler of the schedule. What this round does not reach, the next one does. */
export async function tick(_event: Pick<ScheduledEvent, "id">, context: Remaining): Promise<void> {
  const { errors, outcomes } = await engine.tick({ within: remainingMs(context) });
  for (const { executionId, error } of errors) console.error(executionId, error);
  console.log(outcomes);
}

/** The handler of the queue. Only the messages that it names are delivered again. */
export async function run({ Records }: SQSEvent, context: Remaining): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse["batchItemFailures"] = [];
  for (const record of Records) {
    if (!(await isDone(record, remainingMs(context)))) batchItemFailures.push({ itemIdentifier: record.messageId });
  }
  return { batchItemFailures };
}

/** Runs the execution of a message. True if the message needs no other delivery. */
async function isDone({ messageId, body }: SQSRecord, within: number): Promise<boolean> {
  try {
    const { executionId } = JSON.parse(body);
    const execution = await engine.run(executionId, { within }).catch((error: unknown) => {
      // It was canceled, has expired, or is not approved yet: the stored status decides.
      if (isBuyonceError(error, "EXECUTION_NOT_IN_EXPECTED_STATUS")) return engine.get(executionId);
      throw error;
    });
    console.log(messageId, execution.status, execution.reason);
    return mayAcknowledge(execution);
  } catch (error) {
    console.error(messageId, error);
    return false; // After the queue's `maxReceiveCount`, it goes to the dead letter queue.
  }
}
