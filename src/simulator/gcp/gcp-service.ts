import type * as z from "zod/mini";
import { checked } from "../../domain/checked.js";
import type { StruckCall } from "../call-effects.js";
import type { LedgerPurchase } from "../ledger.js";
import type { SimulatedError } from "../simulated-error.js";

/** What an operation knows about the call besides its parameters. */
export interface GcpCall extends StruckCall {
  readonly principal: string;
  /** The id of the project, or of the billing account, folder or organization, that the path names. */
  readonly project: string;
  /** The region or location that the path names; `global` if it names none. */
  readonly region: string;
}

/** One operation of a service. */
export interface GcpOperation {
  /** What the caller needs in the project. */
  readonly permission: string;
  /** Does what the call asks, in one step and completely. To refuse, it throws `SimulatedError` and changes nothing. */
  run(params: Readonly<Record<string, unknown>>, call: GcpCall): object;
}

/** An operation with the method and path that lead to it. */
export interface Route extends GcpOperation {
  readonly operation: string;
  readonly method: string;
  /** Matches the whole path; its named groups are parameters. */
  readonly path: RegExp;
}

/** What is wrong with one parameter. */
export interface InputProblem {
  readonly field: string;
  /** What was sent; `undefined` if it is missing. */
  readonly value: unknown;
  readonly message: string;
}

/** The errors that every operation of a service can answer with, each in that service's own words. */
export interface GcpRefusals {
  unreadableBody(): SimulatedError;
  unknownOperation(): SimulatedError;
  forbidden(permission: string, resource: string): SimulatedError;
  invalidInput(problem: InputProblem): SimulatedError;
  throttled(): SimulatedError;
  internal(): SimulatedError;
}

/**
 * One simulated service.
 *
 * Everything it does is synchronous, so calls never interleave and each takes effect in one moment.
 */
export interface GcpService {
  /** The name in the ledger, e.g. `gcp.compute`. */
  readonly name: string;
  /** What the paths of its requests begin with. */
  readonly prefix: string;
  readonly routes: readonly Route[];
  /** The parameters of a call, from the named groups of its path. */
  pathParams(fields: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  readonly refusals: GcpRefusals;
  /** The body that carries this error. */
  errorBody(error: SimulatedError): object;
  /** Every commitment it ever created, with states as of `now`. Absent where nothing is bought. */
  commitments?(now: number): readonly LedgerPurchase[];
  /** Sets the state of its commitments with this name or id from `at` on, and returns whether there is one. */
  setState?(commitmentId: string, state: string, at: number): boolean;
}

/** The parameters that `schema` describes; others are refused in the words of the service. */
export function readParams<Input>(schema: z.ZodMiniType<Input>, params: unknown, refusals: GcpRefusals): Input {
  const parsed = checked(schema, params, { reportInput: true });
  if (parsed.success) return parsed.data;
  const { path = [], message = "is not valid", input } = parsed.error.issues[0] ?? {};
  throw refusals.invalidInput({ field: path.join("."), value: input, message });
}
