/**
 * A worker as a platform team would write it: a store, two providers, an engine, one task. It runs in a process of its
 * own. For the demo it can be told to stop at a point. Its parent then kills or freezes it there.
 */
import { EC2Client } from "@aws-sdk/client-ec2";
import { SavingsplansClient } from "@aws-sdk/client-savingsplans";
import { type CommitmentProvider, createPurchaseEngine, type ExecutionStore } from "buyonce";
import { ec2ReservedInstances } from "buyonce/aws/ec2-reserved-instances";
import { savingsPlans } from "buyonce/aws/savings-plans";
import { postgresStore } from "buyonce/postgres";
import { credentialsFor } from "buyonce/simulator";
import { interceptPort } from "buyonce/testing";
import pg from "pg";
import { TIME_LIMITS } from "./time-limits.js";

/** Where a worker stops and waits for its end. */
export type StopPoint = "before the send" | "after the cloud bought" | "before the settle" | "frozen on the wire";

/** What a worker is told to do. */
export interface WorkerTask {
  readonly databaseUrl: string;
  readonly cloudUrl: string;
  readonly name: string;
  readonly work: { readonly kind: "run"; readonly executionId: string } | { readonly kind: "tick" };
  readonly stopAt?: StopPoint;
}

const task: WorkerTask = JSON.parse(process.argv[2] ?? "{}");
const tell = (message: string) => new Promise<void>((resolve) => process.send?.(message, () => resolve()));

/** Reports the point to the parent and never returns. */
async function stop(point: StopPoint): Promise<void> {
  await tell(`reached ${point}`);
  await new Promise(() => setInterval(() => {}, 1_000));
}

const pool = new pg.Pool({ connectionString: task.databaseUrl, max: 4 });
const client = { endpoint: task.cloudUrl };
const timing = TIME_LIMITS.provider;
const providers = [
  ec2ReservedInstances({
    clientFor: ({ account, region }) => new EC2Client({ ...client, region, credentials: credentialsFor(account) }),
    timing,
  }),
  savingsPlans({
    clientFor: ({ account }) =>
      new SavingsplansClient({ ...client, region: "us-east-1", credentials: credentialsFor(account) }),
    timing,
  }),
];
const engine = createPurchaseEngine({
  overlapWindowMs: null,
  breaker: null,
  store: stoppingStore(postgresStore(pool)),
  providers: providers.map(stoppingProvider),
  worker: task.name,
  logger: { info() {}, warn() {}, error: (message) => console.error(`    [${task.name}] ${message}`) },
  ...TIME_LIMITS.engine,
});

const result =
  task.work.kind === "run" ? (await engine.run(task.work.executionId)).status : (await engine.tick()).errors.length;
await tell(`done ${result}`);
await pool.end();
process.disconnect();

function stoppingStore(store: ExecutionStore): ExecutionStore {
  return {
    ...store,
    async commit(change) {
      if (task.stopAt === "before the settle" && change.event.kind === "settled") await stop(task.stopAt);
      return store.commit(change);
    },
  };
}

function stoppingProvider(provider: CommitmentProvider): CommitmentProvider {
  const at = (call: string, point: StopPoint) => (name: string) =>
    name === call && task.stopAt === point ? stop(point) : Promise.resolve();
  const stopping = interceptPort(provider, {
    before: at("purchase", "before the send"),
    after: at("purchase", "after the cloud bought"),
  });
  return task.stopAt === "frozen on the wire" ? freezingOnWire(stopping) : stopping;
}

/** Stops the whole process, as a paused machine does, when every check has passed and only the send is left. */
function freezingOnWire(provider: CommitmentProvider): CommitmentProvider {
  return new Proxy(provider, {
    get(target, key, receiver) {
      if (key !== "purchase") return Reflect.get(target, key, receiver);
      const purchase: CommitmentProvider["purchase"] = (permit, context) =>
        target.purchase(permit, {
          ...context,
          beforeWire() {
            context.beforeWire();
            process.kill(process.pid, "SIGSTOP");
          },
        });
      return purchase;
    },
  });
}
