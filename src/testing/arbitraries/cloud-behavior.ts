import type { IdempotencyContract } from "../../domain/idempotency-contract.js";
import type { Arbitrary, FastCheck } from "../fast-check.js";
import type { PurchaseFault, SimulatedFaults } from "../simulated-cloud.js";

/** Contracts of every kind, with timings from 0 to the timings of slow clouds. */
export function contractArbitrary(fc: FastCheck): Arbitrary<IdempotencyContract> {
  const kinds = fc.oneof(
    fc.constant({ kind: "none" as const, windowMs: 0 }),
    fc.record({ kind: fc.constant("caller-named" as const), windowMs: fc.constant(null) }),
    fc.record({
      kind: fc.constantFrom("native-token" as const, "server-minted" as const),
      windowMs: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 86_400_000 })),
    }),
  );
  const timings = fc.record({
    maxRequestLifetimeMs: fc.integer({ min: 0, max: 900_000 }),
    visibilityLagMs: fc.integer({ min: 0, max: 600_000 }),
    clockSkewMs: fc.integer({ min: 0, max: 60_000 }),
  });
  return fc.tuple(kinds, timings).map(([kind, timing]) => ({ ...kind, ...timing }));
}

/** What may happen to one purchase request. It shrinks to a request that lands and is answered. */
export const purchaseFaultArbitrary = (fc: FastCheck): Arbitrary<PurchaseFault> =>
  fc.oneof(
    fc.constantFrom<PurchaseFault>(
      { kind: "none" },
      { kind: "lost-reply" },
      { kind: "lost-request" },
      { kind: "throttled" },
      { kind: "rejected" },
      { kind: "split" },
    ),
    fc.record({ kind: fc.constant("late-landing" as const), ms: fc.integer({ min: 0, max: 900_000 }) }),
  );

/** A script of everything that a simulated cloud may do wrong. */
export const simulatedFaultsArbitrary = (fc: FastCheck): Arbitrary<SimulatedFaults> =>
  fc.record({
    purchases: fc.array(purchaseFaultArbitrary(fc), { maxLength: 6 }),
    lookups: fc.array(fc.boolean(), { maxLength: 6 }),
    labels: fc.array(fc.boolean(), { maxLength: 4 }),
    listingLagsMs: fc.array(fc.integer({ min: 0, max: 600_000 }), { maxLength: 6 }),
  });
