import type { PurchaseOutcome } from "../commitment-provider.js";
import { safeMessage } from "../safe-message.js";
import { OPERATION_REFUSALS, REFUSALS, THROTTLED } from "./gcp-error-codes.js";
import { neverConnected, readGoogleError } from "./google-error.js";

/** Whether Google says that a commitment of this name exists already. */
export const saysTaken = (thrown: unknown): boolean => says(thrown, "alreadyExists", "ALREADY_EXISTS");

/** Whether Google says that something does not exist. */
export const saysAbsent = (thrown: unknown): boolean => says(thrown, "notFound", "NOT_FOUND");

/**
 * Whether Google says that there is no commitment of this name. An answer that the project or region does not exist
 * says nothing of the commitment, and neither does one that may be a gateway's and does not name the commitment.
 */
export function saysNoCommitment(thrown: unknown, name: string): boolean {
  const { message, isGuessed } = readGoogleError(thrown);
  if (!saysAbsent(thrown)) return false;
  return message.includes(`/commitments/${name}`) || !(isGuessed || message.includes("projects/"));
}

/** Whether Google says that the caller may not do this. */
export const saysDenied = (thrown: unknown): boolean =>
  says(thrown, "forbidden", "PERMISSION_DENIED") ||
  says(thrown, "insufficientPermissions", "UNAUTHENTICATED") ||
  says(thrown, "authError", "UNAUTHENTICATED");

/** Whether Google says that an etag is no longer the current one. */
export const saysStale = (thrown: unknown): boolean => {
  const { status } = readGoogleError(thrown);
  return status === "ABORTED" || status === "FAILED_PRECONDITION";
};

/** Whether Google says that the state of things does not allow the request. */
export const saysPrecondition = (thrown: unknown): boolean => readGoogleError(thrown).status === "FAILED_PRECONDITION";

// A reason is more exact than a status: throttling and quotas may have the status that a denied call has.
function says(thrown: unknown, reason: string, status: string): boolean {
  const said = readGoogleError(thrown);
  return said.reason === undefined ? said.status === status : said.reason === reason;
}

/**
 * What a failed insert proves: the one place that decides it for all GCP services.
 *
 * Only Google's own reason and status count, never the HTTP status or a message. A refusal is `rejected`. Throttling is
 * `not_now`. A connection that was never made is `not_sent`. Everything else is `unknown`.
 */
export function outcomeOfFailure(thrown: unknown, token: string): PurchaseOutcome {
  const { reason: stated, status } = readGoogleError(thrown);
  const reason = safeMessage(thrown, token);
  const said = stated ?? status;
  if (said !== undefined && REFUSALS.has(said))
    return { kind: "rejected", rejection: { code: said, message: reason, ...REFUSALS.get(said) } };
  if (THROTTLED.has(said)) return { kind: "not_now", reason };
  return { kind: neverConnected(thrown) ? "not_sent" : "unknown", reason };
}

/** Why an operation ended without doing what it was for. */
export interface OperationError {
  readonly code: string | undefined;
  readonly message: string;
  /** The HTTP status that the operation states. */
  readonly httpStatus: number | undefined;
}

// Codes that may be about a commitment that exists, and codes by which Google says that it failed itself.
const PROVES_NOTHING = /ALREADY_EXISTS|INTERNAL|BACKEND|UNAVAILABLE|TIMEOUT|DEADLINE|ABORTED|UNKNOWN/i;

/**
 * What the operation of an insert proves if it ended with an error and no commitment of the name is shown.
 *
 * The error is a refusal, unless it says that the name is taken or that Google itself failed. In these cases the
 * commitment may be there and not be shown yet.
 */
export function outcomeOfOperationError({ code, message, httpStatus }: OperationError): PurchaseOutcome {
  const provesNothing =
    code === undefined || PROVES_NOTHING.test(code) || httpStatus === 409 || (httpStatus ?? 0) >= 500;
  if (provesNothing) return { kind: "unknown", reason: `the operation ended with ${code ?? "an error"}: ${message}` };
  return { kind: "rejected", rejection: { code, message, ...OPERATION_REFUSALS.get(code) } };
}
