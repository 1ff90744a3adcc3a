import { SimulatedError } from "../../simulated-error.js";
import type { GcpRefusals } from "../gcp-service.js";
import type { GcpSettings } from "../gcp-simulator-options.js";

const STATUSES: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  409: "ALREADY_EXISTS",
  412: "FAILED_PRECONDITION",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

/** Reasons that Compute Engine files under `usageLimits`. */
const USAGE_LIMITS: ReadonlySet<string> = new Set(["quotaExceeded", "rateLimitExceeded", "userRateLimitExceeded"]);

/** Compute Engine's errors; their codes are its reasons. */
export const computeRefusals: GcpRefusals = {
  unreadableBody: () => new SimulatedError("parseError", 400, "Parse Error"),
  unknownOperation: () => new SimulatedError("notFound", 404, "Not Found"),
  forbidden: (permission, resource) =>
    new SimulatedError("forbidden", 403, `Required '${permission}' permission for '${resource}'`),
  invalidInput: ({ field, value, message }) =>
    value === undefined
      ? new SimulatedError("required", 400, `Required field '${field}' not specified`)
      : new SimulatedError("invalid", 400, `Invalid value for field '${field}': '${scalarText(value)}'. ${message}`),
  throttled: () => new SimulatedError("rateLimitExceeded", 429, "Rate Limit Exceeded"),
  internal: () => new SimulatedError("backendError", 500, "Internal Error"),
};

/** Nothing is there under this path, such as `projects/p/regions/r/commitments/c`. */
export function notFound(path: string): SimulatedError {
  return new SimulatedError("notFound", 404, `The resource '${path}' was not found`);
}

/** The name in this path has been given away. */
export function alreadyExists(path: string): SimulatedError {
  return new SimulatedError("alreadyExists", 409, `The resource '${path}' already exists`);
}

/** The body that carries the error, as the settings want it. */
export function computeErrorBody(error: SimulatedError, { errorStatusField, errorCodeAs }: GcpSettings): object {
  const { status: code, message, code: reason } = error;
  const status = STATUSES[code];
  const domain = USAGE_LIMITS.has(reason) ? "usageLimits" : "global";
  return {
    error: {
      code: errorCodeAs === "string" ? String(code) : code,
      message,
      errors: [{ message, domain, reason }],
      ...(errorStatusField && status !== undefined && { status }),
    },
  };
}

function scalarText(value: unknown): string {
  return typeof value === "object" ? "" : String(value);
}
