import * as z from "zod/mini";
import { deterministicId } from "../../../deterministic-id.js";
import { type AwsOperation, operation } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import {
  amountText,
  beneficiaries,
  combinationInput,
  costExplorerPage,
  costExplorerProtocol,
  HOURS_A_MONTH,
  repeated,
  termsOf,
  timeText,
} from "./cost-explorer-protocol.js";
import { instanceDetails } from "./instance-details.js";
import { type Purchases, type ReservationNeed, recommendedOffering, reservationNeeds } from "./reservation-needs.js";

/** The services, by the names under which Cost Explorer knows them. */
const SERVICES = {
  "Amazon Elastic Compute Cloud - Compute": "aws.ec2",
  "Amazon Relational Database Service": "aws.rds",
  "Amazon ElastiCache": "aws.elasticache",
  "Amazon OpenSearch Service": "aws.opensearch",
  "Amazon Redshift": "aws.redshift",
  "Amazon MemoryDB Service": "aws.memorydb",
  "Amazon DynamoDB Service": "aws.dynamodb",
} as const;

const input = z.object({
  ...combinationInput,
  AccountId: z.optional(z.string()),
  Service: z.enum(Object.keys(SERVICES) as (keyof typeof SERVICES)[]),
  ServiceSpecification: z.optional(
    z.object({
      EC2Specification: z.optional(z.object({ OfferingClass: z.optional(z.enum(["STANDARD", "CONVERTIBLE"])) })),
    }),
  ),
});
type Input = z.infer<typeof input>;

/** Recommends to reserve what is used and not reserved, at the prices of the catalogue. */
export function getReservationPurchaseRecommendation(world: AwsWorld, purchases: Purchases): AwsOperation {
  return operation(costExplorerProtocol, input, (request, call) => {
    const service = SERVICES[request.Service];
    const bought = purchases(call.now);
    const needs = beneficiaries(world, request, call).flatMap((beneficiary) =>
      reservationNeeds(world, bought, { service, beneficiary }),
    );
    const details = needs.flatMap((need) => detailOf(world, need, request) ?? []);
    const page = costExplorerPage(details, request, { call, world });
    const ServiceSpecification = request.ServiceSpecification;
    const recommendation = { ...repeated(request), ServiceSpecification, RecommendationDetails: page.rows };
    return {
      Metadata: {
        RecommendationId: deterministicId(`reservation-recommendation:${call.account}:${call.now}`),
        GenerationTimestamp: timeText(call.now),
      },
      Recommendations: page.rows.length === 0 ? [] : [recommendation],
      NextPageToken: page.nextToken,
    };
  });
}

function detailOf(world: AwsWorld, need: ReservationNeed, request: Input): object | undefined {
  if (need.product.service === "aws.dynamodb") return dynamoDbDetail(need);
  const isConvertible = request.ServiceSpecification?.EC2Specification?.OfferingClass === "CONVERTIBLE";
  const terms = { ...termsOf(request), offeringClass: isConvertible ? "convertible" : "standard" };
  const offering = recommendedOffering(world, need.product, terms);
  if (offering === undefined) return undefined;
  const { count, used } = need;
  const upfront = offering.fixedPrice * count;
  const monthly = offering.hourlyPrice * HOURS_A_MONTH * count;
  const months = offering.durationSeconds / 3600 / HOURS_A_MONTH;
  const countText = String(count);
  return {
    AccountId: need.account,
    InstanceDetails: instanceDetails(need.product),
    RecommendedNumberOfInstancesToPurchase: countText,
    MinimumNumberOfInstancesUsedPerHour: String(used),
    MaximumNumberOfInstancesUsedPerHour: String(used),
    AverageNumberOfInstancesUsedPerHour: String(used),
    AverageUtilization: "100",
    CurrencyCode: "USD",
    UpfrontCost: amountText(upfront),
    RecurringStandardMonthlyCost: amountText(monthly),
    ...savings(offering.perHour, { count, upfront, monthly, months }),
  };
}

/** What is saved against the price on demand. Nothing is stated if that price is not known. */
function savings(
  perHour: number | undefined,
  { count, upfront, monthly, months }: Readonly<Record<"count" | "upfront" | "monthly" | "months", number>>,
): object {
  if (perHour === undefined) return {};
  const onDemand = perHour * HOURS_A_MONTH * count;
  const saved = onDemand - monthly - upfront / months;
  return {
    EstimatedMonthlyOnDemandCost: amountText(onDemand),
    EstimatedMonthlySavingsAmount: amountText(saved),
    EstimatedMonthlySavingsPercentage: amountText((saved / onDemand) * 100),
    EstimatedBreakEvenInMonths: amountText(upfront / (onDemand - monthly)),
  };
}

/** Reserved capacity of DynamoDB, which nobody sells here: it is recommended without prices. */
const dynamoDbDetail = ({ account, product, count }: ReservationNeed): object => ({
  AccountId: account,
  ReservedCapacityDetails: {
    DynamoDBCapacityDetails: { CapacityUnits: product.nodeType, Region: product.region },
  },
  RecommendedNumberOfCapacityUnitsToPurchase: String(count),
  CurrencyCode: "USD",
});
