import { SimulatedError } from "../simulated-error.js";
import type { GcpRefusals } from "./gcp-service.js";

/** The errors of services whose codes are Google's statuses: the Recommender and the Consumer Procurement API. */
export const statusRefusals: GcpRefusals = {
  unreadableBody: () => new SimulatedError("INVALID_ARGUMENT", 400, "Invalid JSON payload received."),
  unknownOperation: () => new SimulatedError("NOT_FOUND", 404, "Method not found."),
  forbidden: (permission, resource) =>
    new SimulatedError("PERMISSION_DENIED", 403, `Permission '${permission}' denied on resource '${resource}'.`),
  invalidInput: ({ field, value, message }) =>
    new SimulatedError(
      "INVALID_ARGUMENT",
      400,
      value === undefined ? `${field} is required.` : `Invalid ${field}: ${message}`,
    ),
  throttled: () => new SimulatedError("RESOURCE_EXHAUSTED", 429, "Resource has been exhausted (e.g. check quota)."),
  internal: () => new SimulatedError("INTERNAL", 500, "Internal error encountered."),
};

/** The body that carries the error. */
export function statusErrorBody({ code: status, status: code, message }: SimulatedError): object {
  return { error: { code, message, status } };
}
