import { randomUUID } from "node:crypto";
import type { AwsEc2Request, AwsSavingsPlansRequest, CommitmentRequest } from "buyonce";
import type { AwsSimulatorProcess, ReservedInstancesOffering, SavingsPlansOffering } from "buyonce/simulator";

const PAYMENT_OPTIONS = {
  no_upfront: "No Upfront",
  partial_upfront: "Partial Upfront",
  all_upfront: "All Upfront",
} as const;
const HOURS = { "1yr": 8_760, "3yr": 26_280 } as const;

/** Adds to the simulated cloud's price list what the basket asks for and the list lacks, at the expected price. */
export async function sellWhatIsAsked(cloud: AwsSimulatorProcess, lines: readonly CommitmentRequest[]): Promise<void> {
  for (const line of lines) {
    if (line.service === "aws.ec2" && !(await sellsInstances(cloud, line)))
      await cloud.offerings.add({ reservedInstances: [instancesOffering(line)] });
    if (line.service === "aws.savings-plans" && !(await sellsPlan(cloud, line)))
      await cloud.offerings.add({ savingsPlans: [planOffering(line)] });
  }
}

async function sellsInstances(cloud: AwsSimulatorProcess, line: AwsEc2Request): Promise<boolean> {
  const { offeringId: _, fixedPrice: _fixed, hourlyPrice: _hourly, ...wanted } = instancesOffering(line);
  return (await cloud.offerings.reservedInstances(line.region)).some((offering) => matches(offering, wanted));
}

async function sellsPlan(cloud: AwsSimulatorProcess, line: AwsSavingsPlansRequest): Promise<boolean> {
  const { planType, paymentOption, durationSeconds, region, instanceFamily } = planOffering(line);
  return (await cloud.offerings.savingsPlans()).some((offering) =>
    matches(offering, { planType, paymentOption, durationSeconds, region, instanceFamily }),
  );
}

const matches = (offering: object, wanted: object): boolean =>
  Object.entries(wanted).every(([key, value]) => value === undefined || Reflect.get(offering, key) === value);

const instancesOffering = (line: AwsEc2Request): ReservedInstancesOffering => ({
  offeringId: randomUUID(),
  region: line.region,
  instanceType: line.instanceType,
  productDescription: line.platform,
  instanceTenancy: line.tenancy === "dedicated" ? "dedicated" : "default",
  offeringClass: line.offeringClass,
  offeringType: PAYMENT_OPTIONS[line.payment],
  durationSeconds: HOURS[line.term] * 3_600,
  scope: line.scope === "region" ? "Region" : "Availability Zone",
  ...(line.availabilityZone === undefined ? {} : { availabilityZone: line.availabilityZone }),
  fixedPrice: line.payment === "no_upfront" ? 0 : Number(line.expectedPrice.amount) / line.quantity,
  hourlyPrice: line.payment === "no_upfront" ? Number(line.expectedPrice.amount) / line.quantity / HOURS[line.term] : 0,
  marketplace: false,
});

const planOffering = (line: AwsSavingsPlansRequest): SavingsPlansOffering => ({
  offeringId: randomUUID(),
  planType: line.planType,
  paymentOption: PAYMENT_OPTIONS[line.payment],
  durationSeconds: HOURS[line.term] * 3_600,
  productTypes: ["EC2"],
  description: `${line.term} ${line.planType} Savings Plan`,
  serviceCode: "ComputeSavingsPlans",
  usageType: `${line.planType}.${line.term}`,
  operation: "",
  ...(line.planType === "EC2Instance" ? { region: line.region, instanceFamily: line.instanceFamily } : {}),
});
