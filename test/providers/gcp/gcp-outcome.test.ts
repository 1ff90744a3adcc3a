import { describe, expect, test } from "vitest";
import {
  outcomeOfFailure,
  outcomeOfOperationError,
  saysAbsent,
  saysDenied,
  saysNoCommitment,
  saysStale,
  saysTaken,
} from "../../../src/providers/gcp/gcp-outcome.js";
import { TOKEN } from "./compute-line.js";
import { NAME } from "./simulated-line.js";

interface Said {
  readonly code: number | string;
  readonly reason?: string;
  readonly status?: string;
  readonly message?: string;
}

const bodyOf = ({ code, reason, status, message = "no" }: Said) => ({
  code,
  message,
  ...(reason !== undefined && { errors: [{ message, domain: "global", reason }] }),
  ...(status !== undefined && { status }),
});

/** An error as google-gax 6 throws it for an answer that came by REST. Its code may be made up from the HTTP status. */
function gaxError(httpStatus: number, code: number | string, answer?: string | object): Error {
  const fields = { code, httpStatusCode: httpStatus, details: [], metadata: undefined };
  const error = Object.assign(new Error("no"), fields);
  if (answer !== undefined)
    Object.defineProperty(error, Symbol.for("google-gax.rawHttpResponsePayload"), { value: answer });
  return error;
}

/** The ways in which Google's clients hand one and the same error on. */
const ARRIVALS: Readonly<Record<string, (said: Said) => Error>> = {
  "the text of its message": (said) =>
    Object.assign(new Error(JSON.stringify({ error: bodyOf(said) })), { code: said.code }),
  "a list as the text of its message": (said) => new Error(JSON.stringify([{ error: bodyOf(said) }])),
  "the answer of the transport": (said) =>
    Object.assign(new Error("Request failed"), { code: said.code, response: { data: { error: bodyOf(said) } } }),
  "an answer kept as text": (said) => gaxError(400, said.code, JSON.stringify({ error: bodyOf(said) })),
  "an answer kept as an object": (said) => gaxError(400, said.code, { error: bodyOf(said) }),
  "fields beside a gRPC code": (said) => Object.assign(new Error(said.message ?? "no"), bodyOf(said), { code: 2 }),
};

/** An error as a gRPC client throws it. */
const grpcError = (code: number, message = "no") =>
  Object.assign(new Error(message), { code, details: message, metadata: {} });

