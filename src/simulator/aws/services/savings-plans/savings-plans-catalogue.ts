import { deterministicId } from "../../../deterministic-id.js";
import { SAVINGS_PLANS_PAYMENT_OPTIONS, type SavingsPlansOffering } from "./savings-plans-offering.js";

const YEAR_SECONDS = 31_536_000;
const REGIONS = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1"];
const FAMILIES = ["t3", "m5", "c5", "r5"];

type Plan = Pick<
  SavingsPlansOffering,
  "planType" | "productTypes" | "serviceCode" | "operation" | "region" | "instanceFamily"
>;
type Terms = Pick<SavingsPlansOffering, "durationSeconds" | "paymentOption">;

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
    offering(database, { durationSeconds: YEAR_SECONDS, paymentOption: "No Upfront" }),
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

function allTerms(): Terms[] {
  return [1, 3].flatMap((years) =>
    SAVINGS_PLANS_PAYMENT_OPTIONS.map((paymentOption) => ({ durationSeconds: years * YEAR_SECONDS, paymentOption })),
  );
}

function offering(plan: Plan, terms: Terms): SavingsPlansOffering {
  const years = terms.durationSeconds / YEAR_SECONDS;
  const scope = [plan.instanceFamily, plan.region].filter((part) => part !== undefined);
  const name = [plan.planType, ...scope].join(":");
  return {
    ...plan,
    ...terms,
    offeringId: deterministicId(`savings-plans-offering:${name}:${years}:${terms.paymentOption}`),
    description: `${years} year ${terms.paymentOption} ${[plan.planType, ...scope].join(" ")} Savings Plan`,
    usageType: `${name}.${years}yr${terms.paymentOption.replace(" ", "")}`,
  };
}
