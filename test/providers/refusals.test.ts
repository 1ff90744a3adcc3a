import { describe, expect, test } from "vitest";
import { REFUSALS as AWS } from "../../src/providers/aws/aws-error-codes.js";
import { outcomeOfFailure as awsOutcome } from "../../src/providers/aws/aws-outcome.js";
import { REFUSALS as AZURE } from "../../src/providers/azure/azure-error-codes.js";
import { outcomeOfFailure as azureOutcome } from "../../src/providers/azure/azure-outcome.js";
import type { PurchaseOutcome } from "../../src/providers/commitment-provider.js";
import { REFUSALS as GCP, OPERATION_REFUSALS } from "../../src/providers/gcp/gcp-error-codes.js";
import { outcomeOfFailure as gcpOutcome, outcomeOfOperationError } from "../../src/providers/gcp/gcp-outcome.js";
import type { Refusals } from "../../src/providers/refusals.js";
import { TOKEN } from "./aws/simulated-line.js";

interface Cloud {
  readonly name: string;
  readonly refusals: Refusals;
  /** How a purchase ends that the cloud answers with this code. */
  readonly outcome: (code: string) => PurchaseOutcome;
  readonly persistent: readonly string[];
  readonly passing: readonly string[];
}

const CLOUDS: readonly Cloud[] = [
  {
    name: "AWS",
    refusals: AWS,
    outcome(name) {
      const error = Object.assign(new Error("no"), { name, $metadata: { httpStatusCode: 400 } });
      return awsOutcome({ error, onWire: true }, TOKEN);
    },
    persistent: [
      "UnauthorizedOperation",
      "AccessDenied",
      "AccessDeniedException",
      "AuthFailure",
      "OptInRequired",
      "ValidationException",
    ],
    passing: [
      "ReservedDBInstanceQuotaExceeded",
      "ExpiredToken",
      "RequestExpired",
      "ReservedInstancesUnavailable",
      "LimitPriceExceeded",
    ],
  },
  {
    name: "Azure",
    refusals: AZURE,
    outcome: (code) =>
      azureOutcome({ kind: "answered", answer: { status: 400, body: {}, code, message: "no" } }, TOKEN),
    persistent: ["AuthorizationFailed", "SubscriptionNotRegistered", "InvalidTenantId", "PaymentInstrumentNotFound"],
    passing: ["BadRequest", "ExpiredAuthenticationToken", "NotEnoughCapacity", "BillingPaymentInstrumentSoftError"],
  },
  {
    name: "Google",
    refusals: GCP,
    outcome: (reason) =>
      gcpOutcome(new Error(JSON.stringify({ error: { message: "no", errors: [{ reason }] } })), TOKEN),
    persistent: ["forbidden", "PERMISSION_DENIED", "invalid", "billingNotEnabled"],
    passing: ["authError", "quotaExceeded", "insufficientCapacity"],
  },
  {
    name: "an operation of Google's",
    refusals: OPERATION_REFUSALS,
    outcome: (code) => outcomeOfOperationError({ code, message: "no", httpStatus: 400 }),
    persistent: ["PERMISSIONS_ERROR", "INVALID_USAGE"],
    passing: ["INSUFFICIENT_CAPACITY", "QUOTA_EXCEEDED"],
  },
];

describe.each(CLOUDS)("a refusal by $name", ({ refusals, outcome, persistent, passing }) => {
  test.each(persistent)("%s is persistent, and says what a person can do", (code) => {
    const rejection = { code, persistent: true, hint: expect.any(String) };
    expect(outcome(code)).toMatchObject({ kind: "rejected", rejection });
  });

  test.each(passing)("%s may pass by itself", (code) => {
    expect(outcome(code)).toMatchObject({ kind: "rejected", rejection: { code } });
    expect(outcome(code)).not.toHaveProperty("rejection.persistent");
  });

  test("carries what its table says of it, and every hint is a sentence", () => {
    for (const [code, facts] of refusals) {
      expect(outcome(code)).toMatchObject({ kind: "rejected", rejection: { code, ...facts } });
      if (facts.hint !== undefined) expect(facts.hint).toMatch(/^[A-Z].+\.$/);
      if (facts.persistent) expect(facts.hint, code).toBeDefined();
    }
  });
});
