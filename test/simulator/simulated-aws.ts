import {
  DescribeReservedInstancesCommand,
  DescribeReservedInstancesOfferingsCommand,
  EC2Client,
  type EC2ClientConfig,
  PurchaseReservedInstancesOfferingCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateSavingsPlanCommand,
  type CreateSavingsPlanRequest,
  DescribeSavingsPlansCommand,
  DescribeSavingsPlansOfferingsCommand,
  SavingsplansClient,
} from "@aws-sdk/client-savingsplans";
import { type AwsSimulatorOptions, type ConnectedAwsSimulator, startAwsSimulator } from "buyonce/simulator";
import { onTestFinished } from "vitest";

export const ACCOUNT = "111122223333";
export const OTHER_ACCOUNT = "444455556666";

/** A clock that stands still until it is told to move; it starts at the machine's time, by which the SDK signs. */
export class ManualClock {
  #now = Date.now();
  now(): number {
    return this.#now;
  }
  advance(ms: number): void {
    this.#now += ms;
  }
}

/** A simulator that ends with the test. */
export async function simulatedAws(options: AwsSimulatorOptions = {}) {
  const simulator = await startAwsSimulator(options);
  onTestFinished(() => simulator.close());
  return simulator;
}

interface Target {
  readonly account?: string;
  readonly region?: string;
}

/** How to make a client: what all AWS clients take alike. */
export type ClientConfig = Target & Pick<EC2ClientConfig, "maxAttempts" | "credentials" | "systemClockOffset">;

/** A client of the simulator that sends each call once, unless told otherwise, and ends with the test. */
export function clientOf<Client extends { destroy(): void }>(
  Constructor: new (config: EC2ClientConfig & { readonly endpoint: string }) => Client,
  simulator: ConnectedAwsSimulator,
  { account = ACCOUNT, region = "us-east-1", ...config }: ClientConfig = {},
): Client {
  const credentials = simulator.credentialsFor(account);
  const client = new Constructor({ endpoint: simulator.url, region, credentials, maxAttempts: 1, ...config });
  onTestFinished(() => client.destroy());
  return client;
}

export function ec2For(simulator: ConnectedAwsSimulator, config: ClientConfig = {}): EC2Client {
  return clientOf(EC2Client, simulator, config);
}

export function savingsPlansFor(simulator: ConnectedAwsSimulator, config: ClientConfig = {}): SavingsplansClient {
  return clientOf(SavingsplansClient, simulator, config);
}

/** One regional, standard, one-year m5.large offering with all paid upfront. */
export async function anOffering(ec2: EC2Client): Promise<{ ReservedInstancesOfferingId: string; FixedPrice: number }> {
  const { ReservedInstancesOfferings = [] } = await ec2.send(
    new DescribeReservedInstancesOfferingsCommand({
      InstanceType: "m5.large",
      ProductDescription: "Linux/UNIX",
      OfferingClass: "standard",
      OfferingType: "All Upfront",
      MaxDuration: 31_536_000,
      IncludeMarketplace: false,
      Filters: [{ Name: "scope", Values: ["Region"] }],
    }),
  );
  const [offering] = ReservedInstancesOfferings;
  if (ReservedInstancesOfferings.length !== 1 || !offering?.ReservedInstancesOfferingId) throw new Error("not one");
  const { ReservedInstancesOfferingId, FixedPrice = 0 } = offering;
  return { ReservedInstancesOfferingId, FixedPrice };
}

export async function buy(
  ec2: EC2Client,
  more: Partial<PurchaseReservedInstancesOfferingCommand["input"]> = {},
): Promise<string> {
  const { ReservedInstancesOfferingId } = await anOffering(ec2);
  const command = new PurchaseReservedInstancesOfferingCommand({
    ReservedInstancesOfferingId,
    InstanceCount: 1,
    ...more,
  });
  const { ReservedInstancesId } = await ec2.send(command);
  if (ReservedInstancesId === undefined) throw new Error("the answer has no id");
  return ReservedInstancesId;
}

export async function listed(ec2: EC2Client, more: DescribeReservedInstancesCommand["input"] = {}) {
  const { ReservedInstances = [] } = await ec2.send(new DescribeReservedInstancesCommand(more));
  return ReservedInstances;
}

/** The id of a one-year Compute plan. */
export async function aPlanOffering(client: SavingsplansClient, paymentOption: "No Upfront" | "Partial Upfront") {
  const { searchResults = [] } = await client.send(
    new DescribeSavingsPlansOfferingsCommand({
      planTypes: ["Compute"],
      durations: [31_536_000],
      paymentOptions: [paymentOption],
    }),
  );
  const id = searchResults[0]?.offeringId;
  if (searchResults.length !== 1 || id === undefined) throw new Error("not one");
  return id;
}

export async function buyPlan(client: SavingsplansClient, more: Partial<CreateSavingsPlanRequest> = {}) {
  const savingsPlanOfferingId = await aPlanOffering(client, "No Upfront");
  const command = new CreateSavingsPlanCommand({ savingsPlanOfferingId, commitment: "0.5", ...more });
  const { savingsPlanId } = await client.send(command);
  if (savingsPlanId === undefined) throw new Error("the answer has no id");
  return savingsPlanId;
}

export async function listedPlans(client: SavingsplansClient, more: DescribeSavingsPlansCommand["input"] = {}) {
  const { savingsPlans = [] } = await client.send(new DescribeSavingsPlansCommand(more));
  return savingsPlans;
}
