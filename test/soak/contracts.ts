import type { CustomRequest } from "../../src/domain/commitment-request/custom.js";
import type { IdempotencyContract } from "../../src/domain/idempotency-contract.js";

/**
 * Short, so that what a kill leaves open is settled within the run; long enough for a busy machine. A purchase stays
 * unseen for longer than a worker waits before it sends again.
 */
const LIMITS = { maxRequestLifetimeMs: 3_000, visibilityLagMs: 1_200, clockSkewMs: 200 };

/** What each service of the soak's cloud dedupes. Windows end within a run, so that some tokens are forgotten. */
export const SERVICES = {
  "custom.native": { kind: "native-token", windowMs: 20_000, ...LIMITS },
  "custom.named": { kind: "caller-named", windowMs: null, ...LIMITS },
  "custom.minted": { kind: "server-minted", windowMs: 20_000, ...LIMITS },
  "custom.none": { kind: "none", windowMs: 0, ...LIMITS },
} as const satisfies Record<CustomRequest["service"], IdempotencyContract>;

/** One of {@link SERVICES}. */
export type SoakService = keyof typeof SERVICES;

/** Their names. */
export const SERVICE_NAMES = [
  "custom.native",
  "custom.named",
  "custom.minted",
  "custom.none",
] as const satisfies readonly SoakService[];
