import { SimulatedError } from "../../simulated-error.js";
import type { AwsProtocol, InputProblem, Refusals } from "./aws-protocol.js";
import { decodeQuery, sentParams } from "./decode-query.js";
import { xmlReply } from "./xml.js";

const XMLNS = "http://ec2.amazonaws.com/doc/2016-11-15/";

const authFailure = () =>
  new SimulatedError("AuthFailure", 401, "AWS was not able to validate the provided access credentials");

const refusals: Refusals = {
  missingSignature: () =>
    new SimulatedError("MissingAuthenticationToken", 403, "Request is missing Authentication Token"),
  unknownAccessKey: authFailure,
  // No record shows what EC2 answers here. AuthFailure is its code for credentials that it cannot validate.
  unknownRegion: authFailure,
  // EC2 does not use the signing error of the other services: its list of codes has RequestExpired for a date stamp too
  // far in the past or in the future. (That list says 15 minutes; the signing guide says 5 "in most cases".)
  badSigningTime: () => new SimulatedError("RequestExpired", 400, "Request has expired."),
  unknownOperation: (operation) =>
    new SimulatedError("InvalidAction", 400, `The action ${operation} is not valid for this web service.`),
  invalidInput: (problem) => invalidInput(problem),
  unknownParameter: (name) => new SimulatedError("UnknownParameter", 400, `The parameter ${name} is not recognized`),
  throttled: () => new SimulatedError("RequestLimitExceeded", 503, "Request limit exceeded."),
  internal: () => new SimulatedError("InternalError", 500, "An internal error has occurred"),
};

function invalidInput({ field, missing, message }: InputProblem): SimulatedError {
  return missing
    ? new SimulatedError("MissingParameter", 400, `The request must contain the parameter ${field}`)
    : new SimulatedError("InvalidParameterValue", 400, `Invalid value for parameter ${field}: ${message}`);
}

/** EC2's own dialect of the query protocol (`ec2Query`): no result wrapper, lower-case `requestId`, its own errors. */
export const ec2Query: AwsProtocol = {
  readParams: (request) => decodeQuery(sentParams(request)),
  result: (operation, result, requestId) =>
    xmlReply(200, { [`${operation}Response`]: { "@xmlns": XMLNS, requestId, ...result } }),
  error: ({ code, status, message }, requestId) =>
    xmlReply(status, { Response: { Errors: { Error: { Code: code, Message: message } }, RequestID: requestId } }),
  refusals,
};

/** Ends a dry run: called once everything is checked and before anything is changed. */
export function endDryRun(dryRun: boolean | undefined): void {
  if (dryRun !== true) return;
  throw new SimulatedError("DryRunOperation", 412, "Request would have succeeded, but DryRun flag is set.");
}
