import * as savingsPlansSdk from "@aws-sdk/client-savingsplans";
import { describe, expect, test } from "vitest";
import { REFUSAL_CODES, THROTTLING_CODES } from "../../../src/providers/aws/aws-error-codes.js";
import { outcomeOfFailure, purchaseOutcome } from "../../../src/providers/aws/aws-outcome.js";
import { ec2ReservedInstances } from "../../../src/providers/aws/ec2-reserved-instances.js";
import { savingsPlans } from "../../../src/providers/aws/savings-plans.js";
import {
  context,
  ec2Client,
  ec2Request,
  permitFor,
  planRequest,
  plansClient,
  simulated,
  TOKEN,
} from "./simulated-line.js";

/** An error as the SDK makes it of an answer. */
const answered = (name: string, httpStatusCode = 400, more: object = {}) =>
  Object.assign(new Error("the cloud's words"), { name, $metadata: { httpStatusCode }, ...more });

/** An error as Node makes it of a failed system call. */
const failed = (code: string, syscall?: string) =>
  Object.assign(new Error(code), { code, ...(syscall && { syscall }) });

const kindOf = (error: unknown, onWire = true) => outcomeOfFailure({ error, onWire }, TOKEN).kind;

describe("every exception that the Savings Plans API models", () => {
  const expected: Readonly<Record<string, string>> = {
    InternalServerException: "unknown",
    ResourceNotFoundException: "rejected",
    ServiceQuotaExceededException: "rejected",
    ValidationException: "rejected",
  };
  const modelled = Object.values(savingsPlansSdk).filter(
    (exported): exported is typeof savingsPlansSdk.ValidationException =>
      typeof exported === "function" && exported.prototype instanceof savingsPlansSdk.SavingsplansServiceException,
  );

  test("is in the table", () => {
    expect(modelled.map(({ name }) => name).sort()).toEqual(Object.keys(expected));
  });

  test.each(modelled.map((exception) => [exception.name, exception] as const))("%s", (name, Exception) => {
    const httpStatusCode = name === "InternalServerException" ? 500 : 400;
    expect(kindOf(new Exception({ message: "no", $metadata: { httpStatusCode } }))).toBe(expected[name]);
  });
});

describe("an answer with a code", () => {
  test.each([...REFUSAL_CODES])("%s is a refusal", (code) => {
    expect(outcomeOfFailure({ error: answered(code), onWire: true }, TOKEN)).toEqual({
      kind: "rejected",
      rejection: { code, message: `${code}: the cloud's words` },
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
    commitmentIn: () => undefined,
  });
  expect(JSON.stringify([rejected, notSent])).not.toContain(TOKEN);
  expect(JSON.stringify(rejected)).toContain(`${TOKEN.slice(0, 8)}...`);
});

describe("over the wire", () => {
  test.each([
    ["ReservedInstancesLimitExceeded", 400, "rejected"],
    ["UnauthorizedOperation", 403, "rejected"],
    ["RequestExpired", 400, "rejected"],
    ["InsufficientReservedInstanceCapacity", 500, "rejected"],
    ["RequestLimitExceeded", 503, "not_now"],
    ["Unavailable", 503, "unknown"],
    ["SomethingNew", 400, "unknown"],
  ])("EC2's %s (%i) is %s", async (code, status, kind) => {
    const cloud = await simulated();
    const client = ec2Client(cloud);
    const provider = ec2ReservedInstances({ clientFor: () => client });
    const prepared = await provider.prepare(ec2Request(), TOKEN, context());
    await cloud.simulator.faults.add({ operation: "PurchaseReservedInstancesOffering", kind: "error", code, status });
    expect((await provider.purchase(permitFor(ec2Request(), prepared, cloud.clock.now()), context())).kind).toBe(kind);
  });

  test.each([
    ["ServiceQuotaExceededException", 402, "rejected"],
    ["ResourceNotFoundException", 404, "rejected"],
    ["ValidationException", 400, "rejected"],
    ["AccessDeniedException", 403, "rejected"],
    ["ThrottlingException", 429, "not_now"],
    ["InternalServerException", 500, "unknown"],
    ["SomethingNewException", 400, "unknown"],
  ])("Savings Plans' %s (%i) is %s", async (code, status, kind) => {
    const cloud = await simulated();
    const client = plansClient(cloud);
    const provider = savingsPlans({ clientFor: () => client });
    const prepared = await provider.prepare(planRequest(), TOKEN, context());
    await cloud.simulator.faults.add({ operation: "CreateSavingsPlan", kind: "error", code, status });
    expect((await provider.purchase(permitFor(planRequest(), prepared, cloud.clock.now()), context())).kind).toBe(kind);
  });
});
