import * as z from "zod/mini";
import { checked } from "../../domain/checked.js";
import type { StruckCall } from "../call-effects.js";
import type { LedgerPurchase } from "../ledger.js";
import type { WireRequest } from "../wire.js";
import type { AwsProtocol } from "./protocol/aws-protocol.js";
import { isOfEnvelope } from "./protocol/decode-query.js";

/** What an operation knows about the call besides its parameters. */
export interface AwsCall extends StruckCall {
  readonly account: string;
  readonly region: string;
}

/** Does what the call asks, in one step and completely. To refuse, it throws `SimulatedError` and changes nothing. */
export type AwsOperation = (params: Readonly<Record<string, unknown>>, call: AwsCall) => object;

/**
 * One simulated service: to add another, write a file that returns this and name it in `aws-services.ts`.
 *
 * Everything it does is synchronous, so calls never interleave and each takes effect in one moment.
 */
export interface AwsService {
  /** The name in the credential scope of its requests. */
  readonly signingName: string;
  /** The name in the ledger, e.g. `aws.ec2`. */
  readonly name: string;
  readonly protocol: AwsProtocol;
  /**
   * The operation a request asks for, read from `Action`, the path, or `X-Amz-Target`, as the protocol has it; `undefined`
   * if it is no request for this service.
   */
  operationOf(request: WireRequest): string | undefined;
  readonly operations: Readonly<Record<string, AwsOperation>>;
  /** Every commitment it ever created, with states and tags as of `now`. */
  commitments(now: number): readonly LedgerPurchase[];
  /**
   * Sets the state of its commitments with this id from `at` on, and returns whether there is one. Absent where nothing
   * is bought.
   */
  setState?(commitmentId: string, state: string, at: number): boolean;
}

/** An operation that takes the parameters `schema` describes, and refuses others in the words of `protocol`. */
export function operation<Input>(
  protocol: AwsProtocol,
  schema: z.ZodMiniType<Input>,
  run: (input: Input, call: AwsCall) => object,
): AwsOperation {
  const known = schema instanceof z.ZodMiniObject ? Object.keys(schema.shape) : undefined;
  return (params, call) => {
    const unknown = Object.keys(params).find((name) => !(known?.includes(name) ?? true) && !isOfEnvelope(name));
    if (unknown !== undefined && protocol.refusals.unknownParameter !== undefined)
      throw protocol.refusals.unknownParameter(unknown);
    const parsed = checked(schema, params);
    if (parsed.success) return run(parsed.data, call);
    throw protocol.refusals.invalidInput(describeIssue(parsed.error, params));
  };
}

function describeIssue(error: z.core.$ZodError, params: Readonly<Record<string, unknown>>) {
  const { path = [], message = "is not valid" } = error.issues[0] ?? {};
  return { field: path.join("."), missing: valueAt(params, path) === undefined, message };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (parent, key) => (typeof parent === "object" && parent !== null ? Reflect.get(parent, key) : undefined),
    value,
  );
}
