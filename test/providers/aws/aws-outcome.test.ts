import { describe, expect, test } from "vitest";
import {
  NAME_ABSENT_CODES,
  NAME_TAKEN_CODES,
  REFUSALS,
  THROTTLING_CODES,
} from "../../../src/providers/aws/aws-error-codes.js";
import { outcomeOfFailure, purchaseOutcome, saysAbsent } from "../../../src/providers/aws/aws-outcome.js";
import { adapterOf, preparedPurchase } from "./every-adapter.js";
import { TOKEN } from "./simulated-line.js";

const REFUSAL_CODES = [...REFUSALS.keys()];

/** An error as the SDK makes it of an answer. */
const answered = (name: string, httpStatusCode = 400, more: object = {}) =>
  Object.assign(new Error("the cloud's words"), { name, $metadata: { httpStatusCode }, ...more });

/** An error as Node makes it of a failed system call. */
const failed = (code: string, syscall?: string) =>
  Object.assign(new Error(code), { code, ...(syscall && { syscall }) });

const kindOf = (error: unknown, onWire = true) => outcomeOfFailure({ error, onWire }, TOKEN).kind;

describe("an answer with a code", () => {
  test.each([...REFUSAL_CODES])("%s is a refusal", (code) => {
    expect(outcomeOfFailure({ error: answered(code), onWire: true }, TOKEN)).toEqual({
      kind: "rejected",
      rejection: { code, message: `${code}: the cloud's words`, ...REFUSALS.get(code) },
    });
  });

  test.each([...THROTTLING_CODES])("%s is not now, whatever its status", (code) => {
    expect([400, 429, 503].map((status) => kindOf(answered(code, status)))).toEqual(["not_now", "not_now", "not_now"]);
  });

  test.each([
    ["InternalError", 500],
    ["InternalFailure", 500],
    ["InternalServerException", 500],
    ["ServiceUnavailable", 503],
    ["Unavailable", 503],
    ["RequestTimeout", 400],
    ["IdempotentParameterMismatch", 400],
    ["InvalidState", 400],
    ["PriorRequestNotComplete", 400],
    ["NeverHeardOf", 400],
    ["NotFound", 404],
    ["Unknown", 403],
  ])("%s (%i) proves nothing", (code, status) => {
    expect(kindOf(answered(code, status))).toBe("unknown");
  });

  test("counts by its short query code where its name says nothing", () => {
    expect(kindOf(answered("SomeFault", 400, { Code: "UnauthorizedOperation" }))).toBe("rejected");
    expect(kindOf(answered("SomeFault", 400, { Code: "Throttling" }))).toBe("not_now");
  });

  test("counts only where an error answer came: a local error may have any name", () => {
    expect(kindOf(Object.assign(new Error("local"), { name: "ValidationException" }))).toBe("unknown");
    expect(kindOf(answered("ValidationException", 200))).toBe("unknown");
  });
});

describe("a failure of the network", () => {
  test.each([
    ["ECONNREFUSED", "connect", "not_sent"],
    ["ETIMEDOUT", "connect", "not_sent"],
    ["EHOSTUNREACH", "connect", "not_sent"],
    ["ENOTFOUND", "getaddrinfo", "not_sent"],
    ["EAI_AGAIN", "getaddrinfo", "not_sent"],
    ["ECONNRESET", "read", "unknown"],
    ["EPIPE", "write", "unknown"],
    ["ETIMEDOUT", "read", "unknown"],
    ["ETIMEDOUT", undefined, "unknown"],
    ["EHOSTUNREACH", "write", "unknown"],
    ["ECONNRESET", undefined, "unknown"],
  ])("%s at %s is %s", (code, syscall, kind) => {
    expect(kindOf(failed(code, syscall))).toBe(kind);
  });

  test("is not sent only if every address of a host failed to connect", () => {
    const refused = failed("ECONNREFUSED", "connect");
    expect(kindOf(new AggregateError([refused, refused]))).toBe("not_sent");
    expect(kindOf(new AggregateError([refused, failed("ECONNRESET", "read")]))).toBe("unknown");
    expect(kindOf(new AggregateError([]))).toBe("unknown");
  });

  test("and whatever else is thrown after the wire is unknown", () => {
    expect(kindOf(new DOMException("gave up", "AbortError"))).toBe("unknown");
    expect(kindOf("a string")).toBe("unknown");
    expect(kindOf(undefined)).toBe("unknown");
  });
});

test("nothing that failed before the wire was sent, whatever it is called", () => {
  expect(kindOf(answered("ValidationException"), false)).toBe("not_sent");
  expect(kindOf(failed("ECONNRESET", "read"), false)).toBe("not_sent");
});

