/**
 * Express routes: one person submits a basket, another approves it, and a scheduler calls `POST /tick`, which buys.
 *
 * Callers of HTTP send again what was not answered, and so do schedulers. The engine makes each call harmless to repeat:
 * a request key names one execution, an approval counts once, and ticks at the same time work on different executions.
 * If a tick is killed after the cloud has sold, the next tick finds the purchase at the cloud instead of buying again.
 */
import { EC2Client } from "@aws-sdk/client-ec2";
import { createPurchaseEngine, type ErrorCode, isBuyonceError } from "buyonce";
import { ec2ReservedInstances } from "buyonce/aws/ec2-reserved-instances";
import { migrate, postgresStore } from "buyonce/postgres";
import express, { type ErrorRequestHandler } from "express";
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
const app = express().use(express.json({ limit: "1mb" }));

app.post("/purchases", async (request, response) => {
  const { id, status } = await engine.submit(request.body);
  response.status(202).json({ id, status });
});

// Your own login says who this is.
app.post("/purchases/:id/approval", async (request, response) => {
  const { id, status } = await engine.approve(request.params.id, { approvedBy: request.body?.approvedBy });
  response.json({ id, status });
});

app.get("/purchases/:id", async (request, response) => {
  response.json(await engine.explain(request.params.id));
});

// Nothing depends on this answer: what this round does not finish, the next one does.
app.post("/tick", async (_request, response) => {
  const round = engine.tick({ within: 20_000, signal: stop.signal }).finally(() => rounds.delete(round));
  rounds.add(round);
  const { errors, more, outcomes } = await round;
  for (const { executionId, error } of errors) console.error(executionId, error);
  response.json({ outcomes, errors: errors.length, more });
});

const STATUS: Partial<Record<ErrorCode, number>> = { INVALID_REQUEST: 400, EXECUTION_NOT_FOUND: 404 };
const refusals: ErrorRequestHandler = (error, _request, response, _next) => {
  const { code, message, remediation, retryable, status } = error;
  if (isBuyonceError(error)) {
    response.status(STATUS[error.code] ?? (retryable ? 503 : 409)).json({ code, message, remediation });
  } else if (status >= 400 && status < 500) {
    response.status(status).json({ code: "INVALID_REQUEST", message }); // `express.json` could not read the body.
  } else {
    console.error(error); // The driver's own error: the store was not reached.
    response.status(503).json({ message: "The store was not reached. Send the request again." });
  }
};
app.use(refusals);

const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
  const address = server.address();
  console.log(`listening on http://127.0.0.1:${typeof address === "object" ? address?.port : address}`);
});

// Begins no purchase any more, and waits for what has begun, also if its caller has hung up.
process.once("SIGTERM", () => {
  stop.abort();
  server.close(() => Promise.allSettled(rounds).then(() => pool.end()));
});
