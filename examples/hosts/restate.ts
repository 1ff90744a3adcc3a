/**
 * Restate: a durable handler that carries one execution to its end, and one that ticks for all others.
 *
 * `ctx.run` stores the result of a step after the step. If the process dies in between, Restate runs the step again. The
 * engine adds that the second run does not buy again: it waits until the claim of the dead process has expired, and looks
 * at the cloud for what that process has bought. A handler that is called twice is as harmless.
 *
 * Needs Node 22. Register it once: `restate deployments register http://localhost:9080`. After the commit of an approval,
 * `POST /purchases/buy/send` with the id of the execution as JSON; once for ever, `POST /purchases/tick/send`.
 */
import { createServer } from "node:http2";
import { EC2Client } from "@aws-sdk/client-ec2";
import * as restate from "@restatedev/restate-sdk";
import { createPurchaseEngine, isBuyonceError, isTerminal } from "buyonce";
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
const ROUND_MS = Number(process.env.ROUND_MS ?? 60_000);

const stop = new AbortController();
const rounds = new Set<Promise<unknown>>();
// Begins no purchase any more, and waits for what has begun. Restate calls the handlers again in the next process.
process.once("SIGTERM", () => Promise.allSettled([stop.abort(), ...rounds]).then(() => process.exit()));

const purchases = restate.service({
  name: "purchases",
  handlers: {
    /** Returns the status in which the execution has ended. */
    async buy(ctx: restate.Context, executionId: string): Promise<string> {
      for (;;) {
        const status = await ctx.run("run", () => kept(ctx, (signal) => runOnce(executionId, signal)));
        if (isTerminal(status)) return status;
        await ctx.sleep(ROUND_MS);
      }
    },
    /** Ticks, and sends itself the next tick. Its key lets two calls of one round send only one. */
    async tick(ctx: restate.Context): Promise<void> {
      const round = Math.floor((await ctx.date.now()) / ROUND_MS);
      await ctx.run("tick", () => kept(ctx, tickOnce));
      const next = restate.rpc.sendOpts<void>({ delay: ROUND_MS, idempotencyKey: `tick ${round + 1}` });
      ctx.serviceSendClient<{ tick(ctx: restate.Context): Promise<void> }>({ name: "purchases" }).tick(next);
    },
  },
});

/** Lets SIGTERM end a round, and wait for its end. */
function kept<Result>(ctx: restate.Context, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const round = work(AbortSignal.any([stop.signal, ctx.request().attemptCompletedSignal]));
  return rounds.add(round) && round.finally(() => rounds.delete(round));
}

async function runOnce(executionId: string, signal: AbortSignal) {
  try {
    return (await engine.run(executionId, { signal })).status;
  } catch (error) {
    // It was canceled, has expired, or is not approved yet: the stored status decides.
    if (isBuyonceError(error, "EXECUTION_NOT_IN_EXPECTED_STATUS")) return (await engine.get(executionId)).status;
    // No repetition changes this. Any other error is thrown, and Restate tries the step again.
    if (isBuyonceError(error) && !error.retryable) throw new restate.TerminalError(error.message);
    throw error;
  }
}

async function tickOnce(signal: AbortSignal): Promise<void> {
  const { errors, outcomes } = await engine.tick({ within: 45_000, signal });
  for (const { executionId, error } of errors) console.error(executionId, error);
  console.log("ticked", outcomes);
}

const server = createServer(restate.createEndpointHandler({ services: [purchases] }));
server.listen(Number(process.env.PORT ?? 9080), "127.0.0.1", () => console.log("listening", server.address()));
