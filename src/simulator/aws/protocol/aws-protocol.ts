import type { WireReply, WireRequest } from "../../wire.js";
import type { AwsError } from "../aws-error.js";

/** What is wrong with one parameter. */
export interface InputProblem {
  readonly field: string;
  readonly missing: boolean;
  readonly message: string;
}

/** A signing time outside the tolerance, with the times its error message states. */
export interface SigningTime {
  readonly signedAt: number;
  readonly now: number;
  readonly maxSkewMs: number;
}

/** The errors that every operation of a protocol can answer with, each in that protocol's own words. */
export interface Refusals {
  missingSignature(): AwsError;
  unknownAccessKey(): AwsError;
  badSigningTime(time: SigningTime): AwsError;
  unknownOperation(operation: string): AwsError;
  invalidInput(problem: InputProblem): AwsError;
  throttled(): AwsError;
  internal(): AwsError;
}

/** One of AWS's wire protocols: how parameters come in, and how results and errors go out. */
export interface AwsProtocol {
  /** The parameters of the request, by their names on the wire. Throws `AwsError` for an unreadable body. */
  readParams(request: WireRequest): Record<string, unknown>;
  result(operation: string, result: object, requestId: string): WireReply;
  error(error: AwsError, requestId: string): WireReply;
  readonly refusals: Refusals;
}
