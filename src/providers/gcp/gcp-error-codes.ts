import { refusalsOf } from "../refusals.js";

const GRANT = "Grant the caller the permissions that the adapter's documentation lists.";
const CORRECT = "Correct the line and submit it anew; a retry sends the same request.";
const QUOTA = "Ask Google for a higher quota, or buy less.";
const RETRY_LATER = "Google does not have enough capacity now; retry later.";

/**
 * Reasons and statuses by which Google itself refuses a request and carries out no part of it.
 *
 * Sources: the error reference of the Compute Engine API and google.rpc.Code. These are left out on purpose, because
 * they may be about work that was begun or done: `backendError`, `internalError`, `conflict`, `FAILED_PRECONDITION`,
 * `ABORTED`.
 */
export const REFUSALS = refusalsOf(
  { persistent: true, hint: GRANT, codes: ["forbidden", "insufficientPermissions", "PERMISSION_DENIED"] },
  {
    persistent: true,
    hint: "Enable the Compute Engine API and billing for the project.",
    codes: ["accessNotConfigured", "accountDisabled", "billingNotEnabled"],
  },
  { hint: "Check the client's credentials, then retry.", codes: ["authError", "UNAUTHENTICATED"] },
  {
    persistent: true,
    hint: CORRECT,
    codes: [
      "badRequest",
      "invalid",
      "invalidParameter",
      "invalidUsage",
      "notFound",
      "parseError",
      "required",
      "INVALID_ARGUMENT",
      "NOT_FOUND",
    ],
  },
  { hint: QUOTA, codes: ["quotaExceeded"] },
  { hint: RETRY_LATER, codes: ["insufficientCapacity"] },
);

/**
 * What is known of the codes with which an operation of Compute Engine ends. These codes have a spelling of their own.
 */
export const OPERATION_REFUSALS = refusalsOf(
  { persistent: true, hint: GRANT, codes: ["PERMISSIONS_ERROR"] },
  { persistent: true, hint: CORRECT, codes: ["INVALID_FIELD_VALUE", "INVALID_USAGE", "UNSUPPORTED_OPERATION"] },
  { hint: QUOTA, codes: ["QUOTA_EXCEEDED"] },
  { hint: RETRY_LATER, codes: ["INSUFFICIENT_CAPACITY"] },
);

/** Reasons and statuses by which Google says "not now". */
export const THROTTLED: ReadonlySet<string | undefined> = new Set([
  "rateLimitExceeded",
  "userRateLimitExceeded",
  "RESOURCE_EXHAUSTED",
]);
