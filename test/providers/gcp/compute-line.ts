import type { GcpComputeRequest } from "../../../src/domain/commitment-request/gcp-compute.js";
import { deriveIdempotencyToken } from "../../../src/idempotency/derive-idempotency-token.js";

export const PROJECT = "buyer-project-1";
export const REGION = "us-central1";
export const TOKEN = deriveIdempotencyToken("lin_test", 0);

/** The usual type, E2. */
export const TYPE = "GENERAL_PURPOSE_E2";

/** Four vCPUs of E2 for a year. */
export const computeRequest = (more: Partial<GcpComputeRequest> = {}): GcpComputeRequest => ({
  service: "gcp.compute",
  account: PROJECT,
  region: REGION,
  quantity: 1,
  term: "1yr",
  payment: "no_upfront",
  expectedPrice: { amount: "1000", currency: "USD" },
  type: TYPE,
  resources: { vcpu: 4, memoryMb: 16_384 },
  ...more,
});
