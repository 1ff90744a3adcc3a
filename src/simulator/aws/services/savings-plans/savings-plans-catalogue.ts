import { deterministicId } from "../../../deterministic-id.js";
import { allTerms, type ReservedTerms, TERM_SECONDS } from "../../terms-and-prices.js";
import type { SavingsPlansOffering } from "./savings-plans-offering.js";

const REGIONS = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1"];
const FAMILIES = ["t3", "m5", "c5", "r5"];

type Plan = Pick<
  SavingsPlansOffering,
  "planType" | "productTypes" | "serviceCode" | "operation" | "region" | "instanceFamily"
>;

const compute: Plan = {
  planType: "Compute",
  productTypes: ["Fargate", "Lambda", "EC2"],
  serviceCode: "ComputeSavingsPlans",
  operation: "",
};
const sageMaker: Plan = {
  planType: "SageMaker",
  productTypes: ["SageMaker"],
  serviceCode: "MachineLearningSavingsPlans",
  operation: "",
};
const database: Plan = {
  planType: "Database",
  productTypes: ["RDS", "DSQL", "DynamoDB", "ElastiCache", "DocDB", "Neptune"],
  serviceCode: "DatabaseSavingsPlans",
  operation: "",
};

/** Every savings plan AWS sells: always the same list with the same ids. */
export function seededSavingsPlansOfferings(): SavingsPlansOffering[] {
  const general = [compute, sageMaker, ...REGIONS.flatMap(instancePlans)];
  return [
    ...general.flatMap((plan) => allTerms().map((terms) => offering(plan, terms))),
    // Database plans came with this one choice only.
    offering(database, { durationSeconds: TERM_SECONDS.oneYear, offeringType: "No Upfront" }),
  ];
}

function instancePlans(region: string): Plan[] {
  return FAMILIES.map((instanceFamily) => ({
    ...compute,
    planType: "EC2Instance" as const,
    productTypes: ["EC2"],
    region,
    instanceFamily,
  }));
}

function offering(plan: Plan, { durationSeconds, offeringType: paymentOption }: ReservedTerms): SavingsPlansOffering {
  const years = durationSeconds / TERM_SECONDS.oneYear;
  const scope = [plan.instanceFamily, plan.region].filter((part) => part !== undefined);
  const name = [plan.planType, ...scope].join(":");
  return {
    ...plan,
    durationSeconds,
    paymentOption,
    offeringId: deterministicId(`savings-plans-offering:${name}:${years}:${paymentOption}`),
    description: `${years} year ${paymentOption} ${[plan.planType, ...scope].join(" ")} Savings Plan`,
    usageType: `${name}.${years}yr${paymentOption.replace(" ", "")}`,
  };
}
