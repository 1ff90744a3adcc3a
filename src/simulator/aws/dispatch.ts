import { type Arrival, asSimulatedError, type ErrorAnswers } from "../arrival.js";
import { withoutLeftOut } from "../call-effects.js";
import type { WireReply, WireRequest } from "../wire.js";
import { accountOf } from "./account-keys.js";
import type { AwsCall, AwsService } from "./aws-service.js";
import type { AwsSettings } from "./aws-simulator-options.js";
import { isRegion } from "./known-regions.js";
import { isTimely, readSignature, type Signature } from "./signature.js";

interface Directory {
  readonly services: readonly AwsService[];
  readonly settings: Pick<AwsSettings, "accounts" | "maxClockSkewMs" | "moreRegions">;
  readonly nextRequestId: () => string;
}

/** Finds out who asks for what; `undefined` if the request is for no service here. Changes nothing. */
export function dispatch(request: WireRequest, directory: Directory): Arrival | undefined {
  const signature = readSignature(request);
  const service = serviceFor(request, signature, directory.services);
  if (service === undefined) return undefined;
  const requestId = directory.nextRequestId();
  const sender = {
    signature,
    account: signature && accountOf(signature.accessKeyId, directory.settings.accounts),
  };
  const known = {
    service: service.name,
    operation: service.operationOf(request) ?? request.path,
    account: sender.account,
    region: signature?.region,
    signedAt: signature?.signedAt,
    errors: errorAnswers(service, requestId),
  };
  try {
    const params = service.protocol.readParams(request);
    const asked = { service, operation: known.operation, params, requestId };
    return { ...known, params, run: runOf(asked, sender, directory.settings) };
  } catch (error) {
    return { ...known, params: {}, run: asSimulatedError(error, known.errors) };
  }
}

function serviceFor(request: WireRequest, signature: Signature | undefined, services: readonly AwsService[]) {
  return (
    services.find((service) => service.signingName === signature?.service) ??
    services.find((service) => service.operationOf(request) !== undefined)
  );
}

function errorAnswers({ protocol }: AwsService, requestId: string): ErrorAnswers {
  return {
    throttled: () => protocol.refusals.throttled(),
    internal: () => protocol.refusals.internal(),
    write: (error) => withRequestId(protocol.error(error, requestId), requestId),
  };
}

interface Asked {
  readonly service: AwsService;
  readonly operation: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly requestId: string;
}

interface Sender {
  readonly signature: Signature | undefined;
  readonly account: string | undefined;
}

/**
 * The signing time is checked when the request runs and not on arrival. So a request held up for long is refused, as
 * AWS does.
 */
function runOf(
  { service, operation, params, requestId }: Asked,
  { signature, account }: Sender,
  settings: Directory["settings"],
): Arrival["run"] {
  const { refusals } = service.protocol;
  if (signature === undefined) return refusals.missingSignature();
  if (account === undefined) return refusals.unknownAccessKey();
  if (!isRegion(signature.region, settings)) return refusals.unknownRegion(signature.region);
  const does = Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined;
  if (does === undefined) return refusals.unknownOperation(operation);
  const { region, signedAt } = signature;
  const { maxClockSkewMs } = settings;
  return (struck) => {
    if (!isTimely(signature, struck.now, maxClockSkewMs)) {
      throw refusals.badSigningTime({ signedAt, now: struck.now, maxSkewMs: maxClockSkewMs });
    }
    const call: AwsCall = { ...struck, account, region };
    const result = withoutLeftOut(does(params, call), call);
    return withRequestId(service.protocol.result(operation, result, requestId), requestId);
  };
}

function withRequestId(reply: WireReply, requestId: string): WireReply {
  return { ...reply, headers: { ...reply.headers, "x-amzn-requestid": requestId } };
}
