import { GcpError } from "../gcp-error.js";
import type { GcpRefusals } from "../gcp-service.js";

/** The errors of the Recommender; their codes are Google's statuses. */
export const recommenderRefusals: GcpRefusals = {
  unreadableBody: () => new GcpError("INVALID_ARGUMENT", 400, "Invalid JSON payload received."),
  unknownOperation: () => new GcpError("NOT_FOUND", 404, "Method not found."),
  forbidden: (permission, resource) =>
    new GcpError("PERMISSION_DENIED", 403, `Permission '${permission}' denied on resource '${resource}'.`),
  invalidInput: ({ field, value, message }) =>
    new GcpError(
      "INVALID_ARGUMENT",
      400,
      value === undefined ? `${field} is required.` : `Invalid ${field}: ${message}`,
    ),
  throttled: () => new GcpError("RESOURCE_EXHAUSTED", 429, "Resource has been exhausted (e.g. check quota)."),
  internal: (message = "Internal error encountered.") => new GcpError("INTERNAL", 500, message),
};

/** The body that carries the error. */
export function recommenderErrorBody({ code: status, status: code, message }: GcpError): object {
  return { error: { code, message, status } };
}
