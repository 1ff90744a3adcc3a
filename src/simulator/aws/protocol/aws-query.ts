import { SimulatedError } from "../../simulated-error.js";
import type { AwsProtocol, InputProblem, Refusals } from "./aws-protocol.js";
import { decodeQuery, sentParams } from "./decode-query.js";
import { signingTimeText } from "./signing-time-text.js";
import { unknownRegionText } from "./unknown-region-text.js";
import { xmlReply } from "./xml.js";

const refusals: Refusals = {
  missingSignature: () =>
    new SimulatedError("MissingAuthenticationToken", 403, "Request is missing Authentication Token"),
  unknownAccessKey: () =>
    new SimulatedError("InvalidClientTokenId", 403, "The security token included in the request is invalid."),
  unknownRegion: (region) => new SimulatedError("SignatureDoesNotMatch", 403, unknownRegionText(region)),
  // The query services answer a bad signing time as a bad signature, 403, with both times in the message.
  badSigningTime: (time) => new SimulatedError("SignatureDoesNotMatch", 403, signingTimeText(time)),
  unknownOperation: (operation) =>
    new SimulatedError("InvalidAction", 400, `Could not find operation ${operation} for the requested version`),
  invalidInput: (problem) => invalidInput(problem),
  throttled: () => new SimulatedError("Throttling", 400, "Rate exceeded"),
  internal: () => new SimulatedError("InternalFailure", 500, "An internal error has occurred"),
};

function invalidInput({ field, missing, message }: InputProblem): SimulatedError {
  return missing
    ? new SimulatedError("MissingParameter", 400, `The request must contain the parameter ${field}.`)
    : new SimulatedError("InvalidParameterValue", 400, `Invalid value for parameter ${field}: ${message}`);
}

/** The query protocol (`awsQuery`) of the service whose answers are in `xmlns`. */
export function awsQuery(xmlns: string): AwsProtocol {
  return {
    readParams: (request) => decodeQuery(sentParams(request)),
    result: (operation, result, requestId) =>
      xmlReply(200, {
        [`${operation}Response`]: {
          "@xmlns": xmlns,
          [`${operation}Result`]: result,
          ResponseMetadata: { RequestId: requestId },
        },
      }),
    error: ({ code, status, message }, requestId) =>
      xmlReply(status, {
        ErrorResponse: {
          "@xmlns": xmlns,
          Error: { Type: status < 500 ? "Sender" : "Receiver", Code: code, Message: message },
          RequestId: requestId,
        },
      }),
    refusals,
  };
}
