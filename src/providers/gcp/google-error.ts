import * as z from "zod/mini";
import { isError } from "../../domain/is-error.js";

/** What Google itself says of a failure, whichever client and transport brought it. */
export interface GoogleFailure {
  /** The reason of the first error, such as `alreadyExists`. */
  readonly reason: string | undefined;
  /** The canonical status, such as `ALREADY_EXISTS`. */
  readonly status: string | undefined;
  /** Its sentence; empty where there is none. */
  readonly message: string;
  /** Whether the status may be made up from an HTTP status and a body that may be another's, such as a gateway's. */
  readonly isGuessed: boolean;
}

const NOTHING: GoogleFailure = { reason: undefined, status: undefined, message: "", isGuessed: false };

const errorBody = z.object({
  message: z.optional(z.string()),
  status: z.optional(z.string()),
  errors: z.optional(z.array(z.object({ reason: z.optional(z.string()) }))),
  details: z.catch(z.optional(z.array(z.unknown())), undefined),
});
const envelope = z.object({ error: errorBody });

/**
 * Reads a failure of one of Google's clients.
 *
 * The REST clients throw the body in four ways: as the text of the message, as the answer of the transport, kept beside
 * the error, or spread over the error with the HTTP status turned into a gRPC code. The gRPC clients have the gRPC code
 * alone. An error without Google's own words (a proxy's page, a gateway's JSON, a reset) says nothing.
 */
export function readGoogleError(thrown: unknown): GoogleFailure {
  if (!isError(thrown)) return NOTHING;
  const body = bodyIn(thrown);
  if (body !== undefined)
    return { ...NOTHING, reason: body.errors?.[0]?.reason, status: body.status, message: body.message ?? "" };
  const { message } = thrown;
  return keptOf(thrown) === undefined ? { ...NOTHING, ...grpcFailure(thrown), message } : { ...NOTHING, message };
}

const bodyIn = (thrown: Error) => inText(thrown.message) ?? inResponse(thrown) ?? inKept(thrown) ?? spread(thrown);

/** The details that Google states with a failure, such as when to ask again. Empty where there are none. */
export function googleErrorDetails(thrown: unknown): readonly unknown[] {
  if (!isError(thrown)) return [];
  // The clients decode the details of an answer by gRPC, and keep them under this name.
  const decoded: unknown = Reflect.get(thrown, "statusDetails");
  return [...(bodyIn(thrown)?.details ?? []), ...(Array.isArray(decoded) ? decoded : [])];
}

function inText(text: string) {
  if (!text.startsWith("{") && !text.startsWith("[")) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return envelope.safeParse(Array.isArray(parsed) ? parsed[0] : parsed).data?.error;
  } catch {
    return undefined;
  }
}

/** Where google-gax 6 keeps an answer by REST, because its own error has lost the reason. */
const KEPT_ANSWER = Symbol.for("google-gax.rawHttpResponsePayload");

const keptOf = (thrown: Error): unknown => Reflect.get(thrown, KEPT_ANSWER);

function inKept(thrown: Error) {
  const answer = keptOf(thrown);
  return typeof answer === "string" ? inText(answer) : envelope.safeParse(answer).data?.error;
}

const inResponse = (thrown: Error) =>
  z.object({ response: z.object({ data: envelope }) }).safeParse(thrown).data?.response.data.error;

/** The fields of the body on the error itself. */
function spread(thrown: Error) {
  const { data } = errorBody.safeParse(thrown);
  return data?.errors === undefined && data?.status === undefined ? undefined : data;
}

/** The statuses that refuse or postpone a request, by their gRPC codes. Other codes say nothing that is certain. */
export const GRPC_STATUS: Readonly<Record<number, string>> = {
  3: "INVALID_ARGUMENT",
  5: "NOT_FOUND",
  6: "ALREADY_EXISTS",
  7: "PERMISSION_DENIED",
  8: "RESOURCE_EXHAUSTED",
  9: "FAILED_PRECONDITION",
  10: "ABORTED",
  16: "UNAUTHENTICATED",
};

const grpcError = z.object({ code: z.number(), details: z.unknown(), metadata: z.unknown() });

/**
 * The status of a gRPC error, which carries its details beside the code. A code alone may be made up from the HTTP
 * status.
 *
 * The errors that google-gax makes of bodies have such fields too, and no details as text. It takes a gateway's JSON for
 * a body of Google.
 */
function grpcFailure(thrown: Error): Partial<GoogleFailure> {
  const { data } = grpcError.safeParse(thrown);
  if (data === undefined) return {};
  return { status: GRPC_STATUS[data.code], isGuessed: typeof data.details !== "string" };
}

/** Whether nothing can have been sent: the name was not resolved, or the connection never made. */
export function neverConnected(thrown: unknown, depth = 0): boolean {
  if (!isError(thrown) || depth > 5) return false;
  const { code, syscall } = thrown as Error & { readonly code?: unknown; readonly syscall?: unknown };
  if (code === "ECONNREFUSED" || code === "ENOTFOUND" || syscall === "connect" || syscall === "getaddrinfo")
    return true;
  return neverConnected(thrown.cause, depth + 1);
}
