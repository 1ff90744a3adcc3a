import { isBuyonceError } from "../../../domain/errors.js";
import { isError } from "../../../domain/is-error.js";
import type { SourceFault } from "../../recommendation-source.js";
import { THROTTLING_CODES } from "../aws-error-codes.js";

/** "You made too many calls in a short period of time", in the words of Cost Explorer's model. */
const COST_EXPLORER_THROTTLES = "LimitExceededException";

/** Codes by which AWS says that the caller may not ask, or that it does not know the caller. */
const DENIALS: ReadonlySet<string> = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "AuthFailure",
  "CredentialsProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "IncompleteSignature",
  "IncompleteSignatureException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "NotAuthorized",
  "OptInRequired",
  "SignatureDoesNotMatch",
  "UnauthorizedOperation",
  "UnrecognizedClientException",
]);

/** Names and codes of failures on the way, as Node and the SDK have them. */
const FAILURES_ON_THE_WAY: ReadonlySet<string> = new Set([
  "AbortError",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ERR_STREAM_PREMATURE_CLOSE",
  "ETIMEDOUT",
  "NetworkingError",
  "RequestTimeout",
  "RequestTimeoutException",
  "TimeoutError",
]);

/**
 * What a failed call to Cost Explorer or Organizations means.
 *
 * `DataUnavailableException` ("The requested data is unavailable") is `refused`: AWS has not looked, as for an account
 * that opened Cost Explorer today, so it is no empty list. What is not known is `unreadable`.
 */
export function awsSourceFault(thrown: unknown): SourceFault {
  if (!isError(thrown)) return { kind: "unreadable" };
  const { name, code, status } = factsOf(thrown);
  const says = (names: ReadonlySet<string>) => names.has(name) || names.has(code);
  if (isBuyonceError(thrown)) return { kind: thrown.code === "OFFERING_PAGES_EXCEEDED" ? "unreadable" : "refused" };
  if (says(THROTTLING_CODES) || name === COST_EXPLORER_THROTTLES || status === 429) return { kind: "throttled" };
  if (says(DENIALS) || status === 401 || status === 403) return { kind: "denied" };
  if (status >= 500 || says(FAILURES_ON_THE_WAY)) return { kind: "unavailable" };
  return { kind: status >= 400 ? "refused" : "unreadable" };
}

/** The name of an error, its code, and the HTTP status of the answer, 0 if there was none. */
function factsOf(thrown: Error) {
  const { name, code, $metadata } = thrown as Error & {
    readonly code?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return { name, code: typeof code === "string" ? code : "", status: $metadata?.httpStatusCode ?? 0 };
}
