import type { IdempotencyContract } from "../domain/idempotency-contract.js";
import { AWS_TIMING } from "../providers/aws/aws-timing.js";

/** What a cloud dedupes unless a test says otherwise: nothing, with the timings of EC2. */
export const EC2_CONTRACT: IdempotencyContract = { kind: "none", windowMs: 0, ...AWS_TIMING };
