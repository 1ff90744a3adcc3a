import type { SimulatedError } from "../../simulated-error.js";
import type { WireReply, WireRequest } from "../../wire.js";

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
  missingSignature(): SimulatedError;
  unknownAccessKey(): SimulatedError;
  /** For a request that is signed for a region that AWS does not have. */
  unknownRegion(region: string): SimulatedError;
  badSigningTime(time: SigningTime): SimulatedError;
  unknownOperation(operation: string): SimulatedError;
  invalidInput(problem: InputProblem): SimulatedError;
  /** For a parameter that the operation does not have. Absent where a service passes over such parameters. */
  unknownParameter?(name: string): SimulatedError;
  throttled(): SimulatedError;
  internal(): SimulatedError;
}

/** One of AWS's wire protocols: how parameters come in, and how results and errors go out. */
export interface AwsProtocol {
  /** The parameters of the request, by their names on the wire. Throws `SimulatedError` for an unreadable body. */
  readParams(request: WireRequest): Record<string, unknown>;
  result(operation: string, result: object, requestId: string): WireReply;
  error(error: SimulatedError, requestId: string): WireReply;
  readonly refusals: Refusals;
}
