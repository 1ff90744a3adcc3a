/**
 * A loop, as cron on one machine: `buy basket.json` submits and approves, `work` ticks every minute. The store is a file.
 *
 * A loop that is killed begins again, perhaps while an old one still runs, and cron starts the next round though the last
 * one hangs. The engine adds that rounds at the same time work on different executions, and that what a killed one has
 * bought is found at the cloud before anything is sent again. There are no messages: a round finds in the store all
 * that is due, so nothing has to be acknowledged, and nothing gets lost.
 *
 * With cron itself, make `work` one round: `engine.tick({ within: 55_000 })`.
 */
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { EC2Client } from "@aws-sdk/client-ec2";
import { createPurchaseEngine, type Submission } from "buyonce";
import { ec2ReservedInstances } from "buyonce/aws/ec2-reserved-instances";
import { openSqlite } from "buyonce/sqlite";

const tickEveryMs = Number(process.env.TICK_EVERY_MS ?? 60_000);
const { store, close } = await openSqlite(process.env.DATABASE_FILE ?? "purchases.sqlite");

// Unset outside of tests, which shorten the waits for a simulated cloud.
const limits = JSON.parse(process.env.TIME_LIMITS ?? "{}");
const ec2 = new EC2Client({ region: "eu-west-1" });
const engine = createPurchaseEngine({
  store,
  providers: [ec2ReservedInstances({ clientFor: () => ec2, ...limits.provider })],
  ...limits.engine,
});

const [command, file = ""] = process.argv.slice(2);
if (command === "work") await work();
else console.log(await buy(JSON.parse(await readFile(file, "utf8"))));
close();

async function buy(basket: Submission): Promise<string> {
  const { id } = await engine.submit(basket);
  await engine.approve(id, { approvedBy: "cfo@example.com" });
  return id;
}

async function work(): Promise<void> {
  const stop = new AbortController();
  process.once("SIGTERM", () => stop.abort());
  console.log("working");
  while (!stop.signal.aborted) {
    await round(stop.signal).catch(console.error); // The store cannot be reached, say. The next round tries again.
    await sleep(tickEveryMs, undefined, { signal: stop.signal }).catch(() => {});
  }
  console.log("stopped");
}

/** One round. What it does not reach before the next, that one does. */
async function round(signal: AbortSignal): Promise<void> {
  const { errors, outcomes } = await engine.tick({ within: tickEveryMs, signal });
  for (const { executionId, error } of errors) console.error(executionId, error);
  console.log(outcomes);
}
