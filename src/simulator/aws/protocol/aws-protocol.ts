import type { IncomingHttpHeaders } from "node:http";
import type { AwsError } from "../aws-error.js";

/** A request as it came off the wire, body read to its end. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** What follows the path, from the question mark on; empty if nothing does. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer, ready for the wire. */
export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

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
