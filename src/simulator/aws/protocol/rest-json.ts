import * as z from "zod/mini";
import { SimulatedError } from "../../simulated-error.js";
import type { WireReply, WireRequest } from "../../wire.js";
import type { AwsProtocol, InputProblem, Refusals } from "./aws-protocol.js";
import { signingTimeText } from "./signing-time-text.js";
import { unknownRegionText } from "./unknown-region-text.js";

const document = z.record(z.string(), z.unknown());

const refusals: Refusals = {
  missingSignature: () =>
    new SimulatedError("MissingAuthenticationTokenException", 403, "Missing Authentication Token"),
  unknownAccessKey: () =>
    new SimulatedError("UnrecognizedClientException", 403, "The security token included in the request is invalid."),
  unknownRegion: (region) => new SimulatedError("InvalidSignatureException", 403, unknownRegionText(region)),
  // Recorded from real rest-json services: 403, x-amzn-errortype InvalidSignatureException, both times in the message.
  badSigningTime: (time) => new SimulatedError("InvalidSignatureException", 403, signingTimeText(time)),
  unknownOperation: () => new SimulatedError("UnknownOperationException", 404, "The requested operation is not known"),
  invalidInput: (problem) => invalidInput(problem),
  throttled: () => new SimulatedError("ThrottlingException", 429, "Rate exceeded"),
  internal: () => new SimulatedError("InternalServerException", 500, "An internal error has occurred"),
};

function invalidInput({ field, missing, message }: InputProblem): SimulatedError {
  const constraint = missing ? "Member must not be null" : message;
  const text = `1 validation error detected: Value at '${field}' failed to satisfy constraint: ${constraint}`;
  return new SimulatedError("ValidationException", 400, text);
}

/** The members of the body, and those that travel in the query string, which are texts. */
function readDocument({ body, query }: WireRequest): Record<string, unknown> {
  try {
    return {
      ...Object.fromEntries(new URLSearchParams(query)),
      ...document.parse(body === "" ? {} : JSON.parse(body)),
    };
  } catch {
    throw new SimulatedError("SerializationException", 400, "The body is not a JSON object");
  }
}

function jsonReply(status: number, value: object, headers: Record<string, string> = {}): WireReply {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value) };
}

/** The JSON protocol with one path per operation (`restJson1`); the error's name travels in a header. */
export const restJson: AwsProtocol = {
  readParams: readDocument,
  result: (_operation, result) => jsonReply(200, result),
  error: ({ code, status, message }) => jsonReply(status, { message }, { "x-amzn-errortype": code }),
  refusals,
};
