import { withoutLeftOut } from "../call-effects.js";
import type { FaultAnswers, Processed } from "../deliver.js";
import type { EffectFault } from "../fault.js";
import type { WireReply, WireRequest } from "../wire.js";
import { accountOf } from "./account-keys.js";
import { AwsError } from "./aws-error.js";
import type { AwsService } from "./aws-service.js";
import { readSignature, type Signature } from "./signature.js";

/** A request whose sender and purpose are known, not yet processed. */
export interface Dispatched {
  readonly service: AwsService;
  readonly operation: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly signature: Signature | undefined;
  readonly account: string | undefined;
  readonly requestId: string;
  /** Set if it is refused whatever the time and the state. */
  readonly refusal?: AwsError;
}

/** When and how a request is processed. */
export interface Processing {
  readonly now: number;
  readonly maxClockSkewMs: number;
  readonly effects: readonly EffectFault[];
}

interface Directory {
  readonly services: readonly AwsService[];
  readonly accounts: Readonly<Record<string, string>>;
  readonly nextRequestId: () => string;
}

/** Finds out who asks for what; `undefined` if no service here is meant. Changes nothing. */
export function dispatch(request: WireRequest, directory: Directory): Dispatched | undefined {
  const signature = readSignature(request.headers);
  const service = serviceFor(request, signature, directory.services);
  if (service === undefined) return undefined;
  const known = {
    service,
    operation: service.operationOf(request) ?? request.path,
    signature,
    account: signature && accountOf(signature.accessKeyId, directory.accounts),
    requestId: directory.nextRequestId(),
  };
  try {
    const params = service.protocol.readParams(request);
    return { ...known, params, ...refusedFromTheStart(known) };
  } catch (error) {
    return { ...known, params: {}, refusal: asAwsError(error, service) };
  }
}

function serviceFor(request: WireRequest, signature: Signature | undefined, services: readonly AwsService[]) {
  return (
    services.find((service) => service.signingName === signature?.service) ??
    services.find((service) => service.operationOf(request) !== undefined)
  );
}

function refusedFromTheStart(request: Omit<Dispatched, "params">): { refusal?: AwsError } {
  const { refusals } = request.service.protocol;
  if (request.signature === undefined) return { refusal: refusals.missingSignature() };
  if (request.account === undefined) return { refusal: refusals.unknownAccessKey() };
  if (Object.hasOwn(request.service.operations, request.operation)) return {};
  return { refusal: refusals.unknownOperation(request.operation) };
}

/**
 * Has the service decide, at `now`, and commits what it does. Never throws: every refusal is an answer.
 *
 * The signing time is checked here and not on arrival, so a request that was held up long enough is refused, as AWS does.
 */
export function processRequest(request: Dispatched, processing: Processing): Processed {
  const { service, operation, params, requestId } = request;
  try {
    const call = admit(request, processing);
    const result = withoutLeftOut(service.operations[operation]?.(params, call) ?? {}, call);
    return { reply: withRequestId(service.protocol.result(operation, result, requestId), requestId) };
  } catch (error) {
    return errorReply(request, asAwsError(error, service));
  }
}

/** What a request is answered that a fault strikes before it is processed. */
export function faultAnswers(request: Dispatched): FaultAnswers {
  const { refusals } = request.service.protocol;
  return {
    throttled: () => errorReply(request, refusals.throttled()),
    internal: () => errorReply(request, refusals.internal()),
    error: ({ code, status, message = code }) => errorReply(request, new AwsError(code, status, message)),
  };
}

/** The answer that carries this error. */
function errorReply({ service, requestId }: Dispatched, error: AwsError): Processed {
  return { reply: withRequestId(service.protocol.error(error, requestId), requestId), errorCode: error.code };
}

function withRequestId(reply: WireReply, requestId: string): WireReply {
  return { ...reply, headers: { ...reply.headers, "x-amzn-requestid": requestId } };
}

function admit({ service, signature, account, refusal }: Dispatched, { now, maxClockSkewMs, effects }: Processing) {
  const { refusals } = service.protocol;
  if (refusal !== undefined) throw refusal;
  if (signature === undefined || account === undefined) throw refusals.missingSignature();
  if (Math.abs(now - signature.signedAt) > maxClockSkewMs) {
    throw refusals.badSigningTime({ signedAt: signature.signedAt, now, maxSkewMs: maxClockSkewMs });
  }
  return { account, region: signature.region, now, effects };
}

/** A thrown error that is none of AWS's is a bug of the simulator: it is answered, so that the test sees its text. */
function asAwsError(error: unknown, { protocol }: AwsService): AwsError {
  if (error instanceof AwsError) return error;
  const { code, status } = protocol.refusals.internal();
  return new AwsError(code, status, `bug in the simulator: ${String(error)}`);
}
