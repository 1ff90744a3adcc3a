import * as z from "zod/mini";
import { isError } from "../../../domain/is-error.js";
import type { SourceFault } from "../../recommendation-source.js";
import { THROTTLED } from "../gcp-error-codes.js";
import { saysDenied } from "../gcp-outcome.js";
import { readGoogleError } from "../google-error.js";
import { retryAfterMs } from "./retry-after.js";

/**
 * What a failed request for recommendations means.
 *
 * Such a request changes nothing, so its code is enough, even if it comes from a gateway. Google's clients state gRPC
 * codes (google.rpc.Code) or HTTP statuses, depending on their transport. A reason is more exact than a code: Compute
 * Engine also throttles with 403.
 */
export function googleFaultOf(thrown: unknown): SourceFault {
  const { reason, status } = readGoogleError(thrown);
  const code = codeOf(thrown);
  if (SAYS_LATER.has(reason ?? status) || isOne(code, 8, 429)) {
    const waitMs = retryAfterMs(thrown);
    return { kind: "throttled", ...(waitMs !== undefined && { retryAfterMs: waitMs }) };
  }
  if (saysDenied(thrown) || isOne(code, 7, 16, 401, 403)) return { kind: "denied" };
  if (isUnavailable(code) || isNetworkFailure(thrown)) return { kind: "unavailable" };
  return { kind: code === undefined && status === undefined ? "unreadable" : "refused" };
}

const SAYS_LATER: ReadonlySet<string | undefined> = new Set([...THROTTLED, "quotaExceeded", "dailyLimitExceeded"]);

const isOne = (code: number | undefined, ...codes: readonly number[]): boolean =>
  code !== undefined && codes.includes(code);

// CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, ABORTED, INTERNAL and UNAVAILABLE say that Google or the way to it failed.
const isUnavailable = (code: number | undefined): boolean =>
  isOne(code, 1, 2, 4, 10, 13, 14, 408) || (code !== undefined && code >= 500);

const coded = z.object({ code: z.optional(z.unknown()), status: z.optional(z.unknown()) });

/** The gRPC code or the HTTP status of a failure. */
function codeOf(thrown: unknown): number | undefined {
  const { code, status } = coded.safeParse(thrown).data ?? {};
  return [code, status].map((value) => (value === undefined ? Number.NaN : Number(value))).find(Number.isInteger);
}

const NETWORK: ReadonlySet<unknown> = new Set([
  ...["ECONNRESET", "ECONNREFUSED", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "ESOCKETTIMEDOUT"],
  ...["ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ENETDOWN"],
  ...["ERR_STREAM_PREMATURE_CLOSE", "UND_ERR_SOCKET", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT"],
]);
const ABORTED: ReadonlySet<string> = new Set(["AbortError", "TimeoutError"]);

function isNetworkFailure(thrown: unknown, depth = 0): boolean {
  if (!isError(thrown) || depth > 5) return false;
  if (ABORTED.has(thrown.name)) return true;
  return NETWORK.has(Reflect.get(thrown, "code")) || isNetworkFailure(thrown.cause, depth + 1);
}
