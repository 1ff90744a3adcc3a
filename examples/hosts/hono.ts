/**
 * Hono routes: one person submits a basket, another approves it, and a scheduler calls `POST /tick`, which buys.
 *
 * Callers of HTTP send again what was not answered, and so do schedulers. The engine makes each call harmless to repeat:
 * a request key names one execution, an approval counts once, and ticks at the same time work on different executions.
 * If a tick is killed after the cloud has sold, the next tick finds the purchase at the cloud instead of buying again.
 */
import { EC2Client } from "@aws-sdk/client-ec2";
import { serve } from "@hono/node-server";
import { createPurchaseEngine, type ErrorCode, isBuyonceError } from "buyonce";
import { ec2ReservedInstances } from "buyonce/aws/ec2-reserved-instances";
import { migrate, postgresStore } from "buyonce/postgres";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { validator } from "hono/validator";
import pg from "pg";

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

const stop = new AbortController();
const rounds = new Set<Promise<unknown>>();
const app = new Hono();
const json = validator("json", (body) => body);

app.post("/purchases", json, async (context) => {
  const { id, status } = await engine.submit(context.req.valid("json"));
  return context.json({ id, status }, 202);
});

// Your own login says who this is.
app.post("/purchases/:id/approval", json, async (context) => {
  const approvedBy = context.req.valid("json")?.approvedBy;
  const { id, status } = await engine.approve(context.req.param("id"), { approvedBy });
  return context.json({ id, status });
});

app.get("/purchases/:id", async (context) => context.json(await engine.explain(context.req.param("id"))));

// Nothing depends on this answer: what this round does not finish, the next one does.
app.post("/tick", async (context) => {
  const round = engine.tick({ within: 20_000, signal: stop.signal }).finally(() => rounds.delete(round));
  rounds.add(round);
  const { errors, more, outcomes } = await round;
  for (const { executionId, error } of errors) console.error(executionId, error);
  return context.json({ outcomes, errors: errors.length, more });
});

const STATUS: Partial<Record<ErrorCode, 400 | 404>> = { INVALID_REQUEST: 400, EXECUTION_NOT_FOUND: 404 };
app.onError((error, context) => {
  if (isBuyonceError(error)) {
    const { code, message, remediation, retryable } = error;
    return context.json({ code, message, remediation }, STATUS[code] ?? (retryable ? 503 : 409));
  }
  // `validator` could not read the body.
  if (error instanceof HTTPException) return context.json({ code: "INVALID_REQUEST", message: error.message }, 400);
  console.error(error); // The driver's own error: the store was not reached.
  return context.json({ message: "The store was not reached. Send the request again." }, 503);
});

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: "127.0.0.1" }, ({ port }) =>
  console.log(`listening on http://127.0.0.1:${port}`),
);

// Begins no purchase any more, and waits for what has begun, also if its caller has hung up.
process.once("SIGTERM", () => {
  stop.abort();
  server.close(() => Promise.allSettled(rounds).then(() => pool.end()));
});
