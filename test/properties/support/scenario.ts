import fc from "fast-check";
import type { IdempotencyContract } from "../../../src/providers/idempotency-contract.js";
import type { PurchaseFault } from "../../../src/testing/simulated-cloud.js";

/** Time limits that keep the proportions of real ones: skew < lag < lifetime < lease. */
export const TIMES = {
  leaseMs: 1_000,
  sendWithinMs: 100,
  lineTimeoutMs: 500,
  retryDelayMs: 40,
  reapAfterMs: 1_200,
} as const;

const LIMITS = { maxRequestLifetimeMs: 500, visibilityLagMs: 150, clockSkewMs: 10 } as const;

/** One contract of each kind, two of the native kind: a long memory and one shorter than the settle wait. */
export const CONTRACTS = {
  "native-token": { kind: "native-token", windowMs: 2_000, ...LIMITS },
  "native-token with a short memory": { kind: "native-token", windowMs: 560, ...LIMITS },
  "caller-named": { kind: "caller-named", windowMs: null, ...LIMITS },
  "server-minted": { kind: "server-minted", windowMs: 2_000, ...LIMITS },
  none: { kind: "none", windowMs: 0, ...LIMITS },
} as const satisfies Record<string, IdempotencyContract>;

export type ContractName = keyof typeof CONTRACTS;

/** What one worker does, in order. `basket` picks one of the submitted executions. */
export type WorkerCommand =
  | { readonly kind: "run" | "reconcile" | "cancel" | "retry"; readonly basket: number }
  | { readonly kind: "tick" }
  | { readonly kind: "reap" };

export interface WorkerScript {
  readonly commands: readonly WorkerCommand[];
  /** The point (before or after a port call, or on the wire) at which it dies; 0 for never. */
  readonly crashAt: number;
}

export interface Scenario {
  readonly contract: ContractName;
  /** Per basket, per line: which offering, how many. Equal offerings share a lane. */
  readonly baskets: readonly (readonly { readonly offering: number; readonly quantity: number }[])[];
  readonly workers: readonly WorkerScript[];
  readonly purchases: readonly PurchaseFault[];
  readonly lookups: readonly boolean[];
  readonly labels: readonly boolean[];
  readonly listingLagsMs: readonly number[];
  /** Steps of the clock, interleaved with the workers. */
  readonly clockSteps: readonly number[];
}

const fault: fc.Arbitrary<PurchaseFault> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: "none" } as const) },
  { weight: 3, arbitrary: fc.constant({ kind: "lost-reply" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "lost-request" } as const) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 600 }).map((ms) => ({ kind: "late-landing", ms }) as const) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: "throttled" } as const, { kind: "rejected" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "split" } as const) },
);

/** Lookups fail in bursts, as they do when a service or a permission is down. */
const outages = fc
  .array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 5 })), { maxLength: 8 })
  .map((bursts) => bursts.flatMap(([fails, calls]) => Array<boolean>(calls).fill(fails)));

const basketIndex = fc.integer({ min: 0, max: 1 });
const command: fc.Arbitrary<WorkerCommand> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("run" as const), basket: basketIndex }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("reconcile" as const, "cancel" as const, "retry" as const),
      basket: basketIndex,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("tick" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reap" as const) }) },
);

const line = fc.record({ offering: fc.integer({ min: 0, max: 1 }), quantity: fc.integer({ min: 1, max: 3 }) });

/** A random scenario for one contract. */
export const scenarioFor = (contract: ContractName): fc.Arbitrary<Scenario> =>
  fc.record({
    contract: fc.constant(contract),
    baskets: fc.array(fc.array(line, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 }),
    workers: fc.array(
      fc.record({
        commands: fc.array(command, { minLength: 1, maxLength: 4 }),
        crashAt: fc.oneof(
          { weight: 1, arbitrary: fc.constant(0) },
          { weight: 2, arbitrary: fc.integer({ min: 1, max: 40 }) },
        ),
      }),
      { minLength: 2, maxLength: 2 },
    ),
    purchases: fc.array(fault, { maxLength: 6 }),
    lookups: outages,
    labels: fc.array(fc.boolean(), { maxLength: 4 }),
    listingLagsMs: fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 6 }),
    clockSteps: fc.array(fc.constantFrom(5, 60, 120, 300, 700, 1_100), { minLength: 4, maxLength: 14 }),
  });
