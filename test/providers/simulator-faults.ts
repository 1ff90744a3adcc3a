import type { Fault } from "../../src/simulator/index.js";
import type { CloudFault } from "../../src/testing/provider-contract.js";

const MINUTE_MS = 60_000;
/** Longer than any case lasts. */
export const FOR_EVER = 1_000_000;

/** What a simulated service calls what the contract's faults strike. */
export interface StruckOperations {
  readonly purchase: string;
  readonly listings: readonly string[];
  /** What the service says, by code and HTTP status, when it refuses a purchase and when it denies a listing. */
  readonly refusal: { readonly code: string; readonly status: number };
  readonly denial: { readonly code: string; readonly status: number };
}

/** The simulators' words for a fault of the contract. */
export function simulatorFaults(
  { purchase, listings, refusal, denial }: StruckOperations,
  fault: Exclude<CloudFault, { kind: "unreachable" }>,
): readonly Fault[] {
  const lasting = listings.map((operation) => ({ operation, times: FOR_EVER }));
  switch (fault.kind) {
    case "lookup-fails":
      return lasting.map((aim) => ({ ...aim, kind: "error-500-before" }));
    case "lookup-denied":
      return lasting.map((aim) => ({ ...aim, kind: "error", ...denial }));
    case "stale-listing":
      return lasting.map((aim) => ({ ...aim, kind: "stale-listing", ms: fault.ms }));
    case "refused":
      return [{ operation: purchase, kind: "error", ...refusal }];
    case "lands-late":
      return [{ operation: purchase, kind: "delay-landing", ms: fault.ms }];
    case "no-reply":
      return [{ operation: purchase, kind: "slow-reply", ms: FOR_EVER * MINUTE_MS }];
    default:
      return [{ operation: purchase, kind: DELIVERIES[fault.kind] }];
  }
}

const DELIVERIES = {
  "request-lost": "reset-before",
  "error-before": "error-500-before",
  "error-after": "error-500-after",
  "reply-lost": "reset-after",
  "reply-cut": "cut-body",
  "reply-empty": "empty-body",
  "reply-garbled": "garbage-body",
  throttled: "throttle",
  "payment-fails": "payment-fails",
} as const;
