import { DeleteTagsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { type SavingsplansClient, UntagResourceCommand } from "@aws-sdk/client-savingsplans";
import { STSClient } from "@aws-sdk/client-sts";
import type { AwsSimulator } from "buyonce/simulator";
import { onTestFinished } from "vitest";
import type { Commitment, Prepared } from "../../../src/domain/evidence.js";
import type { AwsClient } from "../../../src/providers/aws/aws-client.js";
import type { CommitmentProvider } from "../../../src/providers/commitment-provider.js";
import type { Adapter } from "../../providers/aws/every-adapter.js";
import { ACCOUNT, context, permitFor, simulated, TOKEN } from "../../providers/aws/simulated-line.js";
import { type Call, type Watched, watch } from "./watched-calls.js";

/** An adapter at a simulator, with the calls that it has made so far. */
interface Stage {
  readonly adapter: Adapter;
  readonly client: AwsClient;
  readonly provider: CommitmentProvider;
  readonly simulator: AwsSimulator;
  readonly calls: readonly Call[];
  now(): number;
}

/** Every call that an adapter makes: for a purchase, for its label, for one that is over early, and for a queued one. */
export async function callsOf(adapter: Adapter): Promise<readonly Call[]> {
  const stage = await staged(adapter);
  const { commitment, prepared } = await bought(stage, adapter.request);
  await look(stage, commitment, prepared);
  if (stage.provider.label !== undefined) await labelAgain(stage, commitment, prepared);
  if (TELLING.includes(adapter.service)) await askWhatBecame(stage, commitment, prepared);
  return [...stage.calls, ...(await queuedCallsOf(adapter))];
}

/** The services that tell what became of a commitment that is over before its time. */
const TELLING: readonly string[] = ["aws.ec2", "aws.redshift"];

async function staged(adapter: Adapter): Promise<Stage> {
  const { simulator, clock } = await simulated();
  const region = adapter.request.region === "global" ? "us-east-1" : adapter.request.region;
  const config = { endpoint: simulator.url, region, credentials: simulator.credentialsFor(ACCOUNT) };
  const sts = new STSClient(config);
  onTestFinished(() => sts.destroy());
  const { client, provider } = adapter.open(config, { stsClientFor: () => sts });
  const calls: Call[] = [];
  watch(client as unknown as Watched, simulatedNameOf(adapter), calls);
  watch(sts as unknown as Watched, "aws.sts", calls);
  return { adapter, client, provider, simulator, calls, now: () => clock.now() };
}

/** The simulated service of an adapter: all that EC2 sells is one service. */
const simulatedNameOf = ({ service }: Adapter): string => service.replace(/^aws\.ec2-.*/, "aws.ec2");

const contextOf = ({ now }: Stage, prepared?: Prepared) => context({ now: now(), ...(prepared && { prepared }) });

async function bought(stage: Stage, request: Adapter["request"]) {
  const { provider, now } = stage;
  const prepared = await provider.prepare(request, TOKEN, contextOf(stage));
  const outcome = await provider.purchase(permitFor(request, prepared, now()), contextOf(stage));
  if (outcome.kind !== "committed") throw new Error(`not bought: ${JSON.stringify(outcome)}`);
  return { prepared, commitment: { adopted: false, ...outcome.commitment } };
}

async function look(stage: Stage, commitment: Commitment, prepared: Prepared): Promise<void> {
  const { provider, adapter } = stage;
  const asked = contextOf(stage, prepared);
  await provider.lookup(adapter.request, TOKEN, asked);
  await provider.inventory?.(adapter.request, TOKEN, asked);
  await provider.label?.(commitment, TOKEN, { ...asked, request: adapter.request });
}

/** Takes the label off, and has the adapter put it on again. */
async function labelAgain(stage: Stage, commitment: Commitment, prepared: Prepared): Promise<void> {
  const { adapter, client, provider } = stage;
  if (adapter.service === "aws.savings-plans") await untagPlan(client as unknown as SavingsplansClient, commitment);
  else await (client as unknown as EC2Client).send(new DeleteTagsCommand({ Resources: [...commitment.commitmentIds] }));
  await provider.label?.(commitment, TOKEN, { ...contextOf(stage, prepared), request: adapter.request });
}

async function untagPlan(client: SavingsplansClient, { commitmentIds: [id] }: Commitment): Promise<void> {
  const resourceArn = `arn:aws:savingsplans::${ACCOUNT}:savingsplan/${id}`;
  await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ["buyonce:token"] }));
}

async function askWhatBecame(stage: Stage, { commitmentIds }: Commitment, prepared: Prepared): Promise<void> {
  const { adapter, provider, simulator } = stage;
  for (const id of commitmentIds) await simulator.states.set(id, "retired");
  await provider.lookup(adapter.request, TOKEN, contextOf(stage, prepared));
  await provider.inventory?.(adapter.request, TOKEN, contextOf(stage, prepared));
}

/** The calls of a purchase that is queued and withdrawn, for services that queue purchases. */
async function queuedCallsOf(adapter: Adapter): Promise<readonly Call[]> {
  const stage = await staged(adapter);
  const { provider, calls } = stage;
  if (provider.cancelQueued === undefined) return [];
  const request = { ...adapter.request, holdMs: 12 * 3_600_000 } as Adapter["request"];
  const { commitment, prepared } = await bought(stage, request);
  await provider.cancelQueued(commitment, TOKEN, { ...contextOf(stage, prepared), request });
  return calls;
}
