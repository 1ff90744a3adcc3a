import { EC2Client, type EC2ClientConfig } from "@aws-sdk/client-ec2";
import { SavingsplansClient, type SavingsplansClientConfig } from "@aws-sdk/client-savingsplans";
import { STSClient, type STSClientConfig } from "@aws-sdk/client-sts";
import { type AwsSimulator, type AwsSimulatorOptions, type SeenRequest, startAwsSimulator } from "buyonce/simulator";
import { onTestFinished } from "vitest";
import type { AwsEc2Request } from "../../../src/domain/commitment-request/aws-ec2.js";
import type { AwsSavingsPlansRequest } from "../../../src/domain/commitment-request/aws-savings-plans.js";
import type { CommitmentRequest } from "../../../src/domain/commitment-request/commitment-request.js";
import type { Prepared } from "../../../src/domain/evidence.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { deriveIdempotencyToken } from "../../../src/idempotency/derive-idempotency-token.js";
import type { PurchaseContext } from "../../../src/providers/commitment-provider.js";
import { mintPermit, type PurchasePermit } from "../../../src/providers/purchase-permit.js";

export const ACCOUNT = "111122223333";
export const OTHER_ACCOUNT = "444455556666";
export const TOKEN = deriveIdempotencyToken("lin_test", 0);
export const OTHER_TOKEN = deriveIdempotencyToken("lin_test", 1);

/** A clock that stands still until told; it starts at the machine's time, by which the SDK signs. */
export class StandingClock {
  #now = Date.now();
  now(): number {
    return this.#now;
  }
  advance(ms: number): void {
    this.#now += ms;
  }
}

export interface Simulated {
  readonly simulator: AwsSimulator;
  readonly clock: StandingClock;
}

/** A simulator with a standing clock, closed at the end of the test. */
export async function simulated(options: AwsSimulatorOptions = {}): Promise<Simulated> {
  const clock = new StandingClock();
  const simulator = await startAwsSimulator({ clock, ...options });
  onTestFinished(() => simulator.close());
  return { simulator, clock };
}

/** A real EC2 client of the line's account. */
export function ec2Client({ simulator }: Pick<Simulated, "simulator">, config: EC2ClientConfig = {}): EC2Client {
  const credentials = simulator.credentialsFor(ACCOUNT);
  const client = new EC2Client({ endpoint: simulator.url, region: "us-east-1", credentials, ...config });
  onTestFinished(() => client.destroy());
  return client;
}

/** A real Savings Plans client of the line's account. */
export function plansClient(
  { simulator }: Pick<Simulated, "simulator">,
  config: SavingsplansClientConfig = {},
): SavingsplansClient {
  const credentials = simulator.credentialsFor(ACCOUNT);
  const client = new SavingsplansClient({ endpoint: simulator.url, region: "us-east-1", credentials, ...config });
  onTestFinished(() => client.destroy());
  return client;
}

/** A real STS client of the line's account. */
export function stsClient({ simulator }: Pick<Simulated, "simulator">, config: STSClientConfig = {}): STSClient {
  const credentials = simulator.credentialsFor(ACCOUNT);
  const client = new STSClient({ endpoint: simulator.url, region: "us-east-1", credentials, ...config });
  onTestFinished(() => client.destroy());
  return client;
}

/** Makes a cloud of the simulator that ignores whatever an offerings listing is asked to leave out. */
export function ignoreFilters<Client extends EC2Client | SavingsplansClient>(client: Client): Client {
  const stack = client.middlewareStack as EC2Client["middlewareStack"];
  stack.add(
    (next, { commandName = "" }) =>
      (args) =>
        next(commandName.endsWith("OfferingsCommand") ? { ...args, input: pageOnly(args.input) } : args),
    { step: "initialize" },
  );
  return client;
}

const pageOnly = (input: object) =>
  Object.fromEntries(Object.entries(input).filter(([name]) => name.toLowerCase() === "nexttoken"));

/** The context of a call that nothing stops. */
export const context = (more: Partial<PurchaseContext> = {}): PurchaseContext => ({
  signal: new AbortController().signal,
  logger: silentLogger,
  now: Date.now(),
  lineageAttempt: 1,
  beforeWire() {},
  ...more,
});

/** Two m5.large for a year, paid upfront, at the simulator's price. */
export const ec2Request = (more: Partial<AwsEc2Request> = {}): AwsEc2Request => ({
  service: "aws.ec2",
  account: ACCOUNT,
  region: "us-east-1",
  quantity: 2,
  term: "1yr",
  payment: "all_upfront",
  expectedPrice: { amount: "996.04", currency: "USD" },
  instanceType: "m5.large",
  platform: "Linux/UNIX",
  tenancy: "default",
  offeringClass: "standard",
  scope: "region",
  ...more,
});

/** A Compute plan of half a dollar an hour for a year. */
export const planRequest = (more: Partial<AwsSavingsPlansRequest> = {}): AwsSavingsPlansRequest => ({
  service: "aws.savings-plans",
  account: ACCOUNT,
  region: "global",
  quantity: 1,
  term: "1yr",
  payment: "no_upfront",
  expectedPrice: { amount: "4380", currency: "USD" },
  planType: "Compute",
  hourlyCommitment: "0.5",
  ...more,
});

/** A permit as the engine's write-ahead mints it. */
export const permitFor = <Request extends CommitmentRequest>(
  request: Request,
  prepared: Prepared,
  submittedAt: number,
): PurchasePermit<Request> =>
  mintPermit({ request, token: TOKEN, attempt: 1, submittedAt, prepared }) as PurchasePermit<Request>;

/** The requests of one operation that reached the simulator. */
export async function seen({ simulator }: Pick<Simulated, "simulator">, operation: string): Promise<SeenRequest[]> {
  return (await simulator.ledger.requests()).filter((request) => request.operation === operation);
}

/** A moment as a signing time shows it: without the milliseconds. */
export const toSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;
