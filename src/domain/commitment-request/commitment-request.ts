import * as z from "zod";
import { BuyonceError } from "../errors.js";
import { type AwsEc2Request, awsEc2Schema } from "./aws-ec2.js";
import { type AwsSavingsPlansRequest, awsSavingsPlansSchema } from "./aws-savings-plans.js";
import { type CustomRequest, customSchema } from "./custom.js";

/** What one line buys: one shape per service, discriminated by `service`. */
export type CommitmentRequest = AwsEc2Request | AwsSavingsPlansRequest | CustomRequest;

const builtIn = z.discriminatedUnion("service", [awsEc2Schema, awsSavingsPlansSchema]);

const isCustom = (input: unknown): boolean =>
  typeof input === "object" && input !== null && "service" in input && String(input.service).startsWith("custom.");

/** The cloud in which commitment ids are unique: `aws` of `aws.ec2`; a custom service is a cloud of its own. */
export const cloudOf = (service: string): string =>
  service.startsWith("custom.") ? service : service.slice(0, service.indexOf("."));

/** One thing that is wrong with one field: where it stands, such as `lines[2].region`, and why it is refused. */
export interface InputProblem {
  readonly path: string;
  readonly problem: string;
}

/**
 * Parses the lines of a basket, all of them, before anything is stored or sent.
 *
 * Throws `INVALID_REQUEST` with one {@link InputProblem} per fault in `details.problems`; unknown and contradictory
 * fields are faults.
 */
export function parseCommitmentRequests(inputs: readonly unknown[]): readonly CommitmentRequest[] {
  const results = inputs.map((input) => (isCustom(input) ? customSchema : builtIn).safeParse(input));
  const problems = results.flatMap((result, index) => (result.success ? [] : problemsOf(result.error, index)));
  if (problems.length > 0) throw invalidRequest(problems);
  return results.map((result) => result.data as CommitmentRequest);
}

/** The error for input that cannot be bought, naming every fault. */
export function invalidRequest(problems: readonly InputProblem[]): BuyonceError {
  const listed = problems.map(({ path, problem }) => `${path}: ${problem}`).join("; ");
  return new BuyonceError("INVALID_REQUEST", `The request was refused: ${listed}`, { details: { problems } });
}

const problemsOf = (error: z.ZodError, index: number): InputProblem[] =>
  error.issues.map((issue) => ({
    path: `lines[${index}]${issue.path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("")}`,
    problem: issue.message,
  }));
