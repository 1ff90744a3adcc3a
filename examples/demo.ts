/**
 * npm run demo [-- basket.json]: buys what three clouds recommend, then a basket while workers are killed, frozen and raced
 * and replies are lost. The clouds' own ledgers show that every line was bought exactly once.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type CommitmentRequest,
  createPurchaseEngine,
  type Execution,
  type ExecutionStore,
  type PurchaseEngine,
} from "buyonce";
import { ec2ReservedInstances } from "buyonce/aws/ec2-reserved-instances";
import { savingsPlans } from "buyonce/aws/savings-plans";
import { embeddedPostgres } from "buyonce/embedded";
import { migrate, postgresStore } from "buyonce/postgres";
import { startAwsSimulatorProcess } from "buyonce/simulator";
import { bareSdk } from "./demo/bare-sdk.js";
import { sellWhatIsAsked } from "./demo/price-list.js";
import { type Basket, readBasket } from "./demo/read-basket.js";
import { buyWhatIsRecommended } from "./demo/recommended.js";
import { report } from "./demo/report.js";
import { SCENES, type Scene, thawAll, tickUntilQuiet } from "./demo/scenes.js";
import type { Stage } from "./demo/stage.js";
import { TIME_LIMITS } from "./demo/time-limits.js";

const [, , file = "examples/basket.json"] = process.argv;
const basket = await readBasket(file);
process.exitCode = basket === undefined ? 1 : await demo(basket);

async function demo(basket: Basket): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "buyonce-demo-"));
  const database = await embeddedPostgres({ dataDir: join(folder, "postgres") });
  const cloud = await startAwsSimulatorProcess(TIME_LIMITS.simulator);
  try {
    await migrate(database.sql);
    await sellWhatIsAsked(cloud, basket.lines);
    const startedAt = performance.now();
    const say = (text: string) =>
      console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(6)} s  ${text}`);
    const unlike = await buyWhatIsRecommended({ sql: database.sql, say });
    const stage: Stage = { databaseUrl: database.url, cloud, say };
    introduce(basket, cloud.pid);
    const store = postgresStore(database.sql);
    const failed = await perform(stage, { store, engine: submittingEngine(store) }, basket);
    return unlike === 0 ? failed : 1;
  } finally {
    await cloud.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** An engine that only submits and reads. The workers buy. */
function submittingEngine(store: ExecutionStore): PurchaseEngine {
  const clientFor = () => {
    throw new Error("the demo's main process buys nothing");
  };
  return createPurchaseEngine({
    overlapWindowMs: null,
    breaker: null,
    store,
    providers: [ec2ReservedInstances({ clientFor }), savingsPlans({ clientFor })],
  });
}

function introduce(basket: Basket, pid: number): void {
  const accounts = new Set(basket.lines.map((line) => line.account)).size;
  const { engine, provider, simulator } = TIME_LIMITS;
  console.log(
    `${basket.lines.length} lines, ${accounts} accounts; embedded PostgreSQL; a simulated AWS in process ${pid}; each worker a process of its own.`,
  );
  console.log("The simulated AWS also sells what its own price list lacks, at the basket's expected price.");
  console.log(
    `Time limits are compressed for the demo: lease ${engine.leaseMs} ms, request lifetime ${provider.maxRequestLifetimeMs} ms, ` +
      `visibility lag ${provider.visibilityLagMs} ms, listings lag ${simulator.listingLagMs} ms. Real ones are minutes.\n`,
  );
}

async function perform(
  stage: Stage,
  { store, engine }: { readonly store: ExecutionStore; readonly engine: PurchaseEngine },
  basket: Basket,
): Promise<number> {
  const casts = dealLines(basket.lines);
  await Promise.all(
    casts.map(({ scene, lines }, index) => performScene(stage, engine, basket, scene, lines, `scene-${index + 1}`)),
  );
  stage.say("all scenes are over; ticking until quiet");
  await tickUntilQuiet(stage, engine);
  await thawAll();
  await tickUntilQuiet(stage, engine);
  // Tokens derive from the lineage key. Only the store returns that key.
  const { executions } = await store.history({ limit: 200 });
  console.log("\nThe cloud's ledger, line by line:");
  const verdict = report([...executions].reverse(), await stage.cloud.ledger.purchases());
  console.log();
  await bareSdk(stage);
  console.log(`\nduplicates: ${verdict.duplicates}\nunexplained: ${verdict.unexplained}`);
  return verdict.duplicates === 0 && verdict.unexplained === 0 ? 0 : 1;
}

interface Cast {
  readonly scene: Scene;
  readonly lines: readonly CommitmentRequest[];
}

/**
 * Deals each line to a scene that suits its service and has the fewest lines so far.
 *
 * EC2 lines of one account and region share a lane. One scene gets them all: two scenes would wait for each other.
 */
function dealLines(lines: readonly CommitmentRequest[]): readonly Cast[] {
  const hands = SCENES.map((scene) => ({ scene, lines: [] as CommitmentRequest[] }));
  for (const group of lanesOf(lines)) {
    const fitting = hands.filter(({ scene }) => scene.service === undefined || scene.service === group[0]?.service);
    fitting.sort((a, b) => a.lines.length - b.lines.length)[0]?.lines.push(...group);
  }
  return hands.filter((hand) => hand.lines.length > 0);
}

/** Groups of lines: the lines of one lane stand together, and every other line stands alone. */
function lanesOf(lines: readonly CommitmentRequest[]): readonly (readonly CommitmentRequest[])[] {
  const lanes = new Map<string, CommitmentRequest[]>();
  for (const [index, line] of lines.entries()) {
    const key = line.service === "aws.ec2" ? `${line.account}/${line.region}` : String(index);
    lanes.set(key, [...(lanes.get(key) ?? []), line]);
  }
  return [...lanes.values()];
}

async function performScene(
  stage: Stage,
  engine: PurchaseEngine,
  basket: Basket,
  scene: Scene,
  lines: readonly CommitmentRequest[],
  requestKey: string,
): Promise<Execution> {
  const submitted = await engine.submit({ requestKey, createdBy: basket.createdBy, lines });
  const execution = await engine.approve(submitted.id, { approvedBy: "approver@example.com" });
  stage.say(`${requestKey}: ${scene.title} (${lines.map(describe).join("; ")})`);
  await scene.play({ ...stage, say: (text) => stage.say(`${requestKey}: ${text}`) }, execution);
  return execution;
}

function describe(line: CommitmentRequest): string {
  if (line.service === "aws.ec2") return `${line.quantity} x ${line.instanceType} in ${line.account}`;
  if (line.service === "aws.savings-plans")
    return `${line.planType} plan of ${line.hourlyCommitment}/h in ${line.account}`;
  return line.service;
}