test("no message shows the token", async () => {
  const error = Object.assign(answered("ValidationException"), { message: `token ${TOKEN} was used` });
  const rejected = outcomeOfFailure({ error, onWire: true }, TOKEN);
  const notSent = await purchaseOutcome({
    token: TOKEN,
    send: () => Promise.reject(error),
    boughtIn: () => undefined,
  });
  expect(JSON.stringify([rejected, notSent])).not.toContain(TOKEN);
  expect(JSON.stringify(rejected)).toContain(`${TOKEN.slice(0, 8)}...`);
});

/** What the services of a protocol answer to any request; the exceptions they model stand in modelled-exceptions.test.ts. */
const QUERY: readonly Row[] = [
  ["AccessDenied", 403, "rejected"],
  ["InvalidClientTokenId", 403, "rejected"],
  ["InvalidParameterValue", 400, "rejected"],
  ["RequestExpired", 400, "rejected"],
  ["SignatureDoesNotMatch", 403, "rejected"],
  ["ValidationError", 400, "rejected"],
  ["Throttling", 400, "not_now"],
  ["RequestLimitExceeded", 503, "not_now"],
  ["InternalFailure", 500, "unknown"],
  ["NotFound", 404, "unknown"],
  ["RequestTimeout", 408, "unknown"],
  ["ServiceUnavailable", 503, "unknown"],
  ["SomethingNew", 400, "unknown"],
];
const JSON_CODES: readonly Row[] = [
  ["AccessDeniedException", 403, "rejected"],
  ["com.amazon.coral.service#AccessDeniedException", 400, "rejected"],
  ["ExpiredTokenException", 400, "rejected"],
  ["InvalidSignatureException", 403, "rejected"],
  ["UnrecognizedClientException", 403, "rejected"],
  ["ValidationException", 400, "rejected"],
  ["ThrottlingException", 429, "not_now"],
  ["TooManyRequestsException", 429, "not_now"],
  ["InternalFailure", 500, "unknown"],
  ["RequestTimeoutException", 408, "unknown"],
  ["ServiceUnavailableException", 503, "unknown"],
  ["SomethingNewException", 400, "unknown"],
];
/** EC2 models no exceptions; its documented codes. */
const EC2_CODES: readonly Row[] = [
  ["InvalidReservedInstancesOfferingId", 400, "rejected"],
  ["ReservedInstancesLimitExceeded", 400, "rejected"],
  ["UnauthorizedOperation", 403, "rejected"],
  ["InsufficientReservedInstanceCapacity", 500, "rejected"],
  ["Unavailable", 503, "unknown"],
];
const HOST_CODES: readonly Row[] = [
  // These may speak of an earlier request of the line.
  ["HostAlreadyCoveredByReservation", 400, "unknown"],
  ["IdempotentParameterMismatch", 400, "unknown"],
];
type Row = readonly [code: string, status: number, outcome: string];

test.each([
  ["aws.ec2", [...QUERY, ...EC2_CODES]],
  ["aws.ec2-dedicated-hosts", [...QUERY, ...EC2_CODES, ...HOST_CODES]],
  ["aws.elasticache", QUERY],
  ["aws.memorydb", JSON_CODES],
  ["aws.opensearch", JSON_CODES],
  ["aws.rds", QUERY],
  ["aws.redshift", QUERY],
  ["aws.redshift-serverless", JSON_CODES],
  ["aws.savings-plans", JSON_CODES],
] as const)("over the wire, a purchase of %s is what the answer's code says", async (service, rows) => {
  const adapter = adapterOf(service);
  const { answer, purchase, simulator } = await preparedPurchase(adapter);
  for (const [code, status, outcome] of rows) {
    await answer(adapter.purchase, { code, status });
    expect(await purchase(), code).toMatchObject({ kind: outcome });
  }
  expect(await simulator.ledger.purchases()).toEqual([]);
});

describe("the lists of codes", () => {
  test.each([...NAME_TAKEN_CODES, ...NAME_ABSENT_CODES])("%s alone proves nothing of a purchase", (code) => {
    expect(kindOf(answered(code, 404))).toBe("unknown");
  });

  test("have no code in common", () => {
    const all = [REFUSAL_CODES, THROTTLING_CODES, NAME_TAKEN_CODES, NAME_ABSENT_CODES].flatMap((codes) => [...codes]);
    expect(all.filter((code, index) => all.indexOf(code) !== index)).toEqual([]);
  });

  test("take nothing for absence but an error answer of a service with a code for it", () => {
    for (const code of NAME_ABSENT_CODES) expect(saysAbsent(answered(code, 404))).toBe(true);
    for (const code of [
      ...REFUSAL_CODES,
      ...THROTTLING_CODES,
      ...NAME_TAKEN_CODES,
      "NotFound",
      "ResourceNotFoundFault",
    ])
      expect(saysAbsent(answered(code, 404)), code).toBe(false);
    const [code = ""] = NAME_ABSENT_CODES;
    expect(saysAbsent(Object.assign(new Error("local"), { name: code }))).toBe(false);
    expect(saysAbsent(answered("Other", 404, { message: code }))).toBe(false);
    expect(saysAbsent(answered(code, 200))).toBe(false);
  });
});
