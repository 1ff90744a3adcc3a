import { AwsError } from "../aws-error.js";
import type { AwsProtocol, InputProblem, Refusals } from "./aws-protocol.js";
import { decodeQuery } from "./decode-query.js";
import { signingTimeText } from "./signing-time-text.js";
import { xmlReply } from "./xml.js";

const refusals: Refusals = {
  missingSignature: () => new AwsError("MissingAuthenticationToken", 403, "Request is missing Authentication Token"),
  unknownAccessKey: () =>
    new AwsError("InvalidClientTokenId", 403, "The security token included in the request is invalid."),
  // The query services answer a bad signing time as a bad signature, 403, with both times in the message.
  badSigningTime: (time) => new AwsError("SignatureDoesNotMatch", 403, signingTimeText(time)),
  unknownOperation: (operation) =>
    new AwsError("InvalidAction", 400, `Could not find operation ${operation} for the requested version`),
  invalidInput: (problem) => invalidInput(problem),
  throttled: () => new AwsError("Throttling", 400, "Rate exceeded"),
  internal: () => new AwsError("InternalFailure", 500, "An internal error has occurred"),
};

function invalidInput({ field, missing, message }: InputProblem): AwsError {
  return missing
    ? new AwsError("MissingParameter", 400, `The request must contain the parameter ${field}.`)
    : new AwsError("InvalidParameterValue", 400, `Invalid value for parameter ${field}: ${message}`);
}

/** The query protocol (`awsQuery`) of the service whose answers are in `xmlns`. */
export function awsQuery(xmlns: string): AwsProtocol {
  return {
    readParams: (request) => decodeQuery(request.body),
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
