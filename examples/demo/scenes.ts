import type { CommitmentRequest, Execution, PurchaseEngine } from "buyonce";
import type { Fault } from "buyonce/simulator";
import { type Stage, startWorker, type Worker } from "./stage.js";
import type { StopPoint } from "./worker.js";

/** One thing that goes wrong while an execution is bought. */
export interface Scene {
  readonly title: string;
  /** The service that the scene needs. Absent: the scene can be played with every service. */
  readonly service?: "aws.ec2" | "aws.savings-plans";
  play(stage: Stage, execution: Execution): Promise<void>;
}

const run = (stage: Stage, { id }: Execution, stopAt?: StopPoint): Worker =>
  startWorker(stage, { kind: "run", executionId: id }, stopAt);

const killedAt =
  (point: StopPoint): Scene["play"] =>
  async (stage, execution) => {
    const worker = run(stage, execution, point);
    await worker.heard(`reached ${point}`);
    worker.signal("SIGKILL");
    await worker.ended;
    stage.say(`process ${worker.pid} got SIGKILL ${point}`);
  };

const withFault =
  (kind: "reset-after" | "error-500-after", what: string): Scene["play"] =>
  async (stage, execution) => {
    for (const { request } of execution.lines) await stage.cloud.faults.add({ ...purchaseOf(request), kind });
    const worker = run(stage, execution);
    const status = await worker.heard("done");
    await worker.ended;
    stage.say(`${what}; the worker reports ${status}`);
  };

/** The purchase call of a line, as the simulator sees it. */
function purchaseOf(request: CommitmentRequest): Pick<Fault, "operation" | "match"> {
  const { account } = request;
  return request.service === "aws.savings-plans"
    ? { operation: "CreateSavingsPlan", match: { account, params: { commitment: request.hourlyCommitment } } }
    : {
        operation: "PurchaseReservedInstancesOffering",
        match: { account, params: { InstanceCount: request.quantity } },
      };
}

/** All scenes, in the order in which lines are dealt to them. */
export const SCENES: readonly Scene[] = [
  { title: "killed before the send", service: "aws.ec2", play: killedAt("before the send") },
  {
    title: "killed after the cloud bought, before the record",
    service: "aws.ec2",
    play: killedAt("after the cloud bought"),
  },
  {
    title: "the reply is lost",
    service: "aws.ec2",
    play: withFault("reset-after", "the cloud bought, then the connection was reset"),
  },
  { title: "frozen past its lease with the request signed, then thawed", service: "aws.ec2", play: frozen },
  { title: "killed after the record, before the settle", play: killedAt("before the settle") },
  { title: "two workers race", play: race },
  {
    title: "the cloud buys and answers 500",
    play: withFault("error-500-after", "the cloud bought, then answered 500"),
  },
];

async function race(stage: Stage, execution: Execution): Promise<void> {
  const workers = [run(stage, execution), run(stage, execution)];
  const statuses = await Promise.all(workers.map((worker) => worker.heard("done")));
  await Promise.all(workers.map((worker) => worker.ended));
  stage.say(`two processes ran it at the same time and saw ${statuses.join(" and ")}`);
}

const thaws: (() => Promise<void>)[] = [];

async function frozen(stage: Stage, execution: Execution): Promise<void> {
  const worker = run(stage, execution, "frozen on the wire");
  await worker.stopped();
  stage.say(`process ${worker.pid} is stopped with its request signed and every check passed`);
  thaws.push(async () => {
    worker.signal("SIGCONT");
    const status = await worker.heard("done");
    await worker.ended;
    const late = (await stage.cloud.ledger.requests()).filter(
      (request) => request.outcome.state === "processed" && request.outcome.errorCode === "RequestExpired",
    );
    stage.say(
      `process ${worker.pid} thawed and sent its old request: refused by the cloud (RequestExpired x ${late.length}); it sees ${status}`,
    );
  });
}

/** Lets every frozen worker continue. Other workers must have settled its lines before. */
export async function thawAll(): Promise<void> {
  for (const thaw of thaws.splice(0)) await thaw();
}

/** Calls `tick`, each time in a new process, until nothing is left to do. */
export async function tickUntilQuiet(stage: Stage, engine: PurchaseEngine): Promise<void> {
  for (let round = 1; round <= 40; round += 1) {
    const worker = startWorker(stage, { kind: "tick" });
    await worker.heard("done");
    await worker.ended;
    const { executions } = await engine.history({ limit: 200 });
    const open = executions.filter(
      ({ status }) => status === "approved" || status === "running" || status === "in_doubt",
    );
    const unlabeled = executions.flatMap((execution) => execution.lines).filter((line) => line.needsLabel);
    if (open.length === 0 && unlabeled.length === 0) return stage.say(`quiet after ${round} ticks`);
    if (open.length > 0)
      stage.say(`tick ${round}: ${open.map(({ requestKey, status }) => `${requestKey} ${status}`).join(", ")}`);
  }
}