describe.each(Object.entries(ARRIVALS))("an error that arrives as %s", (_, arrive) => {
  test.each<[said: Said, outcome: object]>([
    [
      { code: 400, reason: "invalid" },
      { kind: "rejected", rejection: { code: "invalid" } },
    ],
    [
      { code: 400, reason: "required" },
      { kind: "rejected", rejection: { code: "required" } },
    ],
    [{ code: 400, reason: "badRequest" }, { kind: "rejected" }],
    [{ code: 401, reason: "authError" }, { kind: "rejected" }],
    [
      { code: 403, reason: "forbidden" },
      { kind: "rejected", rejection: { code: "forbidden" } },
    ],
    [
      { code: 403, reason: "quotaExceeded" },
      { kind: "rejected", rejection: { code: "quotaExceeded" } },
    ],
    [{ code: 429, reason: "quotaExceeded", status: "RESOURCE_EXHAUSTED" }, { kind: "rejected" }],
    [
      { code: 404, reason: "notFound" },
      { kind: "rejected", rejection: { code: "notFound" } },
    ],
    [
      { code: 403, status: "PERMISSION_DENIED" },
      { kind: "rejected", rejection: { code: "PERMISSION_DENIED" } },
    ],
    [
      { code: "400", status: "INVALID_ARGUMENT" },
      { kind: "rejected", rejection: { code: "INVALID_ARGUMENT" } },
    ],
    [{ code: 503, reason: "insufficientCapacity" }, { kind: "rejected" }],
    [{ code: 403, reason: "rateLimitExceeded", status: "PERMISSION_DENIED" }, { kind: "not_now" }],
    [{ code: 403, reason: "userRateLimitExceeded" }, { kind: "not_now" }],
    [{ code: 429, status: "RESOURCE_EXHAUSTED" }, { kind: "not_now" }],
    [{ code: 500, reason: "backendError", status: "INTERNAL" }, { kind: "unknown" }],
    [{ code: 503, reason: "backendError", status: "UNAVAILABLE" }, { kind: "unknown" }],
    [{ code: 500, reason: "internalError" }, { kind: "unknown" }],
    [{ code: 504, status: "DEADLINE_EXCEEDED" }, { kind: "unknown" }],
    [{ code: 409, reason: "conflict", status: "ABORTED" }, { kind: "unknown" }],
    [{ code: 409, reason: "alreadyExists" }, { kind: "unknown" }],
    [{ code: 412, reason: "conditionNotMet", status: "FAILED_PRECONDITION" }, { kind: "unknown" }],
    [{ code: 400, reason: "reasonOfTomorrow", status: "INVALID_ARGUMENT" }, { kind: "unknown" }],
    [{ code: 400 }, { kind: "unknown" }],
    [{ code: 403, status: "" }, { kind: "unknown" }],
  ])("is of %j what Google itself says", (said, outcome) => {
    expect(outcomeOfFailure(arrive(said), TOKEN)).toMatchObject(outcome);
  });

  test("is known as a taken name, a missing commitment, a denied call and a stale etag, each by its own words alone", () => {
    const questions = { saysTaken, saysAbsent, saysDenied, saysStale };
    const answers = (said: Said) =>
      Object.entries(questions).flatMap(([name, asks]) => (asks(arrive(said)) ? [name] : []));
    expect(answers({ code: 409, reason: "alreadyExists" })).toEqual(["saysTaken"]);
    expect(answers({ code: "409", status: "ALREADY_EXISTS" })).toEqual(["saysTaken"]);
    expect(answers({ code: 404, reason: "notFound", status: "NOT_FOUND" })).toEqual(["saysAbsent"]);
    expect(answers({ code: 403, reason: "forbidden" })).toEqual(["saysDenied"]);
    expect(answers({ code: 401, reason: "authError" })).toEqual(["saysDenied"]);
    expect(answers({ code: 403, status: "PERMISSION_DENIED" })).toEqual(["saysDenied"]);
    expect(answers({ code: 403, reason: "quotaExceeded", status: "PERMISSION_DENIED" })).toEqual([]);
    expect(answers({ code: 409, status: "ABORTED" })).toEqual(["saysStale"]);
    expect(answers({ code: 400, status: "FAILED_PRECONDITION" })).toEqual(["saysStale"]);
    expect(answers({ code: 404 })).toEqual([]);
    expect(answers({ code: 409 })).toEqual([]);
    expect(answers({ code: 404, reason: "reasonOfTomorrow", status: "NOT_FOUND" })).toEqual([]);
  });

  test("is no word of a commitment where it speaks of something else", () => {
    const missing = (message: string) => arrive({ code: 404, reason: "notFound", message });
    const place = "projects/p/regions/r";
    expect(saysNoCommitment(missing(`The resource '${place}/commitments/${NAME}' was not found`), NAME)).toBe(true);
    expect(saysNoCommitment(missing("Not found"), NAME)).toBe(true);
    expect(saysNoCommitment(grpcError(5), NAME)).toBe(true);
    for (const other of ["projects/p", place, `${place}/commitments/another`])
      expect(saysNoCommitment(missing(`The resource '${other}' was not found`), NAME), other).toBe(false);
  });
});

test("an error whose code may be made up from a gateway's answer is no word of a commitment that it does not name", () => {
  const found = (message: string) => Object.assign(gaxError(404, 5), { message });
  expect(saysNoCommitment(found("no route"), NAME)).toBe(false);
  expect(saysNoCommitment(found(`'projects/p/regions/r/commitments/${NAME}' was not found`), NAME)).toBe(true);
});

