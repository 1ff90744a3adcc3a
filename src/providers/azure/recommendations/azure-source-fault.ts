import { isError } from "../../../domain/is-error.js";
import type { SourceFault } from "../../recommendation-source.js";
import { ArmError } from "../ask-arm.js";
import { THROTTLING_CODES } from "../azure-error-codes.js";

/**
 * What a failed read of Azure means: the one place that decides it for all sources.
 *
 * An answer counts by its status, because an error of Cost Management has a status for its code (`429`). A request that
 * got no answer is `unavailable`. An error of the credential is `denied`. Everything else is an answer that could not be
 * read.
 */
export function azureSourceFault(thrown: unknown): SourceFault {
  if (thrown instanceof ArmError) return faultOfAnswer(thrown);
  const name = isError(thrown) ? thrown.name : "";
  if (CREDENTIAL_ERRORS.has(name)) return { kind: "denied" };
  return { kind: WIRE_ERRORS.has(name) ? "unavailable" : "unreadable" };
}

function faultOfAnswer({ answer: { status, code = "", retryAfterMs } }: ArmError): SourceFault {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 429 || THROTTLING_CODES.has(code)) return { kind: "throttled", ...wait };
  if (status === 401 || status === 403) return { kind: "denied" };
  if (status === 408 || status >= 500) return { kind: "unavailable", ...wait };
  return { kind: status >= 400 ? "refused" : "unreadable" };
}

/** What @azure/core-rest-pipeline throws without an answer, and what a request fails with that takes too long. */
const WIRE_ERRORS: ReadonlySet<string> = new Set(["RestError", "AbortError", "TimeoutError"]);

/** What @azure/identity throws if it gets no token. */
const CREDENTIAL_ERRORS: ReadonlySet<string> = new Set([
  "AggregateAuthenticationError",
  "AuthenticationError",
  "AuthenticationRequiredError",
  "CredentialUnavailableError",
]);
