import { SimulatedError } from "../../simulated-error.js";
import type { AwsProtocol } from "./aws-protocol.js";
import { restJson } from "./rest-json.js";

/** The errors that the services of this protocol name differently. */
export interface AwsJsonErrorCodes {
  /** For a parameter that is missing or not valid. */
  readonly invalidInput: string;
  /** For a failure of the service itself. */
  readonly internal: string;
}

/**
 * The JSON protocol with one path for all operations (`awsJson1_1`): `X-Amz-Target` names the operation, and the error's
 * name travels in the body.
 *
 * It says what rest-json says, except that every fault of the sender is a 400.
 */
export function awsJson({ invalidInput, internal }: AwsJsonErrorCodes): AwsProtocol {
  const { refusals } = restJson;
  return {
    readParams: (request) => restJson.readParams(request),
    result: (_operation, result) => jsonReply(200, result),
    error: ({ code, status, message }) => jsonReply(status, { __type: code, message }),
    refusals: {
      missingSignature: () => refusal(refusals.missingSignature()),
      unknownAccessKey: () => refusal(refusals.unknownAccessKey()),
      unknownRegion: (region) => refusal(refusals.unknownRegion(region)),
      badSigningTime: (time) => refusal(refusals.badSigningTime(time)),
      unknownOperation: (operation) => refusal(refusals.unknownOperation(operation)),
      invalidInput: (problem) => refusal(refusals.invalidInput(problem), invalidInput),
      throttled: () => refusal(refusals.throttled()),
      internal: () => new SimulatedError(internal, 500, refusals.internal().message),
    },
  };
}

function refusal({ code, message }: SimulatedError, ownCode = code): SimulatedError {
  return new SimulatedError(ownCode, 400, message);
}

function jsonReply(status: number, value: object) {
  return { status, headers: { "content-type": "application/x-amz-json-1.1" }, body: JSON.stringify(value) };
}