describe("an error of a gRPC client", () => {
  test.each([
    [3, { kind: "rejected", rejection: { code: "INVALID_ARGUMENT" } }],
    [5, { kind: "rejected", rejection: { code: "NOT_FOUND" } }],
    [7, { kind: "rejected", rejection: { code: "PERMISSION_DENIED" } }],
    [16, { kind: "rejected", rejection: { code: "UNAUTHENTICATED" } }],
    [8, { kind: "not_now" }],
    ...[1, 2, 4, 6, 9, 10, 11, 12, 13, 14, 15].map((code) => [code, { kind: "unknown" }] as const),
  ] as const)("with code %i is what that code proves", (code, outcome) => {
    expect(outcomeOfFailure(grpcError(code), TOKEN)).toMatchObject(outcome);
  });

  test("is known by its code", () => {
    expect(
      [6, 5, 7, 16, 10, 9]
        .map((code) => grpcError(code))
        .map((one) => [saysTaken(one), saysAbsent(one), saysDenied(one), saysStale(one)]),
    ).toEqual([
      [true, false, false, false],
      [false, true, false, false],
      [false, false, true, false],
      [false, false, true, false],
      [false, false, false, true],
      [false, false, false, true],
    ]);
  });
});

describe("an error without Google's own words", () => {
  const coded = (code: unknown, more: object = {}) => Object.assign(new Error("no"), { code, ...more });

  test.each<[what: string, thrown: unknown]>([
    ["an HTTP status", coded(400)],
    ["an HTTP status of a missing page", coded(404, { status: 404, response: { status: 404, data: "<html>" } })],
    ["a code alone that looks like one of gRPC", coded(5)],
    ["a gateway's JSON 404 with a code made up from it", gaxError(404, 5, '{"message":"no route"}')],
    ["a gateway's JSON 403 with a code made up from it", gaxError(403, 7, { message: "Forbidden" })],
    ["a gateway's JSON 409 with a code made up from it", gaxError(409, 6, '{"code":409,"message":"Conflict"}')],
    ["a page as its message", new Error('<html>{"error":{"status":"NOT_FOUND"}}</html>')],
    ["JSON of another service", new Error('{"message":"not found"}')],
    ["broken JSON", new Error('{"error":{"status":"NOT_FOUND"')],
    ["a text", '{"error":{"status":"NOT_FOUND"}}'],
    ["nothing", undefined],
    ["a reset", coded("ECONNRESET", { syscall: "read" })],
    ["an abort", new DOMException("aborted", "AbortError")],
  ])("such as %s proves nothing", (_, thrown) => {
    expect(outcomeOfFailure(thrown, TOKEN).kind).toBe("unknown");
    expect([saysTaken(thrown), saysAbsent(thrown), saysDenied(thrown), saysStale(thrown)]).not.toContain(true);
  });

  test.each<[what: string, thrown: Error]>([
    ["a refused connection", coded("ECONNREFUSED")],
    ["a name that does not resolve", coded("ENOTFOUND", { syscall: "getaddrinfo" })],
    ["a connection that timed out", coded("ETIMEDOUT", { syscall: "connect" })],
    [
      "a refused connection underneath",
      new Error("fetch failed", { cause: new Error("x", { cause: coded("ECONNREFUSED") }) }),
    ],
  ])("proves by %s that nothing was sent", (_, thrown) => {
    expect(outcomeOfFailure(thrown, TOKEN).kind).toBe("not_sent");
  });
});

describe("an operation that ended with an error", () => {
  const error = (code: string | undefined, httpStatus?: number) => ({ code, message: "no", httpStatus });

  test.each([
    ["QUOTA_EXCEEDED", 403],
    ["PERMISSIONS_ERROR", 403],
    ["INVALID_FIELD_VALUE", 400],
    ["CODE_OF_TOMORROW", undefined],
  ] as const)("is refused by %s", (code, httpStatus) => {
    expect(outcomeOfOperationError(error(code, httpStatus))).toMatchObject({ kind: "rejected", rejection: { code } });
  });

  test.each([
    ["RESOURCE_ALREADY_EXISTS", undefined],
    ["INTERNAL_ERROR", undefined],
    ["BACKEND_ERROR", undefined],
    ["CODE_OF_TOMORROW", 409],
    ["CODE_OF_TOMORROW", 503],
    [undefined, undefined],
  ] as const)("proves nothing by %s with status %s", (code, httpStatus) => {
    expect(outcomeOfOperationError(error(code, httpStatus)).kind).toBe("unknown");
  });
});

test("what Google says is shown without the token", () => {
  const thrown = new Error(
    JSON.stringify({ error: { code: 400, message: `of ${TOKEN}`, status: "INVALID_ARGUMENT" } }),
  );
  expect(JSON.stringify(outcomeOfFailure(thrown, TOKEN))).not.toContain(TOKEN);
});
