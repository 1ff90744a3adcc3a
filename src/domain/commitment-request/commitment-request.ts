import * as z from "zod/mini";
import { checked } from "../checked.js";
import { BuyonceError } from "../errors.js";
import { withFound } from "../fault-in-words.js";
import { checkList, type InputProblem, invalidRequest } from "../input-problem.js";
import { once } from "../once.js";
import { type AwsCapacityBlocksRequest, awsCapacityBlocksSchema } from "./aws-capacity-blocks.js";
import { type AwsDedicatedHostsRequest, awsDedicatedHostsSchema } from "./aws-dedicated-hosts.js";
import { type AwsEc2Request, awsEc2Schema } from "./aws-ec2.js";
import { type AwsElastiCacheRequest, awsElastiCacheSchema } from "./aws-elasticache.js";
import { type AwsMemoryDbRequest, awsMemoryDbSchema } from "./aws-memorydb.js";
import { type AwsOpenSearchRequest, awsOpenSearchSchema } from "./aws-opensearch.js";
import { type AwsRdsRequest, awsRdsSchema } from "./aws-rds.js";
import { type AwsRedshiftRequest, awsRedshiftSchema } from "./aws-redshift.js";
import { type AwsRedshiftServerlessRequest, awsRedshiftServerlessSchema } from "./aws-redshift-serverless.js";
import { type AwsSavingsPlansRequest, awsSavingsPlansSchema } from "./aws-savings-plans.js";
import { type AzureReservationsRequest, azureReservationsSchema } from "./azure-reservations.js";
import { type AzureSavingsPlansRequest, azureSavingsPlansSchema } from "./azure-savings-plans.js";
import type { CommonRequest } from "./common.js";
import { type CustomRequest, customSchema } from "./custom.js";
import { type GcpComputeRequest, gcpComputeSchema } from "./gcp-compute.js";
import { type GcpSpendRequest, gcpSpendSchema } from "./gcp-spend.js";
import { protoKeyProblems } from "./proto-keys.js";
import { UNSUPPORTED_SERVICES } from "./unsupported.js";

/** What one line buys: one shape per service, discriminated by `service`. */
export type CommitmentRequest =
  | AwsCapacityBlocksRequest
  | AwsDedicatedHostsRequest
  | AwsEc2Request
  | AwsElastiCacheRequest
  | AwsMemoryDbRequest
  | AwsOpenSearchRequest
  | AwsRdsRequest
  | AwsRedshiftRequest
  | AwsRedshiftServerlessRequest
  | AwsSavingsPlansRequest
  | AzureReservationsRequest
  | AzureSavingsPlansRequest
  | GcpComputeRequest
  | GcpSpendRequest
  | CustomRequest;

/** A request for a commitment that runs for years. */
export type TermedRequest = Extract<CommitmentRequest, CommonRequest>;

const builtIn = once(() =>
  z.discriminatedUnion("service", [
    awsCapacityBlocksSchema(),
    awsDedicatedHostsSchema(),
    awsEc2Schema(),
    awsElastiCacheSchema(),
    awsMemoryDbSchema(),
    awsOpenSearchSchema(),
    awsRdsSchema(),
    awsRedshiftSchema(),
    awsRedshiftServerlessSchema(),
    awsSavingsPlansSchema(),
    azureReservationsSchema(),
    azureSavingsPlansSchema(),
    gcpComputeSchema(),
    gcpSpendSchema(),
  ]),
);

function serviceOf(input: unknown): string {
  if (typeof input !== "object" || input === null || !("service" in input)) return "";
  return typeof input.service === "string" ? input.service : "";
}

const isCustom = (input: unknown): boolean => serviceOf(input).startsWith("custom.");

/**
 * The cloud in which commitment ids are unique, such as `aws` for `aws.ec2`. A custom service is a cloud of its own.
 */
export const cloudOf = (service: string): string =>
  service.startsWith("custom.") ? service : service.slice(0, service.indexOf("."));

/**
 * Parses all lines of a basket, before anything is stored or sent.
 *
 * Throws `INVALID_REQUEST` with one {@link InputProblem} per fault in `details.problems`. Unknown and contradictory
 * fields are faults, and so is a key `__proto__` at any depth. Throws `PURCHASE_NOT_SUPPORTED` for a commitment that no
 * API sells.
 */
export function parseCommitmentRequests(inputs: readonly unknown[]): readonly CommitmentRequest[] {
  checkList("lines", inputs);
  for (const input of inputs) refuseUnsupported(input);
  const results = inputs.map((input) =>
    checked<unknown>(isCustom(input) ? customSchema() : builtIn(), input, { reportInput: true }),
  );
  const problems = results.flatMap((result, index) => [
    ...protoKeyProblems(inputs[index], `lines[${index}]`),
    ...(result.success ? [] : problemsOf(result.error, index)),
  ]);
  if (problems.length > 0) throw invalidRequest(problems);
  return results.map((result) => result.data as CommitmentRequest);
}

function refuseUnsupported(input: unknown): void {
  const service = isSearchReservation(input) ? "azure.search" : serviceOf(input);
  const instead = Object.hasOwn(UNSUPPORTED_SERVICES, service) ? UNSUPPORTED_SERVICES[service] : undefined;
  if (instead === undefined) return;
  const message = `Commitments cannot be bought as service "${service}". ${instead}`;
  throw new BuyonceError("PURCHASE_NOT_SUPPORTED", message, { details: { service, instead } });
}

/** `SearchService`, in any case, is a resource type of other tools that the reservation API does not have. */
const isSearchReservation = (input: unknown): boolean =>
  serviceOf(input) === "azure.reservations" &&
  typeof input === "object" &&
  input !== null &&
  "reservedResourceType" in input &&
  typeof input.reservedResourceType === "string" &&
  input.reservedResourceType.toLowerCase() === "searchservice";

const problemsOf = (error: z.core.$ZodError, index: number): InputProblem[] =>
  error.issues.filter(isNoProtoKey).map((issue) => ({
    path: `lines[${index}]${issue.path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("")}`,
    problem: problemOf(issue),
  }));

/** A text of another form than its field has is shown, because a line holds no secrets. */
const problemOf = ({ code, input, message }: z.core.$ZodIssue): string =>
  code === "invalid_format" && message.startsWith("must ") ? withFound(input, message) : message;

/**
 * Keeps a fault about `__proto__` keys alone out of the list. `protoKeyProblems` finds such keys, because a schema does
 * not see all of them.
 */
const isNoProtoKey = (issue: z.core.$ZodIssue): boolean =>
  issue.code !== "unrecognized_keys" || issue.keys.some((key) => key !== "__proto__");
