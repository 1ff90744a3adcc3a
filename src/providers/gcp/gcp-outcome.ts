import type { PurchaseOutcome } from "../commitment-provider.js";
import { safeMessage } from "../safe-message.js";
import { neverConnected, readGoogleError } from "./google-error.js";

/**
 * Reasons and statuses by which Google itself refuses a request without carrying anything of it out.
 *
 * Sources: the error reference of the Compute Engine API and google.rpc.Code. Left out on purpose, because they may speak
 * of work that was begun or done: `backendError`, `internalError`, `conflict`, `FAILED_PRECONDITION`, `ABORTED`.
 */
const REFUSALS: ReadonlySet<string | undefined> = new Set([
  "accessNotConfigured",
  "accountDisabled",
  "authError",
  "badRequest",
  "billingNotEnabled",
  "forbidden",
  "insufficientCapacity",
  "insufficientPermissions",
  "invalid",
  "invalidParameter",
  "invalidUsage",
  "notFound",
  "parseError",
  "quotaExceeded",
  "required",
  "INVALID_ARGUMENT",
  "NOT_FOUND",
  "PERMISSION_DENIED",
  "UNAUTHENTICATED",
]);

const THROTTLED: ReadonlySet<string | undefined> = new Set([
  "rateLimitExceeded",
  "userRateLimitExceeded",
  "RESOURCE_EXHAUSTED",
]);

/** Whether Google says that a commitment of this name exists already. */
export const saysTaken = (thrown: unknown): boolean => says(thrown, "alreadyExists", "ALREADY_EXISTS");

/** Whether Google says that nothing of this name exists. */
export const saysAbsent = (thrown: unknown): boolean => says(thrown, "notFound", "NOT_FOUND");

/** Whether Google says that the caller may not do this. */
export const saysDenied = (thrown: unknown): boolean =>
  says(thrown, "forbidden", "PERMISSION_DENIED") || says(thrown, "insufficientPermissions", "UNAUTHENTICATED");

/** Whether Google says that an etag is no longer the current one. */
export const saysStale = (thrown: unknown): boolean => {
  const { status } = readGoogleError(thrown);
  return status === "ABORTED" || status === "FAILED_PRECONDITION";
};

function says(thrown: unknown, reason: string, status: string): boolean {
  const said = readGoogleError(thrown);
  return said.reason === reason || said.status === status;
}

/**
 * What a failed insert proves: the one place that decides it for all GCP services.
 *
 * Only Google's own reason and status count, never the HTTP status or a message: a refusal is `rejected`, throttling
 * `not_now`, a connection that was never made `not_sent`, and everything else `unknown`.
 */
export function outcomeOfFailure(thrown: unknown, token: string): PurchaseOutcome {
  const { reason: stated, status } = readGoogleError(thrown);
  const reason = safeMessage(thrown, token);
  // A reason is more exact than a status: quotaExceeded has the status that throttling has.
  const said = stated ?? status;
  if (said !== undefined && REFUSALS.has(said)) return { kind: "rejected", rejection: { code: said, message: reason } };
  if (THROTTLED.has(said)) return { kind: "not_now", reason };
  return { kind: neverConnected(thrown) ? "not_sent" : "unknown", reason };
}
